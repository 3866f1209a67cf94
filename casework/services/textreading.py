"""Names and what a search looks through, opened: what changed since the book was read."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from casework.domain.incident import IncidentNarrative
from casework.domain.person import PersonIdentity
from casework.errors import Invalid, VaultError
from casework.services.books import PersonTexts, TextBook, searched_narrative
from casework.services.casekeys import FindKey, key_finder
from casework.services.chunked import Chunked
from casework.services.namebook import rename
from casework.store import cases as store
from casework.store.erasures import list_erased_after
from casework.store.imports import list_undone
from casework.store.restricted import list_restricted
from casework.vault import documents
from casework.vault.envelope import read_epoch
from casework.vault.fields import INCIDENT_NARRATIVE, PERSON_IDENTITY, Compartment
from casework.vault.keyring import Keyring

Opened = TypeVar("Opened")
Text = TypeVar("Text", PersonTexts, str)
_CLOSED = (VaultError, Invalid)


def read_texts(keyring: Keyring, book: TextBook) -> TextBook:
    """Return the book with what was written since it was read."""
    people = store.list_changed_texts(store.Person, book.generation)
    incidents = store.list_changed_texts(store.Incident, book.generation)
    erased = {*list_erased_after(book.generation), *list_undone(book.generation, book.records)}
    records: dict[UUID, tuple[UUID, ...]] = {}
    for row in (*people, *incidents):
        known = records.get(row.case_id) or book.records.get(row.case_id, ())
        records[row.case_id] = known if row.id in known else (*known, row.id)
    find_key = key_finder(keyring, store.list_case_keys_after(book.generation))
    damaged = still_damaged(book.damaged, people, incidents)
    shut: dict[UUID, UUID] = {}
    shown = [row for row in people if not row.set_aside]
    # What is not kept goes at once: whole texts of all would be most of the memory that this takes.
    identities = _open_each(shown, lambda row: PersonTexts.of(_open_identity(find_key, row)), shut)
    narratives = _open_each(incidents, lambda row: searched_narrative(_open_narrative(find_key, row)), shut)
    # Read last: what is restricted by now has no key in the rows above, and is not damaged for that.
    restricted = list_restricted(set(shut.values())) if shut else set[UUID]()
    damaged |= {record_id for record_id, case_id in shut.items() if case_id not in restricted}
    of_cases = Chunked.of(book.records).changed(records)
    gone = {record_id for case_id in erased for record_id in of_cases.get(case_id) or ()}
    gone |= {row.id for row in people if row.set_aside}
    kept = replace(book, records=of_cases.changed({}, erased), damaged=frozenset(damaged - gone))
    read = with_texts(kept, identities, narratives, without=damaged | shut.keys() | gone)
    read.comparisons.follow(read.described)
    return read


def with_texts(
    book: TextBook,
    identities: Mapping[UUID, PersonTexts],
    narratives: Mapping[UUID, str],
    without: Collection[UUID] = (),
) -> TextBook:
    """Return the book with these texts in the place of those that it had, and without some.

    `narratives` are folded as `searched_narrative` folds them.
    """
    described = {id_: one.described for id_, one in identities.items()}
    names = Chunked.of(book.names).changed({id_: one.name for id_, one in described.items()}, without)
    searched = {id_: one.searched for id_, one in identities.items()}
    changed = {*identities, *(id_ for id_ in without if id_ in book.names)}
    renamed = ((id_, book.names.get(id_, ""), names.get(id_) or "") for id_ in changed)
    called, sounds = rename(book.called, book.sounds, renamed)
    return replace(
        book,
        names=names,
        described=Chunked.of(book.described).changed(described, without),
        called=called,
        sounds=sounds,
        identities=book.identities.changed(searched, without),
        narratives=book.narratives.changed(narratives, without),
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


def _open_identity(find_key: FindKey, row: Any) -> PersonIdentity:
    key = find_key(row.case_id, Compartment.IDENTITY, read_epoch(row.identity_sealed))
    plain = key.open(PERSON_IDENTITY, row.id, row.identity_version, row.identity_sealed)
    return PersonIdentity.from_document(documents.decode(plain))


def _open_narrative(find_key: FindKey, row: Any) -> IncidentNarrative:
    key = find_key(row.case_id, Compartment.NARRATIVE, read_epoch(row.narrative_sealed))
    plain = key.open(INCIDENT_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed)
    return IncidentNarrative.from_document(documents.decode(plain))


def still_damaged(known: frozenset[UUID], *read_again: Iterable[Any]) -> set[UUID]:
    """Return what was damaged before and is not being read again now."""
    return set(known - {row.id for rows in read_again for row in rows}) if known else set()
