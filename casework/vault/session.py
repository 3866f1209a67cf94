"""What a signed-in browser holds: one random secret that names its session and opens it.

The server keeps only `session_id_hash` and what is sealed under the secret.
"""

import os
from uuid import UUID

from casework.vault import encoding, labels
from casework.vault.envelope import Cipher
from casework.vault.fields import Field, Under, require_under
from casework.vault.labels import Label

SECRET_BYTES = 32
EPOCH = 1


def new_session_secret() -> bytes:
    """Make a random 32-byte secret."""
    return os.urandom(SECRET_BYTES)


def encode_session_secret(secret: bytes) -> str:
    """Spell the secret for the cookie: 43 characters of base64url."""
    return encoding.to_text(secret)


def decode_session_secret(text: str) -> bytes:
    """Read the cookie; Tampered unless it is spelt as `encode_session_secret` does."""
    return encoding.from_text(text, SECRET_BYTES)


def session_id_hash(secret: bytes) -> bytes:
    """Return the 32 bytes under which the session's row is found; they do not open it."""
    return labels.digest(Label.SESSION_ID, labels.derive(secret, Label.SESSION_ID))


def _cipher(secret: bytes, field: Field) -> Cipher:
    require_under(field, Under.SESSION)
    return Cipher(labels.derive(secret, Label.SESSION_KEY, field.id.encode("ascii")))


def seal_for_session(secret: bytes, field: Field, row: UUID, version: int, plain: bytes) -> bytes:
    """Seal what only this session opens."""
    return _cipher(secret, field).seal(EPOCH, field, row, version, plain)


def open_for_session(secret: bytes, field: Field, row: UUID, version: int, sealed: bytes) -> bytes:
    """Open what `seal_for_session` sealed at the same place; else Tampered."""
    return _cipher(secret, field).open(EPOCH, field, row, version, sealed)
