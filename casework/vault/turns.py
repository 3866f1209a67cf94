"""One costly derivation at a time in a process, whatever it derives from."""

import threading

# Two Argon2 derivations at once, of several lanes each, wait for each other's threads for ever (OpenSSL 4.0,
# seen with cryptography 50). Taking turns also bounds the memory that a crowd can ask for: 64 MiB for a
# passphrase, 256 MiB for the words of a file.
ONE_AT_A_TIME = threading.Lock()
