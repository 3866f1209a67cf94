"""Casework: a self-hosted case-tracking tool for support collectives."""

__version__ = "0.1.0"
