"""Padding hides the length, costs little, and is read back in one way only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Tampered
from casework.vault.padding import Padding, pad, padded_length, unpad

HIDING = [Padding.STEPS, Padding.PADME]


@given(st.sampled_from(Padding), st.binary(max_size=5000))
def test_round_trip(padding: Padding, plain: bytes) -> None:
    """What is padded comes back, and takes the announced size."""
    padded = pad(padding, plain)
    assert len(padded) == padded_length(padding, len(plain))
    assert unpad(padding, padded) == plain


@given(st.integers(min_value=1020, max_value=2**40))
def test_padme_costs_at_most_twelve_per_cent(length: int) -> None:
    """Above the minimum of 1 KiB, Padmé adds at most 12 % and leaves few distinct sizes."""
    framed = length + 4
    assert framed <= padded_length(Padding.PADME, length) <= framed * 1.12


@given(st.sampled_from(HIDING), st.integers(min_value=0, max_value=2**40))
def test_sizes_are_fixed_points(padding: Padding, length: int) -> None:
    """A padded size pads to itself, so every size stands for a whole range of lengths."""
    size = padded_length(padding, length)
    assert padded_length(padding, size - 4) == size


def test_known_sizes() -> None:
    """The sizes that the specification names."""
    assert [padded_length(Padding.STEPS, n) for n in (0, 252, 253, 508, 509)] == [256, 256, 512, 512, 768]
    assert [padded_length(Padding.PADME, n) for n in (0, 1020, 1021, 2044, 9_999_996)] == [
        1024,
        1024,
        1088,
        2048,
        10_223_616,
    ]


def test_padme_hides_lengths_in_few_sizes() -> None:
    """A hundred thousand lengths share fewer than a hundred and fifty sizes."""
    assert len({padded_length(Padding.PADME, length) for length in range(100_000)}) < 150


@pytest.mark.parametrize("padding", HIDING)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda padded: padded[:-1],
        lambda padded: padded + b"\0",
        lambda padded: padded + bytes(256),
        lambda padded: padded[:-1] + b"\1",
        lambda padded: b"\xff" * 4 + padded[4:],
        lambda padded: (len(padded) - 3).to_bytes(4, "big") + padded[4:],
        lambda padded: b"",
        lambda padded: b"\0\0\0",
    ],
    ids=["shorter", "longer", "a step longer", "non-zero", "huge", "past the end", "empty", "no length"],
)
def test_other_spellings_are_refused(padding: Padding, spoil: object) -> None:
    """Bytes that `pad` never gives are no padding."""
    assert callable(spoil)
    with pytest.raises(Tampered):
        unpad(padding, spoil(pad(padding, b"words")))


def test_a_shorter_claim_is_refused() -> None:
    """A length that leaves text in the fill is refused, even where the size would fit."""
    padded = pad(Padding.STEPS, b"words")
    with pytest.raises(Tampered):
        unpad(Padding.STEPS, (4).to_bytes(4, "big") + padded[4:])
