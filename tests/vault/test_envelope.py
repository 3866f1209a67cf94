"""An envelope opens in its own place, under its own key, unchanged; otherwise Tampered."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Tampered
from casework.vault.envelope import Cipher, open_sealed, read_epoch, seal
from casework.vault.fields import FIELDS, INCIDENT_CODED, PERSON_CODED, Field
from tests.vault.cast import OTHER_ROW, ROW, flipped

KEY = bytes(range(32))

epochs = st.integers(min_value=0, max_value=2**32 - 1)
versions = st.integers(min_value=0, max_value=2**64 - 1)


@given(st.sampled_from(FIELDS), epochs, st.uuids(), versions, st.binary(max_size=3000))
def test_round_trip(field: Field, epoch: int, row: UUID, version: int, plain: bytes) -> None:
    """What is sealed for a place opens there, and the header names its epoch."""
    sealed = seal(KEY, epoch, field, row, version, plain)
    assert read_epoch(sealed) == epoch
    assert open_sealed(KEY, epoch, field, row, version, sealed) == plain


@given(st.integers(min_value=0, max_value=8 * 290 - 1))
def test_any_changed_bit_is_refused(bit: int) -> None:
    """Header, nonce, body and tag: not one bit can be changed."""
    sealed = seal(KEY, 7, INCIDENT_CODED, ROW, 3, b"words")
    with pytest.raises(Tampered):
        open_sealed(KEY, 7, INCIDENT_CODED, ROW, 3, flipped(sealed, bit))


@given(st.integers(min_value=0, max_value=289))
def test_any_truncation_is_refused(length: int) -> None:
    """No prefix of an envelope is one."""
    sealed = seal(KEY, 7, INCIDENT_CODED, ROW, 3, b"words")
    with pytest.raises(Tampered):
        open_sealed(KEY, 7, INCIDENT_CODED, ROW, 3, sealed[:length])


@pytest.mark.parametrize(
    ("key", "epoch", "field", "row", "version"),
    [
        (bytes(32), 7, INCIDENT_CODED, ROW, 3),
        (KEY, 8, INCIDENT_CODED, ROW, 3),
        (KEY, 7, PERSON_CODED, ROW, 3),
        (KEY, 7, INCIDENT_CODED, OTHER_ROW, 3),
        (KEY, 7, INCIDENT_CODED, ROW, 4),
        (KEY, 7, INCIDENT_CODED, ROW, -1),
        (KEY, 7, INCIDENT_CODED, ROW, 2**64),
    ],
    ids=["key", "epoch", "field", "row", "version", "negative version", "huge version"],
)
def test_another_place_is_refused(key: bytes, epoch: int, field: Field, row: UUID, version: int) -> None:
    """Swapping key, epoch, field, row or version opens nothing."""
    sealed = seal(KEY, 7, INCIDENT_CODED, ROW, 3, b"words")
    with pytest.raises(Tampered):
        open_sealed(key, epoch, field, row, version, sealed)


def test_the_epoch_in_the_header_is_authenticated() -> None:
    """Rewriting the header to the epoch that the reader expects does not help."""
    sealed = seal(KEY, 7, INCIDENT_CODED, ROW, 3, b"words")
    forged = sealed[:5] + b"\x08" + sealed[6:]
    assert read_epoch(forged) == 8
    with pytest.raises(Tampered):
        open_sealed(KEY, 8, INCIDENT_CODED, ROW, 3, forged)


def test_trailing_bytes_are_refused() -> None:
    """An envelope ends with its tag."""
    sealed = seal(KEY, 7, INCIDENT_CODED, ROW, 3, b"words")
    with pytest.raises(Tampered):
        open_sealed(KEY, 7, INCIDENT_CODED, ROW, 3, sealed + b"\0")


@pytest.mark.parametrize("magic", [b"\0\1", b"\2\1", b"\1\0", b"\1\2"])
def test_unknown_versions_and_algorithms_are_refused(magic: bytes) -> None:
    """The header is parsed strictly before anything is opened."""
    sealed = seal(KEY, 7, INCIDENT_CODED, ROW, 3, b"words")
    with pytest.raises(Tampered):
        read_epoch(magic + sealed[2:])


def test_two_seals_differ() -> None:
    """Every seal takes a fresh nonce, so equal texts do not show."""
    assert seal(KEY, 7, INCIDENT_CODED, ROW, 3, b"words") != seal(KEY, 7, INCIDENT_CODED, ROW, 3, b"words")


def test_lengths_of_coded_documents_do_not_show() -> None:
    """Documents of different lengths within a step give envelopes of one length."""
    sizes = {len(seal(KEY, 7, INCIDENT_CODED, ROW, 3, bytes(length))) for length in range(253)}
    assert sizes == {6 + 12 + 256 + 16}


def test_a_key_has_32_bytes() -> None:
    """A shorter AES key is a mistake in the program, never accepted silently."""
    with pytest.raises(ValueError, match="32 bytes"):
        Cipher(bytes(16))


def test_errors_hold_no_content() -> None:
    """A refusal names the field, and neither key nor text."""
    sealed = seal(KEY, 7, INCIDENT_CODED, ROW, 3, b"very private words")
    with pytest.raises(Tampered) as refused:
        open_sealed(bytes(32), 7, INCIDENT_CODED, ROW, 3, sealed)
    assert str(refused.value) == "incident.coded: the envelope was not sealed here"
    assert refused.value.__cause__ is None
