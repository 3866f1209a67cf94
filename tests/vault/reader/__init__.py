"""A second reader of the vault's formats, written from docs/vault-format.md alone; it imports no casework.

Where this package and the document disagree, one of them is wrong: mend that one, and never look at the code.
"""
