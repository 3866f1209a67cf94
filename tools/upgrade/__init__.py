"""Brings a server that deploy/install.sh set up to another release, or back to the one it had.

Only the standard library here, but for `database.py`: it runs before anything of the new release is trusted.
"""
