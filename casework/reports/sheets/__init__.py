"""Lists of cases and incidents as files for a spreadsheet, with who made them and when."""
