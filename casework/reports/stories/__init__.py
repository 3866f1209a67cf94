"""An approved story as files: PDF, web page and plain text, in each language that it is told in."""
