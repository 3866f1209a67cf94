"""Who comes in: passphrase, code, defence against guessing, and how long a session lasts."""
