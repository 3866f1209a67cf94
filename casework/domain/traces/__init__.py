"""Traces of people in a text: what a machine can find of names, places, numbers, dates, times and ages."""
