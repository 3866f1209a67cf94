"""Files as evidence: what kind one is, and a copy that does not tell who made it and where. Bytes in, out."""
