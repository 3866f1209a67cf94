"""Opened records, kept in the worker's memory: lists, searches and statistics need no decryption.

A snapshot is filed under a name that only a holder of the compartments' keys can compute, is checked against
the shared generation counter on every use, and goes when idle, when keys rotate or the last session ends.

A record that does not open is left out and noted as damaged: one flipped bit must not close every list.
"""

import gc
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from casework.domain.case import CaseFacts
from casework.domain.incident import IncidentFacts
from casework.domain.person import PersonFacts
from casework.errors import CaseworkError, Invalid, UnknownKey, VaultError
from casework.services.arranging import rearrange
from casework.services.binned import drop_erased, put_back, take_out
from casework.services.books import (
    FactBook,
    OpenedCase,
    OpenedIncident,
    OpenedPerson,
    TextBook,
)
from casework.services.carrying import Carried
from casework.services.chunked import Chunked
from casework.services.followups.book import FollowUpBook, read_book
from casework.services.outdated import is_outdated
from casework.services.textreading import read_texts, still_damaged
from casework.store import cases as store
from casework.store.database import db
from casework.store.erasures import list_erased_after
from casework.store.head import get_generation
from casework.store.imports import list_undone
from casework.store.links import list_links
from casework.store.restricted import list_all_holders
from casework.vault import documents
from casework.vault.fields import CASE_CODED, INCIDENT_CODED, PERSON_CODED, Compartment
from casework.vault.keyring import Keyring

Facts = TypeVar("Facts", CaseFacts, PersonFacts, IncidentFacts)
Opened = TypeVar("Opened")
_CLOSED = (VaultError, Invalid)
_MANY_OBJECTS = 200_000
Book = TypeVar("Book", FactBook, TextBook, FollowUpBook)


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
        return self._fresh(FactBook, keyring, now_seconds, as_of)

    def texts(self, keyring: Keyring, now_seconds: int) -> TextBook:
        """Return names and folded texts; raises UnknownKey without the identity and narrative keys."""
        return self._fresh(TextBook, keyring, now_seconds)

    def follow_ups(self, keyring: Keyring, now_seconds: int, as_of: int | None = None) -> FollowUpBook:
        """Return the follow-ups; raises UnknownKey without the coded and narrative keys. `as_of` as above."""
        return self._fresh(FollowUpBook, keyring, now_seconds, as_of)

    def both(self, keyring: Keyring, now_seconds: int) -> tuple[FactBook, TextBook]:
        """Return both books, with the texts of every record that the facts know; not inside a write."""
        facts, texts = self.facts(keyring, now_seconds), self.texts(keyring, now_seconds)
        if texts.generation < facts.generation:
            # Another thread's facts are newer than this transaction, which has to begin anew to read as much.
            db.session.rollback()
            texts = self.texts(keyring, now_seconds)
        return facts, texts

    def _fresh(self, kind: type[Book], keyring: Keyring, now_seconds: int, as_of: int | None = None) -> Book:
        name = _name(kind, keyring)
        generation = get_generation() if as_of is None else as_of
        with self._lock:
            book: Book = self._books.get(name) or kind()
            # A reader whose transaction began earlier may know an older generation: it gets the newer book.
            if book.generation < generation:
                book = _read_on(keyring, book, generation)
            self._books[name] = book
            self._used_at[name] = now_seconds
            return book

    def catch_up(self, keyring: Keyring) -> None:
        """Read on in every snapshot there is: after a deed by which somebody may be known to fewer, or none.

        Else they wait in it for whoever asks next. What these keys do not read, or not now, is forgotten.
        """
        db.session.rollback()
        try:
            generation = get_generation()
            with self._lock:
                for name, book in list(self._books.items()):
                    if book.generation < generation:
                        self._catch_up(name, book, keyring, generation)
        except (CaseworkError, DBAPIError):
            # The deed is done and committed, whatever is wrong here.
            self.drop_all()
        finally:
            # Who calls empties the database's log next: a reader would be in the way.
            db.session.rollback()

    def _catch_up(self, name: bytes, book: Any, keyring: Keyring, generation: int) -> None:
        used_at = self._used_at[name]
        self._forget(name)
        with suppress(UnknownKey):
            if name == _name(type(book), keyring):
                self._books[name] = _read_on(keyring, book, generation)
                self._used_at[name] = used_at

    def drop_outdated(self) -> None:
        """Forget the snapshots with somebody in them whom another process has erased or restricted since."""
        generation = get_generation()
        with self._lock:
            for name, book in list(self._books.items()):
                if book.generation < generation and is_outdated(book):
                    self._forget(name)

    def _forget(self, name: bytes) -> None:
        del self._books[name], self._used_at[name]

    def drop_idle(self, before_seconds: int) -> None:
        """Forget the snapshots that nobody has used since then."""
        with self._lock:
            for name in [name for name, used_at in self._used_at.items() if used_at < before_seconds]:
                self._forget(name)

    def drop_all(self) -> None:
        """Forget everything: the last session has ended."""
        with self._lock:
            self._books.clear()
            self._used_at.clear()


def _name(kind: type[FactBook | TextBook | FollowUpBook], keyring: Keyring) -> bytes:
    label, compartments, _read = _KINDS[kind]
    return label + b"".join(map(keyring.partition, compartments))


def _read_on(keyring: Keyring, book: Book, generation: int) -> Book:
    with _collector_at_rest():
        read: Book = _KINDS[type(book)][2](keyring, book)
        return replace(read, generation=generation)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the garbage collector from walking a growing heap again and again while records are opened.

    Where there were many, it walks once at the end, and leaves them alone from then on: else it would walk
    for seconds in the middle of a later request. Books hold no cycles, so that they go without it; a cycle
    of another request of that moment stays until records are opened the next time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            if gc.get_count()[0] > _MANY_OBJECTS:
                gc.unfreeze()
                gc.collect()
                gc.freeze()


def _read_facts(keyring: Keyring, book: FactBook) -> FactBook:
    teams, holders = _by_case(store.list_teams_after(book.generation)), _by_case(list_all_holders())
    # Where the database lets writers commit between these reads, what others refer to has to come last.
    incidents = store.list_changed(store.Incident, book.generation)
    people = store.list_changed(store.Person, book.generation)
    cases = store.list_changed(store.Case, book.generation)
    erased = frozenset(list_erased_after(book.generation))
    erased |= list_undone(book.generation, chain(book.cases, book.binned))
    if erased and book.damaged:
        # Whether what is damaged was of an erased case, only reading it all again tells.
        return _read_facts(keyring, FactBook())
    damaged = still_damaged(book.damaged, incidents, people, cases)
    aside = {row.id for row in people if row.set_aside}
    shown = [row for row in people if not row.set_aside]
    opened_incidents = {
        row.id: OpenedIncident(row.id, row.case_id, row.version, facts)
        for row, facts in _open(keyring, INCIDENT_CODED, incidents, IncidentFacts, damaged)
    }
    opened_people = {
        row.id: OpenedPerson(row.id, row.case_id, row.version, facts)
        for row, facts in _open(keyring, PERSON_CODED, shown, PersonFacts, damaged)
    }
    opened_cases = {
        row.id: _case(row, frozenset((holders if row.restricted else teams).get(row.id, ())), facts)
        for row, facts in _open(keyring, CASE_CODED, cases, CaseFacts, damaged)
    }
    touched = {row.id for row in cases} | {row.case_id for row in (*people, *incidents)}
    read = _merge(book, touched, erased, damaged, aside, opened_cases, opened_people, opened_incidents)
    links = list_links()
    same, different = (
        frozenset((one, other) for one, other, is_same in links if is_same == wanted)
        for wanted in (True, False)
    )
    return replace(read, same_people=same, different_people=different)


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


_KINDS: Mapping[type, tuple[bytes, Sequence[Compartment], Callable[[Keyring, Any], Any]]] = {
    FactBook: (b"facts", (Compartment.CODED,), _read_facts),
    TextBook: (b"texts", (Compartment.IDENTITY, Compartment.NARRATIVE), read_texts),
    FollowUpBook: (b"after", (Compartment.CODED, Compartment.NARRATIVE), read_book),
}
"""Each kind of book: what its name begins with, whose keys name and read it, and how."""
