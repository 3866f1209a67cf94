"""What a member sees of the columns: rows for each unit, nothing of a case that is closed to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

import numpy as np

from casework.analysis.crosstab.columns import Bools, Column, Ints, Several, Single, gather
from casework.domain.counting import incident_counts
from casework.services.access import list_hidden
from casework.services.accounts.grouping import list_told
from casework.services.accounts.seen import list_seen_accounts, share_seen
from casework.services.books import FactBook, OpenedIncident
from casework.services.context import Context
from casework.services.exploring.blocks import Numbers
from casework.services.exploring.columns import Laid, lay_out
from casework.services.exploring.facets import FACETS, NOBODY, Level, Unit
from casework.services.exploring.joining import list_seen_same
from casework.services.statistics.joining import Agreed


class Columns(Protocol):
    """What a view is of: the records as columns (`columns.Laid`), or the coded index (`held.Held`)."""

    def array(self, name: str) -> Ints:
        """Return of each incident its `case`, or the `first` or `last` day that its date can mean."""

    def codes(self, name: str) -> tuple[str, ...]:
        """Return what the codes of a column stand for, by number; of dates that depends on the rows."""

    def column(self, name: str) -> Column:
        """Return a facet's answers: of incidents, participations, people by number, or cases by number."""

    def referrals(self) -> Several:
        """Return of each incident its referrals, by their codes; a code may stand there twice."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Who is in what: of each participation its place among all, its incident's, and the person's number."""

    rows: Ints
    incidents: Ints
    people: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Seen:
    """A snapshot as a member sees it.

    `main` are the incidents they may know of, each once; `open` all accounts of them; `counts` which of all
    incidents statistics may count. `each` are the people of open accounts; `once` those of main accounts,
    with everybody whom another account names, each once. `standing` gives for a person's number the one that
    stands for them.
    """

    laid: Columns
    main: Bools
    open: Bools
    counts: Bools
    each: Parts
    once: Parts
    standing: Ints
    gathered: dict[tuple[str, bool], Column] = field(default_factory=dict)
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def incidents_of(self, unit: Unit) -> Ints:
        """Return for each row of a unit the place of its incident."""
        if unit is Unit.PEOPLE:
            return self.once.incidents
        if unit is Unit.REFERRALS:
            return self.laid.referrals().spread(np.arange(len(self.main)))[0]
        return np.arange(len(self.main))

    def open_rows(self, unit: Unit) -> Bools:
        """Return which rows of a unit there are for the member."""
        shown: Bools = self.open if unit is Unit.CASES else self.main[self.incidents_of(unit)]
        return shown

    def units(self, unit: Unit) -> Ints | None:
        """Return for each row the number of its unit; None where each is one of its own."""
        if unit is Unit.PEOPLE:
            return self.standing[self.once.people]
        return self.laid.array("case") if unit is Unit.CASES else None

    def column(self, unit: Unit, name: str) -> Column:
        """Return a facet's answers of the rows of a unit."""
        level = FACETS[name].level
        if unit is Unit.REFERRALS:
            pairs, codes = self.laid.referrals().spread(np.arange(len(self.main)))
            return Single(codes) if name == "referral_types" else self._of_incidents(name, True).take(pairs)
        if unit is not Unit.PEOPLE:
            return self._of_incidents(name, unit is Unit.INCIDENTS)
        if level is Level.PART:
            return self.laid.column(name).take(self.once.rows)
        if level is Level.PERSON:
            return self.laid.column(name).take(self.once.people)
        return self._of_incidents(name, True).take(self.once.incidents)

    def _of_incidents(self, name: str, joins: bool) -> Column:
        """Return the answers of all incidents; where it `joins`, those of everybody in any account."""
        facet = FACETS[name]
        if facet.level is Level.CASE:
            return self.laid.column(name).take(self.laid.array("case"))
        if not facet.is_of_people:
            return self.laid.column(name)
        if (name, joins) not in self.gathered:
            parts, column = self.once if joins else self.each, self.laid.column(name)
            answers = column.take(parts.rows if facet.level is Level.PART else parts.people)
            pairs, codes = answers.spread(np.arange(len(answers)))
            listed = self.laid.codes(name)
            self.gathered[name, joins] = gather(
                parts.incidents[pairs], codes, len(self.main), len(listed), listed.index(NOBODY)
            )
        return self.gathered[name, joins]


def see(context: Context) -> tuple[FactBook, Seen]:
    """Return the snapshot, and what the member sees of it; raises Forbidden for who may open no cases."""
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    return book, see_book(context, book, list_hidden(context, book))


def see_book(context: Context, book: FactBook, hidden: frozenset[UUID]) -> Seen:
    """Return what the member sees of a book without the hidden cases; worked out once for all who do."""
    return share_seen(context, book, hidden, see, lambda: _see(context, book, lay_out(book), hidden))


def _see(context: Context, book: FactBook, laid: Laid, hidden: frozenset[UUID]) -> Seen:
    cases, opens = laid.array("case"), _list_open(book, laid, hidden)
    is_open = opens[cases]
    accounts = list_seen_accounts(context, book, hidden)
    counts = _list_counting(book, laid, is_open, accounts)
    first, rank = np.arange(len(cases)), np.zeros(len(cases), dtype=np.int64)
    for told in accounts:
        places = [laid.place(one) for one in told]
        first[places], rank[places] = places[0], np.arange(len(places))
    standing = np.arange(len(laid.numbers.people))
    for person, other in list_seen_same(context, book, hidden).items():
        standing[laid.numbers.people[person.int]] = laid.numbers.people[other.int]
    each = _list_parts(laid, is_open, opens)
    once = _join_parts(each, first, rank, standing)
    return Seen(laid, is_open & (rank == 0), is_open, counts, each, once, standing)


def _list_counting(
    book: FactBook, laid: Laid, is_open: Bools, accounts: Iterable[Sequence[OpenedIncident]]
) -> Bools:
    """Return which incidents statistics may count, as far as the member may know.

    Accounts that are all open go by their main one. Where one is closed, those that are open go by the
    answers of the people in them: the closed one's would tell what was agreed to in it.
    """
    counts, agreed = laid.counts.copy(), Agreed(book.people)
    beside = {one.id: told for told in accounts for one in told}
    for told in list_told(book).values():
        places = [laid.place(one) for one in told]
        if is_open[places].all():
            counts[places] = counts[places[0]]
            continue
        for one, place in zip(told, places, strict=True):
            seen = beside.get(one.id, (one,))
            counts[place] = all(incident_counts(each.facts, agreed) for each in seen)
    return counts


def _list_open(book: FactBook, laid: Laid, hidden: frozenset[UUID]) -> Bools:
    """Return by a case's number whether it is open: who may see one that did not open, nobody can tell."""
    closed = Numbers.of(laid.numbers.cases, hidden)
    there = None if book.is_whole else Numbers.of(laid.numbers.cases, book.cases)
    opens = np.full(len(laid.numbers.cases), there is None)
    if there is not None:
        opens[there] = True
    opens[closed] = False
    return opens


def _list_parts(laid: Laid, is_open: Bools, opens: Bools) -> Parts:
    """Return who is in open incidents; nobody whose record lies in the bin, or in a case that is closed."""
    incidents, people = laid.part_incidents, laid.array("people")
    cases = laid.person_cases[people]
    rows = np.flatnonzero(is_open[incidents] & (cases >= 0) & opens[cases])
    return Parts(rows, incidents[rows], people[rows])


def _join_parts(parts: Parts, first: Ints, rank: Ints, standing: Ints) -> Parts:
    """Return each person once in each main account, with what is told of them first."""
    if not rank.any() and (standing == np.arange(len(standing))).all():
        return parts
    incidents, people = first[parts.incidents], standing[parts.people]
    order = np.argsort(rank[parts.incidents], kind="stable")
    pairs = incidents * len(standing) + people
    _pairs, at = np.unique(pairs[order], return_index=True)
    kept = np.sort(order[at])
    return Parts(parts.rows[kept], incidents[kept], parts.people[kept])
