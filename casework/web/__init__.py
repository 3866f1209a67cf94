"""Thin pages over the services."""
