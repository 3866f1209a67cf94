"""Arrays in, protected tables out: statistical disclosure control."""
