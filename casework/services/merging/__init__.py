"""Two records of one person made into one, with undo: docs/adr/0020-a-merge-makes-a-third-record.md."""
