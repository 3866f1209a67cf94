"""Charts of a protected table, as SVG and PNG: drawn from its layout alone."""
