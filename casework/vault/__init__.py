"""Seals and opens bytes; the only package that touches cryptographic primitives.

Bytes in, bytes out: no files, no clock, no database. `docs/vault-format.md` is the specification of
every format written here.
"""
