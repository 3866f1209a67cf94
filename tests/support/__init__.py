"""Fixtures that several folders of tests share, one module a concern; conftest.py names them as plugins."""
