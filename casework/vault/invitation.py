"""An invitation link: a one-use token and the roster's pin, which the database never holds.

The token finds and opens the invitation's text; the pin tells the invited member which roster is the
inviter's, so that a database with another history is refused.
"""

import os
from typing import NamedTuple
from uuid import UUID

from casework.errors import Tampered
from casework.vault import encoding, labels
from casework.vault.envelope import Cipher
from casework.vault.fields import INVITATION
from casework.vault.labels import Label
from casework.vault.pin import PIN_BYTES, Pin

TOKEN_BYTES = 32
EPOCH = 1
VERSION = 1

_LINK_VERSION = b"\x01"


def new_token() -> bytes:
    """Make a random 32-byte token."""
    return os.urandom(TOKEN_BYTES)


class Link(NamedTuple):
    """What the link carries."""

    token: bytes
    pin: Pin

    def __repr__(self) -> str:
        """Show nothing of the token."""
        return f"Link(…, {self.pin!r})"

    def encode(self) -> str:
        """Spell it for a URL: version u8 = 1, token[32], pin[41], in base64url."""
        return encoding.to_text(_LINK_VERSION + self.token + self.pin.encode())


def decode_link(text: str) -> Link:
    """Read a link; Tampered unless it is spelt as `Link.encode` does."""
    data = encoding.from_text(text, 1 + TOKEN_BYTES + PIN_BYTES)
    if data[:1] != _LINK_VERSION:
        raise Tampered("a link of an unknown version")
    return Link(data[1 : 1 + TOKEN_BYTES], Pin.decode(data[1 + TOKEN_BYTES :]))


def token_hash(token: bytes) -> bytes:
    """Return the 32 bytes under which the invitation's row is found; they do not open it."""
    return labels.digest(Label.TOKEN_ID, labels.derive(token, Label.TOKEN_ID))


def _cipher(token: bytes) -> Cipher:
    return Cipher(labels.derive(token, Label.TOKEN_KEY, INVITATION.id.encode("ascii")))


def seal_for_token(token: bytes, row: UUID, plain: bytes) -> bytes:
    """Seal the invitation's text, which only the holder of the link opens. It is written once: version 1."""
    return _cipher(token).seal(EPOCH, INVITATION, row, VERSION, plain)


def open_with_token(token: bytes, row: UUID, sealed: bytes) -> bytes:
    """Open what `seal_for_token` sealed for this row; else Tampered."""
    return _cipher(token).open(EPOCH, INVITATION, row, VERSION, sealed)
