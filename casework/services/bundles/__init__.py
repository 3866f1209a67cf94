"""One deed for many cases: chosen in a list, counted before, done in one transaction, taken back."""
