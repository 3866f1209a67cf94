"""Arrays in; rates, intervals and estimates out."""
