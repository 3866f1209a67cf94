"""Opened records, kept in the worker's memory: lists, searches and statistics need no decryption.

A snapshot is filed under a name that only a holder of the compartments' keys can compute, is checked against
the shared generation counter on every use, and goes when idle, when keys rotate or the last session ends.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError

from casework.errors import CaseworkError, IndexUnusable, UnknownKey
from casework.services.books import FactBook, TextBook
from casework.services.factreading import read_facts
from casework.services.followups.book import FollowUpBook, read_book
from casework.services.heap import give_back, opening
from casework.services.index.indexed import Indexed, read_indexed
from casework.services.outdated import is_outdated
from casework.services.textreading import read_texts
from casework.store.database import db
from casework.store.head import get_generation
from casework.vault.fields import Compartment
from casework.vault.keyring import Keyring

Book = TypeVar("Book", FactBook, TextBook, FollowUpBook, Indexed)


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

    def indexed(self, keyring: Keyring, now_seconds: int) -> Indexed:
        """Return the coded index; raises UnknownKey without the coded key, IndexUnusable. Not in a write."""
        return self._fresh(Indexed, keyring, now_seconds)

    def knows_of_damage(self, keyring: Keyring) -> bool:
        """Tell whether a record did not open, as far as this worker has opened them."""
        with self._lock:
            book = self._books.get(_name(FactBook, keyring))
            return book is not None and bool(book.damaged)

    def forget_indexed(self, keyring: Keyring) -> None:
        """Forget the coded index: a column of it is gone, or hurt."""
        with self._lock:
            if (name := _name(Indexed, keyring)) in self._books:
                self._forget(name)

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
        with suppress(UnknownKey, IndexUnusable):
            if name == _name(type(book), keyring):
                self._books[name] = _read_on(keyring, book, generation)
                self._used_at[name] = used_at

    def drop_outdated(self) -> None:
        """Forget the snapshots with somebody in them whom another process has erased or restricted since."""
        generation = get_generation()
        with self._lock:
            self._forget_all(
                [n for n, book in self._books.items() if book.generation < generation and is_outdated(book)]
            )

    def _forget_all(self, names: Sequence[bytes]) -> None:
        for name in names:
            self._forget(name)
        if names:
            give_back()

    def _forget(self, name: bytes) -> None:
        del self._books[name], self._used_at[name]

    def drop_idle(self, before_seconds: int) -> None:
        """Forget the snapshots that nobody has used since then."""
        with self._lock:
            self._forget_all([name for name, used_at in self._used_at.items() if used_at < before_seconds])

    def drop_all(self) -> None:
        """Forget everything: the last session has ended."""
        with self._lock:
            self._books.clear()
            self._used_at.clear()
        give_back()


def _name(kind: type[FactBook | TextBook | FollowUpBook | Indexed], keyring: Keyring) -> bytes:
    label, compartments, _read = _KINDS[kind]
    return label + b"".join(map(keyring.partition, compartments))


def _read_on(keyring: Keyring, book: Book, generation: int) -> Book:
    with opening():
        read: Book = _KINDS[type(book)][2](keyring, book)
        read = replace(read, generation=generation)
    if not book.generation:
        give_back()
    return read


_KINDS: Mapping[type, tuple[bytes, Sequence[Compartment], Callable[[Keyring, Any], Any]]] = {
    FactBook: (b"facts", (Compartment.CODED,), read_facts),
    TextBook: (b"texts", (Compartment.IDENTITY, Compartment.NARRATIVE), read_texts),
    Indexed: (b"index", (Compartment.CODED,), read_indexed),
    FollowUpBook: (b"after", (Compartment.CODED, Compartment.NARRATIVE), read_book),
}
"""Each kind of book: what its name begins with, whose keys name and read it, and how."""
