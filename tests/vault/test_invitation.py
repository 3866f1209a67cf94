"""An invitation's link carries the token and the roster's pin; the token finds and opens the text."""

import pytest

from casework.errors import Tampered
from casework.vault import encoding, invitation
from casework.vault.pin import Pin
from tests.vault.cast import OTHER_ROW, ROW, flipped

TOKEN = bytes(range(32))
LINK = invitation.Link(TOKEN, Pin(3, bytes([9]) * 32))


def test_links_round_trip() -> None:
    """A link is read back, token and pin."""
    assert invitation.decode_link(LINK.encode()) == LINK
    assert len(LINK.encode()) == 99


@pytest.mark.parametrize(
    "forged",
    [
        "",
        LINK.encode()[:-1],
        LINK.encode() + "A",
        encoding.to_text(b"\2" + bytes(73)),
        encoding.to_text(b"\1" + TOKEN + b"\2" + bytes(40)),
        encoding.to_text(b"\1" + TOKEN + b"\1" + bytes(40)),
        encoding.to_text(TOKEN),
    ],
)
def test_malformed_links_are_refused(forged: str) -> None:
    """Other lengths, versions and spellings."""
    with pytest.raises(Tampered):
        invitation.decode_link(forged)


def test_the_text_opens_with_the_token_only() -> None:
    """Neither another token, nor the name of the row, nor another row."""
    sealed = invitation.seal_for_token(TOKEN, ROW, b"welcome")
    assert invitation.open_with_token(TOKEN, ROW, sealed) == b"welcome"
    for token, row in ((flipped(TOKEN, 1), ROW), (invitation.token_hash(TOKEN), ROW), (TOKEN, OTHER_ROW)):
        with pytest.raises(Tampered):
            invitation.open_with_token(token, row, sealed)


def test_tokens_are_random_and_named_by_a_hash() -> None:
    """32 bytes, never the same, and each with its own row."""
    one, other = invitation.new_token(), invitation.new_token()
    assert len(one) == 32 and one != other
    assert len({invitation.token_hash(one), invitation.token_hash(other), one, other}) == 4
