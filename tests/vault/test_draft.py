"""A draft opens for each of its recipients, in its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.errors import Tampered
from casework.vault import draft
from casework.vault.labels import Label, frame, u64
from tests.vault.cast import ANA, BEN, OTHER_ROW, RECOVERY, ROW, flipped

PUBLICS = (ANA.public, RECOVERY.public)
SEALED = draft.seal_draft(PUBLICS, ROW, b"half a story", version=2)


@given(st.binary(max_size=3000))
@settings(deadline=None, max_examples=30)
def test_round_trip(plain: bytes) -> None:
    """The writer and recovery open what was typed."""
    sealed = draft.seal_draft(PUBLICS, ROW, plain)
    assert draft.open_draft(ANA, draft.MEMBER_INDEX, ROW, sealed) == plain
    assert draft.open_draft(RECOVERY, draft.RECOVERY_INDEX, ROW, sealed) == plain


def test_another_place_is_refused() -> None:
    """Another reader, position, draft or version."""
    assert draft.open_draft(ANA, 0, ROW, SEALED, version=2) == b"half a story"
    for secret, index, row, version in (
        (BEN, 0, ROW, 2),
        (ANA, 1, ROW, 2),
        (RECOVERY, 0, ROW, 2),
        (ANA, 2, ROW, 2),
        (ANA, -1, ROW, 2),
        (ANA, 0, OTHER_ROW, 2),
        (ANA, 0, ROW, 1),
        (ANA, 0, ROW, -1),
    ):
        with pytest.raises(Tampered):
            draft.open_draft(secret, index, row, SEALED, version=version)


@given(st.integers(min_value=0, max_value=8 * len(SEALED) - 1))
@settings(deadline=None)
def test_any_changed_bit_is_refused_by_somebody(bit: int) -> None:
    """A changed bit spoils the draft for the writer or for recovery; in the common parts for both."""
    forged = flipped(SEALED, bit)
    refused = 0
    for index, secret in enumerate((ANA, RECOVERY)):
        try:
            draft.open_draft(secret, index, ROW, forged, version=2)
        except Tampered:
            refused += 1
    common = bit < 8 * 3 or bit >= 8 * (3 + 2 * draft.SEALED_KEY_BYTES)
    assert refused == (2 if common else 1)


@pytest.mark.parametrize("length", [0, 2, 3, 1000, 3 + 1170, 3 + 2 * 1170, len(SEALED) - 1])
def test_truncated_drafts_are_refused(length: int) -> None:
    """No prefix of a draft is one."""
    with pytest.raises(Tampered):
        draft.open_draft(ANA, 0, ROW, SEALED[:length], version=2)


def test_a_content_key_has_32_bytes() -> None:
    """Whatever else was sealed in its place is refused."""
    info = frame(Label.DRAFT_KEY, ROW.bytes, u64(1), bytes((0, 1)))
    forged = bytes((1, 1, 1)) + ANA.public.seal(info, b"short")
    with pytest.raises(Tampered):
        draft.open_draft(ANA, 0, ROW, forged)


def test_a_recipient_cannot_be_dropped() -> None:
    """The number of recipients is part of each seal."""
    dropped = SEALED[:2] + b"\1" + SEALED[3 : 3 + 1170] + SEALED[3 + 2 * 1170 :]
    with pytest.raises(Tampered):
        draft.open_draft(ANA, 0, ROW, dropped, version=2)


def test_a_recipient_can_be_replaced() -> None:
    """By who opens it there: the next one opens it then, the last one no more, the others as before."""
    after = draft.replace_recipient(RECOVERY, 1, BEN.public, ROW, SEALED, version=2)
    for secret, index in ((ANA, 0), (BEN, 1)):
        assert draft.open_draft(secret, index, ROW, after, version=2) == b"half a story"
    with pytest.raises(Tampered):
        draft.open_draft(RECOVERY, 1, ROW, after, version=2)
    for secret, index, version in ((ANA, 1, 2), (BEN, 1, 2), (RECOVERY, 2, 2), (RECOVERY, 1, 3)):
        with pytest.raises(Tampered):
            draft.replace_recipient(secret, index, BEN.public, ROW, SEALED, version=version)
