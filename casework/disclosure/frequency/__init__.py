"""Frequency tables of anybody, as files: any number of columns, groupings nested or not."""
