"""Fifty members at once, for minutes or for hours: what they wait for, and what becomes of the server."""
