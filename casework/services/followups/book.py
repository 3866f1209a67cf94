"""Opened follow-ups, kept in the worker's memory as of one generation, as the casebook keeps other records.

It knows nothing of bins, teams and restrictions: whoever reads it goes by the cases of the fact book, and
takes what stands in none of them for absent.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from casework.domain.clocks import DueReview
from casework.domain.folding import fold
from casework.domain.followup import DETENTION, OF_DETENTION, FollowUpFacts, FollowUpTexts, detentions_of
from casework.errors import Invalid, VaultError
from casework.services.casekeys import key_finder
from casework.services.chunked import Chunked
from casework.services.foldedtexts import FoldedTexts
from casework.store.erasures import list_erased_after
from casework.store.followups import keep_known, list_changed_follow_ups, list_keys_of_changed
from casework.store.imports import list_undone
from casework.vault import documents
from casework.vault.envelope import read_epoch
from casework.vault.fields import FOLLOW_UP_CODED, FOLLOW_UP_NARRATIVE, Compartment
from casework.vault.keyring import CaseKey, Keyring

_CLOSED = (VaultError, Invalid)
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class OpenedFollowUp:
    """A follow-up's coded document."""

    id: UUID
    case_id: UUID
    version: int
    facts: FollowUpFacts


Due = tuple[int, OpenedFollowUp, datetime | None]
"""The number of a case, what has to be done in it, and the instant after which it is late."""


@dataclass(frozen=True, repr=False)
class FollowUpBook:
    """Every follow-up; `titles`, and `said`, its words folded, without those of restricted cases.

    `to_do` is what still has to be done, `of_detention` what
    tells of one. `damaged` are those whose coded document did not open: they may be a clock that nobody sees.
    `deleted` are those that can still be brought back. `worked_out` keeps what was dear to work out with what
    it was worked out from, and goes from one snapshot to the next until something is gone for good.
    """

    generation: int = 0
    follow_ups: Mapping[UUID, OpenedFollowUp] = field(default_factory=Chunked)
    to_do: Chunked[OpenedFollowUp] = field(default_factory=Chunked)
    of_detention: Chunked[OpenedFollowUp] = field(default_factory=Chunked)
    titles: Mapping[UUID, str] = field(default_factory=Chunked)
    said: FoldedTexts = field(default_factory=FoldedTexts)
    damaged: Mapping[UUID, UUID] = field(default_factory=dict)
    deleted: Mapping[UUID, OpenedFollowUp] = field(default_factory=dict)

    worked_out: dict[tuple[str, tzinfo], Any] = field(default_factory=dict, compare=False)

    def deadlines(self, zone: tzinfo) -> Chunked[Due]:
        """Return what still has to be done, each with its case and the instant after which it is late."""
        to_do, due = self.worked_out.get(("deadlines", zone)) or (Chunked[OpenedFollowUp](), Chunked[Due]())
        if to_do is not self.to_do:
            changed = list(self.to_do.differing(to_do))
            there = [one for id_ in changed if (one := self.to_do.get(id_))]
            put = {one.id: (one.case_id.int, one, one.facts.due_at(zone)) for one in there}
            due = due.changed(put, [id_ for id_ in changed if id_ not in put])
            self.worked_out["deadlines", zone] = self.to_do, due
        deadlines: Chunked[Due] = due
        return deadlines

    def reviews(self, zone: tzinfo) -> Sequence[tuple[OpenedFollowUp, DueReview]]:
        """Return the detentions that are not over, each with the review that is due."""
        of_detention, reviews = self.worked_out.get(("reviews", zone)) or (None, ())
        if of_detention is not self.of_detention:
            reviews = tuple(self._reviews(zone))
            self.worked_out["reviews", zone] = self.of_detention, reviews
        known: Sequence[tuple[OpenedFollowUp, DueReview]] = reviews
        return known

    def _reviews(self, zone: tzinfo) -> Iterator[tuple[OpenedFollowUp, DueReview]]:
        for detention in detentions_of({id_: one.facts for id_, one in self.of_detention.items()}):
            review = detention.next_review(zone)
            if review is not None:
                yield self.follow_ups[detention.id], review


def read_book(keyring: Keyring, book: FollowUpBook) -> FollowUpBook:
    """Return the book with what was written since it was read."""
    rows = list_changed_follow_ups(book.generation)
    find_key = key_finder(keyring, list_keys_of_changed(book.generation) if rows else ())
    new, deleted, damaged = dict[UUID, OpenedFollowUp](), dict(book.deleted), dict(book.damaged)
    titles, said = dict[UUID, str](), dict[UUID, str]()
    for row in rows:
        for known in (deleted, damaged):
            known.pop(row.id, None)
        try:
            opened = OpenedFollowUp(row.id, row.case_id, row.version, _open_facts(keyring, row))
        except _CLOSED:
            damaged[row.id] = row.case_id
            continue
        if opened.facts.deleted_on is not None:
            deleted[row.id] = opened
            continue
        new[row.id] = opened
        with suppress(*_CLOSED):  # its date counts all the same
            key = find_key(row.case_id, Compartment.NARRATIVE, read_epoch(row.narrative_sealed))
            texts = open_texts(key, row)
            titles[row.id], said[row.id] = title_of(texts), searched_words(texts)
    read = _with_changes(book, [row.id for row in rows], new, titles, said)
    return _without_gone(book, replace(read, deleted=deleted, damaged=damaged))


def _with_changes(
    book: FollowUpBook,
    changed: Collection[UUID],
    new: Mapping[UUID, OpenedFollowUp],
    titles: Mapping[UUID, str],
    said: Mapping[UUID, str],
) -> FollowUpBook:
    """Return the book with what these are now in the place of what they were."""

    def put(table: Mapping[UUID, Kept], entries: Mapping[UUID, Kept]) -> Chunked[Kept]:
        return Chunked.of(table).changed(entries, [id_ for id_ in changed if id_ not in entries])

    of_detention = {id_: one for id_, one in new.items() if one.facts.kind in (DETENTION, *OF_DETENTION)}
    return replace(
        book,
        follow_ups=put(book.follow_ups, new),
        to_do=put(book.to_do, {id_: one for id_, one in new.items() if one.facts.is_open}),
        of_detention=put(book.of_detention, of_detention),
        titles=put(book.titles, titles),
        said=book.said.changed(said, [id_ for id_ in changed if id_ not in said]),
    )


def _without_gone(book: FollowUpBook, read: FollowUpBook) -> FollowUpBook:
    """Return what was read without what went for good since the book was: erased, undone, purged."""
    known_ids = keep_known(read.deleted.keys())
    purged = read.deleted.keys() - known_ids
    everything = chain(read.follow_ups.values(), read.deleted.values())
    cases = chain((one.case_id for one in everything), read.damaged.values())
    gone = frozenset(list_erased_after(book.generation)) | list_undone(book.generation, cases)
    if not purged and not gone:
        return read
    away = {id_ for id_, one in read.follow_ups.items() if one.case_id in gone}
    kept = {id_: one for id_, one in read.deleted.items() if id_ in known_ids and one.case_id not in gone}
    damaged = {id_: case_id for id_, case_id in read.damaged.items() if case_id not in gone}
    return replace(_with_changes(read, away, {}, {}, {}), deleted=kept, damaged=damaged, worked_out={})


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
