"""The history of a case: every change of its records, with the values before and after."""
