"""Files of cases: taking them in, looking after them, giving them out."""
