"""Anonymised stories: written in a case, approved by somebody else, published apart from it."""
