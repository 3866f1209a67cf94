"""Seals and opens bytes; the only package that touches cryptographic primitives."""
