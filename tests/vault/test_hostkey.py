"""The host key comes of two halves, and everything that depends on it of both."""

import pytest

from casework.errors import UnknownKey
from casework.vault.hostkey import derive_host_key
from tests.vault.cast import HOST_KEY

OTHERS = [
    derive_host_key(bytes([6]) * 32, bytes([8]) * 32),
    derive_host_key(bytes([9]) * 32, bytes([7]) * 32),
]


@pytest.mark.parametrize("other", OTHERS, ids=["another erasable half", "another outside half"])
def test_both_halves_count(other: object) -> None:
    """Without one half nothing is what it was."""
    assert type(other) is type(HOST_KEY)
    assert other.login_hmac("ana") != HOST_KEY.login_hmac("ana")
    assert other.reference_hmac("2026-K7QX") != HOST_KEY.reference_hmac("2026-K7QX")
    assert other.passphrase_secret != HOST_KEY.passphrase_secret
    assert other.check != HOST_KEY.check


def test_the_same_halves_give_the_same_key() -> None:
    """A restart changes nothing."""
    again = derive_host_key(bytes([6]) * 32, bytes([7]) * 32)
    assert (again.check, again.login_hmac("ana")) == (HOST_KEY.check, HOST_KEY.login_hmac("ana"))


def test_names_are_compared_without_case_and_spacing() -> None:
    """Ana signs in as "ana" or " ANA ", and nobody else does."""
    assert HOST_KEY.login_hmac(" ANA\u00a0 B ") == HOST_KEY.login_hmac("ana b")
    assert HOST_KEY.login_hmac("\uff21na") == HOST_KEY.login_hmac("ana")
    assert HOST_KEY.login_hmac("ana") != HOST_KEY.login_hmac("aña")
    assert HOST_KEY.reference_hmac("2026-k7qx") == HOST_KEY.reference_hmac("2026-K7QX")


def test_purposes_are_separate() -> None:
    """A login name and a reference that read the same do not look the same; nor do subkeys."""
    made = [
        HOST_KEY.login_hmac("x"),
        HOST_KEY.reference_hmac("x"),
        HOST_KEY.passphrase_secret,
        HOST_KEY.check,
    ]
    assert len(set(made)) == 4


@pytest.mark.parametrize(("outside", "erasable"), [(31, 33), (0, 64), (32, 0), (33, 32)])
def test_each_half_has_32_bytes(outside: int, erasable: int) -> None:
    """A truncated key file is refused."""
    with pytest.raises(UnknownKey):
        derive_host_key(bytes(outside), bytes(erasable))
