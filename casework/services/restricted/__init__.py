"""Restricted cases: who is named in them, and the keys that only the named have."""
