"""Two records of one person made into one, with undo: docs/adr/0021-a-merge-makes-a-third-record.md."""
