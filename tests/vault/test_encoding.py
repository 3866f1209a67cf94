"""Base64url has one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Tampered
from casework.vault.encoding import from_text, to_text


@given(st.binary(max_size=100))
def test_round_trip(data: bytes) -> None:
    """Bytes come back."""
    assert from_text(to_text(data), len(data)) == data


@pytest.mark.parametrize("text", ["AB", "AA==", "A", "A A", "AA\n", "+w", "/w", "é", "AA=", "AAA?", "-\x00"])
def test_other_spellings_are_refused(text: str) -> None:
    """Set trailing bits, padding, white space, the other alphabet: Tampered."""
    with pytest.raises(Tampered):
        from_text(text)


def test_another_length_is_refused() -> None:
    """Where a length is expected, it is held."""
    with pytest.raises(Tampered):
        from_text(to_text(bytes(31)), 32)
