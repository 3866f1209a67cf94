"""The coded index: facts as sealed columns, exactly as the records stood in one generation.

What was written after that generation is read from the records themselves, so that no save waits for the
index and no answer is ever older than a save. How: docs/coded-index.md.
"""
