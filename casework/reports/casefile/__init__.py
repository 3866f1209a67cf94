"""One case as a PDF for the person's lawyer: what was chosen of it, laid out as data, then typeset."""
