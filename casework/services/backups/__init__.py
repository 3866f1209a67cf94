"""Backups: making them, keeping them, checking them, restoring from them."""
