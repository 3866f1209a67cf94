"""Probably the same person: descriptions in, pairs with their evidence out. Nothing is stored."""
