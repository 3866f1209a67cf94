"""What is published of an approved release: an edition in each language, and files drawn from it."""
