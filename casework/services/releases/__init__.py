"""Releases: what leaves the organization for good, checked against everything that ever left before."""
