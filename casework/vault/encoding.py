"""Base64url without padding, in the one canonical form only."""

import base64
import binascii

from casework.errors import Tampered


def to_text(data: bytes) -> str:
    """Encode for a link, a cookie or a roster entry."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_text(text: str, length: int | None = None) -> bytes:
    """Decode what `to_text` made; Tampered for any other spelling, or a length other than `length`."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Tampered("not canonical base64url") from None
    if to_text(data) != text or length not in (None, len(data)):
        raise Tampered("not canonical base64url of the expected length")
    return data
