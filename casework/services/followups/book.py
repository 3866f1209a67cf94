"""Opened follow-ups, kept in the worker's memory as of one generation, as the casebook keeps other records.

It knows nothing of bins, teams and restrictions: whoever reads it goes by the cases of the fact book, and
takes what stands in none of them for absent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from casework.domain.clocks import DueReview
from casework.domain.folding import fold
from casework.domain.followup import FollowUpFacts, FollowUpTexts, detentions_of
from casework.errors import Invalid, VaultError
from casework.services.casekeys import open_case_key
from casework.store.erasures import list_erased_after
from casework.store.followups import keep_known, list_changed_follow_ups, list_keys_of_changed
from casework.store.imports import list_undone
from casework.vault import documents
from casework.vault.envelope import read_epoch
from casework.vault.fields import FOLLOW_UP_CODED, FOLLOW_UP_NARRATIVE
from casework.vault.keyring import CaseKey, Keyring

_CLOSED = (VaultError, Invalid, KeyError)
Kept = TypeVar("Kept")
_Keys = Mapping[tuple[UUID, int], CaseKey]


@dataclass(frozen=True, slots=True)
class OpenedFollowUp:
    """A follow-up's coded document."""

    id: UUID
    case_id: UUID
    version: int
    facts: FollowUpFacts


@dataclass(frozen=True, repr=False)
class FollowUpBook:
    """Every follow-up; `titles` and `searched`, its words folded, without those of restricted cases.

    `damaged` are those whose coded document did not open: they may be a clock that nobody sees. `deleted` are
    those that can still be brought back. `worked_out` keeps what was dear to work out.
    """

    generation: int = 0
    follow_ups: Mapping[UUID, OpenedFollowUp] = field(default_factory=dict)
    titles: Mapping[UUID, str] = field(default_factory=dict)
    searched: Mapping[UUID, str] = field(default_factory=dict)
    damaged: Mapping[UUID, UUID] = field(default_factory=dict)
    deleted: Mapping[UUID, OpenedFollowUp] = field(default_factory=dict)

    worked_out: dict[tuple[str, tzinfo], Any] = field(default_factory=dict, compare=False)

    @cached_property
    def to_do(self) -> tuple[OpenedFollowUp, ...]:
        """What still has to be done."""
        return tuple(one for one in self.follow_ups.values() if one.facts.is_open)

    @cached_property
    def said(self) -> tuple[tuple[UUID, str], ...]:
        """What a search looks through, each with its case."""
        return tuple((self.follow_ups[id_].case_id, words) for id_, words in self.searched.items())

    def deadlines(self, zone: tzinfo) -> Sequence[tuple[OpenedFollowUp, datetime | None]]:
        """Return what still has to be done, each with the instant after which it is late."""
        return self._keep("deadlines", zone, lambda: [(one, one.facts.due_at(zone)) for one in self.to_do])

    def reviews(self, zone: tzinfo) -> Sequence[tuple[OpenedFollowUp, DueReview]]:
        """Return the detentions that are not over, each with the review that is due."""
        return self._keep("reviews", zone, lambda: list(self._reviews(zone)))

    def _reviews(self, zone: tzinfo) -> Iterator[tuple[OpenedFollowUp, DueReview]]:
        for detention in detentions_of({id_: one.facts for id_, one in self.follow_ups.items()}):
            review = detention.next_review(zone)
            if review is not None:
                yield self.follow_ups[detention.id], review

    def _keep(self, name: str, zone: tzinfo, work_out: Callable[[], list[Kept]]) -> list[Kept]:
        kept: list[Kept] | None = self.worked_out.get((name, zone))
        if kept is None:
            kept = self.worked_out[name, zone] = work_out()
        return kept


def read_book(keyring: Keyring, book: FollowUpBook) -> FollowUpBook:
    """Return the book with what was written since it was read."""
    rows = list_changed_follow_ups(book.generation)
    keys = _open_keys(keyring, book.generation) if rows else {}
    follow_ups, deleted = dict(book.follow_ups), dict(book.deleted)
    titles, searched, damaged = dict(book.titles), dict(book.searched), dict(book.damaged)
    for row in rows:
        for known in (follow_ups, deleted, titles, searched, damaged):
            known.pop(row.id, None)
        try:
            opened = OpenedFollowUp(row.id, row.case_id, row.version, _open_facts(keyring, row))
        except _CLOSED:
            damaged[row.id] = row.case_id
            continue
        if opened.facts.deleted_on is not None:
            deleted[row.id] = opened
            continue
        follow_ups[row.id] = opened
        with suppress(*_CLOSED):  # its date counts all the same
            texts = open_texts(keys[row.case_id, read_epoch(row.narrative_sealed)], row)
            titles[row.id], searched[row.id] = title_of(texts), searched_words(texts)
    known_ids = keep_known(deleted.keys())  # the others went for good since
    deleted = {id_: one for id_, one in deleted.items() if id_ in known_ids}
    cases = chain((one.case_id for one in chain(follow_ups.values(), deleted.values())), damaged.values())
    gone = frozenset(list_erased_after(book.generation)) | list_undone(book.generation, cases)
    if not rows and not gone and deleted.keys() == book.deleted.keys():
        return book
    if gone:
        follow_ups = {id_: one for id_, one in follow_ups.items() if one.case_id not in gone}
        deleted = {id_: one for id_, one in deleted.items() if one.case_id not in gone}
        titles = {id_: title for id_, title in titles.items() if id_ in follow_ups}
        searched = {id_: words for id_, words in searched.items() if id_ in follow_ups}
        damaged = {id_: case_id for id_, case_id in damaged.items() if case_id not in gone}
    return FollowUpBook(
        follow_ups=follow_ups, titles=titles, searched=searched, damaged=damaged, deleted=deleted
    )


def _open_facts(keyring: Keyring, row: Any) -> FollowUpFacts:
    plain = keyring.open(FOLLOW_UP_CODED, row.id, row.coded_version, row.coded_sealed)
    return FollowUpFacts.from_document(documents.decode(plain))


def open_texts(key: CaseKey, row: Any) -> FollowUpTexts:
    """Open what a follow-up says."""
    plain = key.open(FOLLOW_UP_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed)
    return FollowUpTexts.from_document(documents.decode(plain))


def title_of(texts: FollowUpTexts) -> str:
    """Return a follow-up's line, or the beginning of its words."""
    return texts.title or texts.words[:_TITLE_LENGTH].partition("\n")[0]


def searched_words(texts: FollowUpTexts) -> str:
    """Return what a search looks through of a follow-up, folded."""
    return fold(f"{texts.title} {texts.words}")


_TITLE_LENGTH = 80


def _open_keys(keyring: Keyring, after: int) -> _Keys:
    keys = {}
    for row in list_keys_of_changed(after):
        try:
            keys[row.case_id, row.generation] = open_case_key(keyring, row)
        except VaultError:
            continue
    return keys
