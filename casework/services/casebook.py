"""Opened records, kept in the worker's memory: lists, searches and statistics need no decryption.

A snapshot is filed under a name that only a holder of the compartments' keys can compute, is checked against
the shared generation counter on every use, and is dropped when idle, when keys rotate (the name changes) and
when the last session ends.
"""

import gc
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from casework.domain.case import CaseFacts
from casework.domain.folding import fold
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.person import PersonFacts, PersonIdentity
from casework.errors import UnknownKey
from casework.services.casekeys import open_case_key
from casework.store import cases as store
from casework.store.database import db
from casework.store.head import get_generation
from casework.vault import documents
from casework.vault.envelope import read_epoch
from casework.vault.fields import (
    CASE_CODED,
    INCIDENT_CODED,
    INCIDENT_NARRATIVE,
    PERSON_CODED,
    PERSON_IDENTITY,
    Compartment,
)
from casework.vault.keyring import CaseKey, Keyring

Facts = TypeVar("Facts", CaseFacts, PersonFacts, IncidentFacts)


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case's coded document and who may open it."""

    id: UUID
    version: int
    team_only: bool
    team: frozenset[UUID]
    facts: CaseFacts


@dataclass(frozen=True, slots=True)
class OpenedPerson:
    """A person's coded document."""

    id: UUID
    case_id: UUID
    version: int
    facts: PersonFacts


@dataclass(frozen=True, slots=True)
class OpenedIncident:
    """An incident's coded document."""

    id: UUID
    case_id: UUID
    version: int
    facts: IncidentFacts


@dataclass(frozen=True)
class FactBook:
    """Every coded document as of one generation.

    `worked_out` keeps what was dear to work out from it, such as protected tables, and goes with it.
    """

    generation: int = 0
    cases: Mapping[UUID, OpenedCase] = field(default_factory=dict)
    people: Mapping[UUID, OpenedPerson] = field(default_factory=dict)
    incidents: Mapping[UUID, OpenedIncident] = field(default_factory=dict)
    worked_out: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def incidents_by_date(self) -> tuple[OpenedIncident, ...]:
        """Every incident, newest first, undated ones last; of one date the one logged last comes first."""
        return tuple(sorted(self.incidents.values(), key=_recency, reverse=True))

    @cached_property
    def incidents_by_case(self) -> Mapping[UUID, tuple[OpenedIncident, ...]]:
        """Each case's incidents, oldest first."""
        grouped: dict[UUID, list[OpenedIncident]] = {}
        for incident in reversed(self.incidents_by_date):
            grouped.setdefault(incident.case_id, []).append(incident)
        return {case_id: tuple(incidents) for case_id, incidents in grouped.items()}

    @cached_property
    def people_by_case(self) -> Mapping[UUID, tuple[OpenedPerson, ...]]:
        """Each case's people, in no particular order."""
        grouped: dict[UUID, list[OpenedPerson]] = {}
        for person in self.people.values():
            grouped.setdefault(person.case_id, []).append(person)
        return {case_id: tuple(people) for case_id, people in grouped.items()}


@dataclass(frozen=True)
class TextBook:
    """Names, and what a search looks through, folded, as of one generation."""

    generation: int = 0
    names: Mapping[UUID, str] = field(default_factory=dict)
    identities: Mapping[UUID, str] = field(default_factory=dict)
    narratives: Mapping[UUID, str] = field(default_factory=dict)


Book = TypeVar("Book", FactBook, TextBook)


class Casebook:
    """The snapshots of one worker process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._books: dict[bytes, Any] = {}
        self._used_at: dict[bytes, int] = {}

    def facts(self, keyring: Keyring, now_seconds: int, as_of: int | None = None) -> FactBook:
        """Return the coded documents, as they stand; raises UnknownKey without the coded key.

        Whoever asks inside a write says as of which generation, the last committed one, and asks before it
        writes a record: else its own, which may yet be rolled back, would pass for committed.
        """
        name = b"facts" + keyring.partition(Compartment.CODED)
        return self._fresh(name, now_seconds, FactBook(), lambda book: _read_facts(keyring, book), as_of)

    def texts(self, keyring: Keyring, now_seconds: int) -> TextBook:
        """Return names and folded texts; raises UnknownKey without the identity and narrative keys."""
        name = b"texts" + keyring.partition(Compartment.IDENTITY) + keyring.partition(Compartment.NARRATIVE)
        return self._fresh(name, now_seconds, TextBook(), lambda book: _read_texts(keyring, book))

    def both(self, keyring: Keyring, now_seconds: int) -> tuple[FactBook, TextBook]:
        """Return both books, with the texts of every record that the facts know; not inside a write."""
        facts, texts = self.facts(keyring, now_seconds), self.texts(keyring, now_seconds)
        if texts.generation < facts.generation:
            # Another thread's facts are newer than this transaction, which has to begin anew to read as much.
            db.session.rollback()
            texts = self.texts(keyring, now_seconds)
        return facts, texts

    def _fresh(
        self,
        name: bytes,
        now_seconds: int,
        empty: Book,
        read: Callable[[Book], Book],
        as_of: int | None = None,
    ) -> Book:
        generation = get_generation() if as_of is None else as_of
        with self._lock:
            book: Book = self._books.get(name, empty)
            # A reader whose transaction began earlier may know an older generation: it gets the newer book.
            if book.generation < generation:
                with _collector_at_rest():
                    book = replace(read(book), generation=generation)
            self._books[name] = book
            self._used_at[name] = now_seconds
            return book

    def drop_idle(self, before_seconds: int) -> None:
        """Forget the snapshots that nobody has used since then."""
        with self._lock:
            for name in [name for name, used_at in self._used_at.items() if used_at < before_seconds]:
                del self._books[name], self._used_at[name]

    def drop_all(self) -> None:
        """Forget everything: the last session has ended."""
        with self._lock:
            self._books.clear()
            self._used_at.clear()


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking a growing heap again and again while records are opened."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _recency(incident: OpenedIncident) -> tuple[object, ...]:
    facts = incident.facts
    return facts.date.span() is not None, facts.date.sort_key(), facts.logged_on, incident.id


def _read_facts(keyring: Keyring, book: FactBook) -> FactBook:
    teams: dict[UUID, set[UUID]] = {}
    for case_id, member_id in store.list_teams():
        teams.setdefault(case_id, set()).add(member_id)
    # Where the database lets writers commit between these reads, what others refer to has to come last.
    changed = store.list_changed(store.Incident, book.generation)
    incidents = {
        row.id: OpenedIncident(row.id, row.case_id, row.version, facts)
        for row, facts in _open(keyring, INCIDENT_CODED, changed, IncidentFacts)
    }
    people = {
        row.id: OpenedPerson(row.id, row.case_id, row.version, facts)
        for row, facts in _open(
            keyring, PERSON_CODED, store.list_changed(store.Person, book.generation), PersonFacts
        )
    }
    cases = {
        row.id: OpenedCase(row.id, row.version, row.team_only, frozenset(teams.get(row.id, ())), facts)
        for row, facts in _open(
            keyring, CASE_CODED, store.list_changed(store.Case, book.generation), CaseFacts
        )
    }
    return FactBook(
        cases={**book.cases, **cases},
        people={**book.people, **people},
        incidents={**book.incidents, **incidents},
    )


def _open(
    keyring: Keyring, sealed_field: Any, rows: Iterable[Any], kind: type[Facts]
) -> Iterable[tuple[Any, Facts]]:
    rows = list(rows)
    opened = keyring.open_many(sealed_field, ((row.id, row.coded_version, row.coded_sealed) for row in rows))
    decode, from_document = documents.decode, kind.from_document
    return ((row, from_document(decode(plain))) for row, plain in zip(rows, opened, strict=True))


def _read_texts(keyring: Keyring, book: TextBook) -> TextBook:
    people = store.list_changed(store.Person, book.generation)
    incidents = store.list_changed(store.Incident, book.generation)
    keys = _case_keys(keyring, book.generation)
    names, identities, narratives = dict(book.names), dict(book.identities), dict(book.narratives)
    for row in people:
        key = _key(keys, row.case_id, Compartment.IDENTITY, row.identity_sealed)
        plain = key.open(PERSON_IDENTITY, row.id, row.identity_version, row.identity_sealed)
        identity = PersonIdentity.from_document(documents.decode(plain))
        names[row.id] = identity.name
        identities[row.id] = fold(" ".join((identity.name, identity.phone, identity.email, identity.uci)))
    for row in incidents:
        key = _key(keys, row.case_id, Compartment.NARRATIVE, row.narrative_sealed)
        plain = key.open(INCIDENT_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed)
        narrative = IncidentNarrative.from_document(documents.decode(plain))
        narratives[row.id] = fold(f"{narrative.text} {narrative.exact_place}")
    return TextBook(names=names, identities=identities, narratives=narratives)


def _case_keys(keyring: Keyring, after: int) -> Mapping[tuple[UUID, str, int], CaseKey]:
    return {
        (row.case_id, row.compartment, row.generation): open_case_key(keyring, row)
        for row in store.list_case_keys_after(after)
    }


def _key(
    keys: Mapping[tuple[UUID, str, int], CaseKey], case_id: UUID, compartment: Compartment, sealed: bytes
) -> CaseKey:
    try:
        return keys[case_id, compartment, read_epoch(sealed)]
    except KeyError:
        raise UnknownKey(f"a case without the {compartment} key that its record names") from None
