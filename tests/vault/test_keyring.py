"""A keyring seals under the newest epoch and opens what it holds, each field under its own subkey."""

from uuid import UUID, uuid4

import pytest

from casework.errors import Tampered, UnknownKey
from casework.vault import casekey, envelope
from casework.vault.fields import (
    CASE_KEY_IDENTITY,
    FIELDS,
    INCIDENT_CODED,
    INCIDENT_NARRATIVE,
    MEMBER_PIN,
    PERSON_CODED,
    PERSON_IDENTITY,
    Compartment,
    Under,
)
from casework.vault.keyring import Keyring
from tests.vault.cast import EPOCH_KEYS, OTHER_ROW, ROW, WRITE_EPOCHS, flipped, keyring

CODED = Compartment.CODED
IN_COMPARTMENTS = [field for field in FIELDS if field.under is Under.COMPARTMENT]


def rotated() -> Keyring:
    """Return a keyring after a rotation of `coded`: both epochs held, the second written."""
    return Keyring(EPOCH_KEYS | {(CODED, 2): bytes([99]) * 32}, WRITE_EPOCHS | {CODED: 2})


@pytest.mark.parametrize("field", IN_COMPARTMENTS, ids=lambda field: field.id)
def test_round_trip(field: object) -> None:
    """Every field under a compartment opens again."""
    ring = keyring()
    chosen = next(known for known in IN_COMPARTMENTS if known is field)
    assert ring.open(chosen, ROW, 1, ring.seal(chosen, ROW, 1, b"facts")) == b"facts"


def test_writing_takes_the_newest_epoch_and_reading_every_held_one() -> None:
    """After a rotation earlier records stay readable, and new ones lie under the new key."""
    before = keyring().seal(INCIDENT_CODED, ROW, 1, b"before")
    ring = rotated()
    after = ring.seal(INCIDENT_CODED, ROW, 2, b"after")
    assert (envelope.read_epoch(before), envelope.read_epoch(after)) == (1, 2)
    assert ring.open(INCIDENT_CODED, ROW, 1, before) == b"before"
    assert ring.open(INCIDENT_CODED, ROW, 2, after) == b"after"
    with pytest.raises(UnknownKey):
        keyring().open(INCIDENT_CODED, ROW, 2, after)


def test_what_is_not_held_is_an_unknown_key() -> None:
    """A keyring without a compartment neither reads nor writes there."""
    sealed, wrapped = (
        keyring().seal(INCIDENT_CODED, ROW, 1, b"facts"),
        keyring().new_case_key(ROW, Compartment.IDENTITY)[1],
    )
    ring = keyring(Compartment.SHARED)
    assert ring.holds(Compartment.SHARED) and not ring.holds(CODED)
    for refused in (
        lambda: ring.open(INCIDENT_CODED, ROW, 1, sealed),
        lambda: ring.seal(INCIDENT_CODED, ROW, 1, b"facts"),
        lambda: list(ring.open_many(INCIDENT_CODED, [(ROW, 1, sealed)])),
        lambda: ring.open_case_key(ROW, Compartment.IDENTITY, 1, wrapped),
        lambda: ring.new_case_key(ROW, Compartment.IDENTITY),
        lambda: ring.partition(CODED),
        lambda: ring.derive(CODED, b"imports"),
    ):
        with pytest.raises(UnknownKey):
            refused()


def test_fields_have_subkeys_of_their_own() -> None:
    """The key of one field does not open another, even with its associated data."""
    sealed = keyring().seal(INCIDENT_CODED, ROW, 1, b"facts")
    with pytest.raises(Tampered):
        keyring().open(PERSON_CODED, ROW, 1, sealed)
    with pytest.raises(Tampered):
        envelope.open_sealed(EPOCH_KEYS[CODED, 1], 1, INCIDENT_CODED, ROW, 1, sealed)


def test_open_many_opens_in_order_over_epochs() -> None:
    """Rows of different epochs come back one by one, in the order they were given."""
    ring, rows = rotated(), [uuid4() for _ in range(20)]
    sealed = [
        (row, 3, (ring if number % 3 else keyring()).seal(INCIDENT_CODED, row, 3, str(number).encode()))
        for number, row in enumerate(rows)
    ]
    assert list(ring.open_many(INCIDENT_CODED, sealed)) == [str(number).encode() for number in range(20)]
    assert list(ring.open_many(INCIDENT_CODED, [])) == []


@pytest.mark.parametrize("bit", [0, 8, 40, 50, 150, 500, 8 * 289])
def test_open_many_refuses_a_changed_row_and_keeps_what_came_before(bit: int) -> None:
    """The row that fails raises; those before it were opened."""
    ring = keyring()
    good, bad = (ring.seal(INCIDENT_CODED, row, 1, b"facts") for row in (ROW, OTHER_ROW))
    opened = ring.open_many(INCIDENT_CODED, [(ROW, 1, good), (OTHER_ROW, 1, flipped(bad, bit))])
    assert next(opened) == b"facts"
    with pytest.raises((Tampered, UnknownKey)):
        next(opened)


@pytest.mark.parametrize("length", [0, 3, 6, 18, 33, 289])
def test_open_many_refuses_truncated_rows(length: int) -> None:
    """Be it the first row or one whose header was seen before."""
    ring = keyring()
    sealed = ring.seal(INCIDENT_CODED, ROW, 1, b"facts")
    with pytest.raises(Tampered):
        list(ring.open_many(INCIDENT_CODED, [(ROW, 1, sealed[:length])]))
    with pytest.raises(Tampered):
        list(ring.open_many(INCIDENT_CODED, [(ROW, 1, sealed), (ROW, 1, sealed[:length])]))


@pytest.mark.parametrize(("row", "version"), [(OTHER_ROW, 1), (ROW, 2), (ROW, -1)])
def test_open_many_refuses_swapped_rows_and_versions(row: UUID, version: int) -> None:
    """Opening many is as strict as opening one."""
    ring = keyring()
    sealed = ring.seal(INCIDENT_CODED, ROW, 1, b"facts")
    with pytest.raises(Tampered):
        list(ring.open_many(INCIDENT_CODED, [(row, version, sealed)]))


def test_fields_under_other_keys_are_refused() -> None:
    """A keyring does not seal what belongs under a case key or a member's own."""
    for field in (PERSON_IDENTITY, MEMBER_PIN):
        with pytest.raises(ValueError, match="is sealed under a"):
            keyring().seal(field, ROW, 1, b"words")


def test_case_keys() -> None:
    """A case key opens again from its wrapping, and what it sealed with it."""
    ring = keyring()
    key, wrapped = ring.new_case_key(ROW, Compartment.NARRATIVE)
    sealed = key.seal(INCIDENT_NARRATIVE, OTHER_ROW, 4, "récit".encode())
    opened = ring.open_case_key(ROW, Compartment.NARRATIVE, 1, wrapped)
    assert opened.generation == 1
    assert opened.open(INCIDENT_NARRATIVE, OTHER_ROW, 4, sealed) == "récit".encode()


def test_a_case_key_belongs_to_its_case_compartment_and_generation() -> None:
    """A wrapped key moved elsewhere opens nothing."""
    ring = keyring()
    _, wrapped = ring.new_case_key(ROW, Compartment.NARRATIVE, 2)
    for case_id, compartment, generation in (
        (OTHER_ROW, Compartment.NARRATIVE, 2),
        (ROW, Compartment.IDENTITY, 2),
        (ROW, Compartment.NARRATIVE, 1),
    ):
        with pytest.raises(Tampered):
            ring.open_case_key(case_id, compartment, generation, wrapped)


def test_a_case_key_has_32_bytes() -> None:
    """Whatever else is wrapped in its place is refused."""
    ring = keyring()
    with pytest.raises(Tampered):
        ring.open_case_key(ROW, Compartment.IDENTITY, 1, ring.seal(CASE_KEY_IDENTITY, ROW, 1, b"short"))


def test_a_case_key_opens_only_its_generation_and_place() -> None:
    """Another generation, row or version, or another key, is refused."""
    ring = keyring()
    key, other = (ring.new_case_key(ROW, Compartment.IDENTITY, generation)[0] for generation in (1, 2))
    sealed = key.seal(PERSON_IDENTITY, ROW, 1, b"name")
    assert envelope.read_epoch(sealed) == 1
    for case_key, row, version in ((other, ROW, 1), (key, OTHER_ROW, 1), (key, ROW, 2)):
        with pytest.raises(Tampered):
            case_key.open(PERSON_IDENTITY, row, version, sealed)
    impostor = casekey.CaseKey(ROW, Compartment.IDENTITY, 1, other.key)
    with pytest.raises(Tampered):
        impostor.open(PERSON_IDENTITY, ROW, 1, sealed)


def test_a_case_key_seals_its_own_compartment_only() -> None:
    """The identity key writes no narrative, and no case key a coded document."""
    key, _ = keyring().new_case_key(ROW, Compartment.IDENTITY)
    with pytest.raises(UnknownKey):
        key.seal(INCIDENT_NARRATIVE, ROW, 1, b"words")
    with pytest.raises(ValueError, match="is sealed under a compartment key"):
        key.seal(INCIDENT_CODED, ROW, 1, b"words")


def test_derived_keys_differ_and_stay() -> None:
    """Partitions, subkeys and MAC keys depend on compartment, label and epoch, and only on these."""
    ring, later = keyring(), rotated()
    made = [
        ring.partition(CODED),
        later.partition(CODED),
        ring.partition(Compartment.SHARED),
        ring.derive(CODED, b"imports"),
        ring.derive(CODED, b"exports"),
        later.derive(CODED, b"imports"),
        ring.derive(Compartment.SHARED, b"imports"),
        ring.audit_mac_key().key,
    ]
    assert len(set(made)) == len(made)
    assert later.derive(CODED, b"imports", epoch=1) == ring.derive(CODED, b"imports")
    assert later.partition(Compartment.SHARED) == ring.partition(Compartment.SHARED)


def test_epoch_keys_are_listed_for_a_newcomer() -> None:
    """A coordinator's keyring gives every epoch it holds, to be sealed to who is admitted."""
    assert dict(rotated().epoch_keys()) == EPOCH_KEYS | {(CODED, 2): bytes([99]) * 32}
