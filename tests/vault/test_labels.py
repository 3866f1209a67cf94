"""Domains are separated: no two constructions see the same bytes."""

from hypothesis import given
from hypothesis import strategies as st

from casework.vault.labels import Label, authenticate, derive, digest, frame

parts = st.lists(st.binary(max_size=6), max_size=4)


@given(st.sampled_from(Label), parts, st.sampled_from(Label), parts)
def test_frames_are_injective(label: Label, one: list[bytes], other_label: Label, other: list[bytes]) -> None:
    """Two frames are equal only when label and parts are."""
    same = (label, one) == (other_label, other)
    assert (frame(label, *one) == frame(other_label, *other)) is same


def test_the_frame() -> None:
    """The label, a zero byte, each part behind its length."""
    assert frame(Label.SESSION_ID, b"ab", b"") == b"casework v1 session id\0\0\0\0\2ab\0\0\0\0"


def test_labels_are_ascii_and_of_this_version() -> None:
    """A label cannot hold the zero byte that ends it."""
    for label in Label:
        assert label.startswith("casework v1 ") and label.isascii() and label.isprintable()


def test_every_purpose_gives_its_own_bytes() -> None:
    """One key under different labels, contexts and constructions gives unrelated bytes."""
    key = bytes(32)
    made = [derive(key, label) for label in Label] + [authenticate(key, label) for label in Label]
    made += [digest(label, key) for label in Label] + [derive(key, Label.FIELD_KEY, b"x")]
    assert len(set(made)) == len(made)
