"""Importing incidents from a CSV file: a mapping, rows, a run."""
