"""SQLAlchemy models and queries over ciphertext."""
