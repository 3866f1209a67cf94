"""Names and what a search looks through, opened: what changed since the book was read."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from casework.domain.incident import IncidentNarrative
from casework.domain.person import PersonIdentity
from casework.errors import Invalid, UnknownKey, VaultError
from casework.services.books import TextBook, describe, searched_identity, searched_narrative
from casework.services.casekeys import open_case_key
from casework.services.namebook import rename, sound_out
from casework.store import cases as store
from casework.store.erasures import list_erased_after
from casework.store.imports import list_undone
from casework.store.restricted import list_restricted
from casework.vault import documents
from casework.vault.envelope import read_epoch
from casework.vault.fields import INCIDENT_NARRATIVE, PERSON_IDENTITY, Compartment
from casework.vault.keyring import CaseKey, Keyring

Opened = TypeVar("Opened")
Text = TypeVar("Text", PersonIdentity, IncidentNarrative)
CaseKeys: TypeAlias = Mapping[tuple[UUID, str, int], CaseKey]
_CLOSED = (VaultError, Invalid)


def read_texts(keyring: Keyring, book: TextBook) -> TextBook:
    """Return the book with what was written since it was read."""
    people = store.list_changed(store.Person, book.generation)
    incidents = store.list_changed(store.Incident, book.generation)
    records = dict(book.records)
    erased = {*list_erased_after(book.generation), *list_undone(book.generation, records)}
    for row in (*people, *incidents):
        if row.id not in (known := records.get(row.case_id, ())):
            records[row.case_id] = (*known, row.id)
    keys, damaged = _case_keys(keyring, book.generation), still_damaged(book.damaged, people, incidents)
    shut: dict[UUID, UUID] = {}
    shown = [row for row in people if not row.set_aside]
    identities = _open_each(shown, lambda row: _open_identity(keys, row), shut)
    narratives = _open_each(incidents, lambda row: _open_narrative(keys, row), shut)
    # Read last: what is restricted by now has no key in the rows above, and is not damaged for that.
    restricted = list_restricted(set(shut.values())) if shut else set[UUID]()
    damaged |= {record_id for record_id, case_id in shut.items() if case_id not in restricted}
    gone = {record_id for case_id in erased for record_id in records.pop(case_id, ())}
    gone |= {row.id for row in people if row.set_aside}
    kept = replace(book, records=records, damaged=frozenset(damaged - gone))
    read = with_texts(kept, identities, narratives, without=damaged | shut.keys() | gone)
    read.comparisons.follow(read.described)
    return read


def with_texts(
    book: TextBook,
    identities: Mapping[UUID, PersonIdentity],
    narratives: Mapping[UUID, IncidentNarrative],
    without: Collection[UUID] = (),
) -> TextBook:
    """Return the book with these texts in the place of those that it had, and without some."""
    names = {**book.names, **{id_: identity.name for id_, identity in identities.items()}}
    described = {**book.described, **{id_: describe(identity) for id_, identity in identities.items()}}
    searched = {**book.identities, **{id_: searched_identity(one) for id_, one in identities.items()}}
    told = {**book.narratives, **{id_: searched_narrative(one) for id_, one in narratives.items()}}
    for texts in (names, described, searched, told):
        for record_id in without:
            texts.pop(record_id, None)
    changed = {*identities, *(book.names.keys() & without)}
    renamed = ((id_, book.names.get(id_, ""), names.get(id_, "")) for id_ in changed)
    called = rename(book.called, renamed)
    return replace(
        book,
        names=names,
        described=described,
        called=called,
        sounds=book.sounds if called is book.called else sound_out(called, book.sounds),
        identities=searched,
        narratives=told,
    )


def _open_each(
    rows: Iterable[Any], open_row: Callable[[Any], Text], shut: dict[UUID, UUID]
) -> dict[UUID, Text]:
    """Open what opens; the rest is noted as shut, with its case."""
    opened = {}
    for row in rows:
        try:
            opened[row.id] = open_row(row)
        except _CLOSED:
            shut[row.id] = row.case_id
    return opened


def _open_identity(keys: CaseKeys, row: Any) -> PersonIdentity:
    key = _key(keys, row.case_id, Compartment.IDENTITY, row.identity_sealed)
    plain = key.open(PERSON_IDENTITY, row.id, row.identity_version, row.identity_sealed)
    return PersonIdentity.from_document(documents.decode(plain))


def _open_narrative(keys: CaseKeys, row: Any) -> IncidentNarrative:
    key = _key(keys, row.case_id, Compartment.NARRATIVE, row.narrative_sealed)
    plain = key.open(INCIDENT_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed)
    return IncidentNarrative.from_document(documents.decode(plain))


def _case_keys(keyring: Keyring, after: int) -> CaseKeys:
    """Open the cases' keys; one that does not open is left out, and closes the texts of its case."""
    keys = {}
    for row in store.list_case_keys_after(after):
        with suppress(VaultError):
            keys[row.case_id, row.compartment, row.generation] = open_case_key(keyring, row)
    return keys


def _key(keys: CaseKeys, case_id: UUID, compartment: Compartment, sealed: bytes) -> CaseKey:
    try:
        return keys[case_id, compartment, read_epoch(sealed)]
    except KeyError:
        raise UnknownKey(f"a case without the {compartment} key that its record names") from None


def still_damaged(known: frozenset[UUID], *read_again: Iterable[Any]) -> set[UUID]:
    """Return what was damaged before and is not being read again now."""
    return set(known - {row.id for rows in read_again for row in rows}) if known else set()


def leave_out(records: dict[UUID, Opened], damaged: Iterable[UUID]) -> dict[UUID, Opened]:
    """Take these out of what was read, and return it."""
    for record_id in damaged:
        records.pop(record_id, None)
    return records
