"""Opening every record that somebody can, to find what is hurt before it is needed."""
