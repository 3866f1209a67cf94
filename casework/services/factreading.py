"""Coded documents, opened: what changed since a book was read, or all there is of some cases.

A record that does not open is left out and noted as damaged: one flipped bit must not close every list.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from casework.domain.case import CaseFacts
from casework.domain.incident import IncidentFacts
from casework.domain.person import PersonFacts
from casework.errors import Invalid, VaultError
from casework.services.arranging import rearrange
from casework.services.binned import drop_erased, put_back, take_out
from casework.services.books import FactBook, OpenedCase, OpenedIncident, OpenedPerson
from casework.services.carrying import Carried
from casework.services.chunked import Chunked
from casework.services.textreading import still_damaged
from casework.store import cases as store
from casework.store.erasures import list_erased_after
from casework.store.factindex import list_coded, list_teams_of
from casework.store.imports import list_undone
from casework.store.links import list_links
from casework.store.restricted import list_all_holders
from casework.vault import documents
from casework.vault.fields import CASE_CODED, INCIDENT_CODED, PERSON_CODED
from casework.vault.keyring import Keyring

Facts = TypeVar("Facts", CaseFacts, PersonFacts, IncidentFacts)
_CLOSED = (VaultError, Invalid)


class _Rows(NamedTuple):
    """Rows to open, as they lie in the database; `teams` and `holders` by case."""

    incidents: Sequence[Any]
    people: Sequence[Any]
    cases: Sequence[Any]
    teams: Mapping[UUID, set[UUID]]
    holders: Mapping[UUID, set[UUID]]


def read_facts(keyring: Keyring, book: FactBook) -> FactBook:
    """Return the book with what was written since it was read."""
    teams, holders = _by_case(store.list_teams_after(book.generation)), _by_case(list_all_holders())
    # Where the database lets writers commit between these reads, what others refer to has to come last.
    incidents = store.list_changed_coded(store.Incident, book.generation)
    people = store.list_changed_coded(store.Person, book.generation)
    cases = store.list_changed_coded(store.Case, book.generation)
    erased = frozenset(list_erased_after(book.generation))
    erased |= list_undone(book.generation, chain(book.cases, book.binned))
    if erased and book.damaged:
        # Whether what is damaged was of an erased case, only reading it all again tells.
        return read_facts(keyring, FactBook())
    damaged = still_damaged(book.damaged, incidents, people, cases)
    rows = _Rows(incidents, people, cases, teams, holders)
    return _with_links(_read_on(keyring, book, rows, erased, damaged))


def read_cases(keyring: Keyring, case_ids: Collection[UUID], are_alone: bool = False) -> FactBook:
    """Return a book of these cases, those in the bin too, and of what was said of any two people.

    `are_alone` leaves that out, and who may open them: for whoever looks at each case by itself.
    """
    ids = list(case_ids)
    teams, holders = ((), ()) if are_alone else (list_teams_of(ids), list_all_holders())
    incidents, people = list_coded(store.Incident, ids), list_coded(store.Person, ids)
    rows = _Rows(incidents, people, list_coded(store.Case, ids), _by_case(teams), _by_case(holders))
    book = _read_on(keyring, FactBook(), rows, frozenset(), set())
    return book if are_alone else _with_links(book)


def _read_on(
    keyring: Keyring, book: FactBook, rows: _Rows, erased: frozenset[UUID], damaged: set[UUID]
) -> FactBook:
    aside = {row.id for row in rows.people if row.set_aside}
    shown = [row for row in rows.people if not row.set_aside]
    incidents = {
        row.id: OpenedIncident(row.id, row.case_id, row.version, facts)
        for row, facts in _open(keyring, INCIDENT_CODED, rows.incidents, IncidentFacts, damaged)
    }
    people = {
        row.id: OpenedPerson(row.id, row.case_id, row.version, facts)
        for row, facts in _open(keyring, PERSON_CODED, shown, PersonFacts, damaged)
    }
    cases = {
        row.id: _case(row, frozenset((rows.holders if row.restricted else rows.teams).get(row.id, ())), facts)
        for row, facts in _open(keyring, CASE_CODED, rows.cases, CaseFacts, damaged)
    }
    touched = {row.id for row in rows.cases} | {row.case_id for row in (*rows.people, *rows.incidents)}
    return _merge(book, touched, erased, damaged, aside, cases, people, incidents)


def _with_links(book: FactBook) -> FactBook:
    links = list_links()
    same, different = (
        frozenset((one, other) for one, other, is_same in links if is_same == wanted)
        for wanted in (True, False)
    )
    return replace(book, same_people=same, different_people=different)


def _merge(
    earlier: FactBook,
    touched: set[UUID],
    erased: frozenset[UUID],
    damaged: set[UUID],
    aside: set[UUID],
    cases: Mapping[UUID, OpenedCase],
    people: Mapping[UUID, OpenedPerson],
    incidents: Mapping[UUID, OpenedIncident],
) -> FactBook:
    """Return the earlier book with what was opened anew, in order, what lies in the bin apart."""
    book = put_back(earlier, touched)
    merged = FactBook(
        cases=Chunked.of(book.cases).changed(cases, damaged),
        people=Chunked.of(book.people).changed(people, damaged | aside),
        incidents=Chunked.of(book.incidents).changed(incidents, damaged),
        binned=book.binned,
        damaged=frozenset(damaged),
        carried=Carried() if erased else earlier.carried,
    )
    merged = drop_erased(take_out(merged, earlier, touched), erased)
    return replace(merged, orders=rearrange(earlier, merged))


def _case(row: Any, team: frozenset[UUID], facts: CaseFacts) -> OpenedCase:
    return OpenedCase(row.id, row.version, row.team_only, team, facts, row.binned_at, row.restricted)


def _by_case(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, set[UUID]]:
    members: dict[UUID, set[UUID]] = {}
    for case_id, member_id in pairs:
        members.setdefault(case_id, set()).add(member_id)
    return members


def _open(
    keyring: Keyring,
    sealed_field: Any,
    rows: Sequence[Any],
    kind: type[Facts],
    damaged: set[UUID],
) -> Iterator[tuple[Any, Facts]]:
    decode, from_document, at = documents.decode, kind.from_document, 0
    while at < len(rows):
        rest = map(rows.__getitem__, range(at, len(rows)))
        sealed = ((row.id, row.coded_version, row.coded_sealed) for row in rest)
        try:
            for plain in keyring.open_many(sealed_field, sealed):
                yield rows[at], from_document(decode(plain))
                at += 1
        except _CLOSED:
            damaged.add(rows[at].id)
            at += 1
