"""Tables of codes, counted exactly: columns of codes in, counts with their margins out."""
