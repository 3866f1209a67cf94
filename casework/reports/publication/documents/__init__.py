"""A publication to read: the PDF and the web page, which say the same."""
