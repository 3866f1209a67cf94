"""A protected table in, documents out."""
