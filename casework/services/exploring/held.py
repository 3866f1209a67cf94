"""What a member sees of the coded index: the rows that hold, each case for itself, without opening a record.

The fresh cases, which may belong together, are seen beside them as ever (`seeing.py`): no unit is in both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from casework.analysis.columns import NOBODY, Answer, explode
from casework.analysis.columns import Column as Coded
from casework.analysis.columns.column import width_of
from casework.analysis.crosstab.columns import Bools, Column, Ints, Several, Single, offsets_of
from casework.services.access import list_hidden
from casework.services.context import Context
from casework.services.exploring.facets import (
    CONSENT,
    FACETS,
    REACHED,
    STATUS,
    Facet,
    Level,
    Unit,
    listed_codes,
)
from casework.services.exploring.questions import Question
from casework.services.exploring.seeing import Parts, Seen, see_book
from casework.services.index.counted import answers_of, find_agreed, parse_date, read_days
from casework.services.index.facts import Blocks
from casework.services.index.guards import find_open
from casework.services.statistics.dimensions import get_dimension

_TABLES: Mapping[Level, str] = {
    Level.DATE: "incidents",
    Level.INCIDENT: "incidents",
    Level.PART: "parts",
    Level.PERSON: "people",
    Level.CASE: "cases",
}


@dataclass(frozen=True, eq=False, repr=False)
class _View:
    """What is kept of a member's view of a snapshot: it leads to no key."""

    parts: Parts
    gathered: dict[tuple[str, bool], Column] = field(default_factory=dict)
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)


def needs_records(question: Question) -> bool:
    """Whether a question is about what happened after a contact, step by step: no column tells of that."""
    asked = {*question.facets, *question.filters, *question.cell}
    return question.unit is Unit.REFERRALS or REACHED in asked


def see_indexed(context: Context, blocks: Blocks) -> tuple[Seen, ...]:
    """Return what the member sees: of the rows that hold, and of the fresh records.

    Raises Forbidden for who may open no cases, IndexUnusable.
    """
    closed, is_open = find_open(context, blocks)
    view = blocks.share((see_indexed, closed), lambda: _view(blocks, is_open))
    laid = Held(blocks)
    held = Seen(
        laid,
        is_open,
        is_open,
        laid.counts,
        view.parts,
        view.parts,
        laid.standing,
        view.gathered,
        view.offered,
    )
    book = blocks.fresh
    if not book.incidents:
        return (held,)
    return held, see_book(context, book, list_hidden(context, book))


class Held:
    """The blocks as columns of facets, as `columns.Laid` has the records; every column is worked out once."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks

    @property
    def counts(self) -> Bools:
        """Which incidents statistics may count, each for itself."""
        return self._blocks.once(find_agreed, lambda: find_agreed(self._blocks))

    @property
    def standing(self) -> Ints:
        """Return for each person themselves."""
        return self._blocks.once("standing", lambda: np.arange(self._blocks.count("people"), dtype=np.int64))

    def array(self, name: str) -> Ints:
        """Return of each incident its `case`, or the `first` or `last` day that its date can mean."""
        return self._blocks.once(("array", name), lambda: self._read_array(name))

    def codes(self, name: str) -> tuple[str, ...]:
        """Return what the codes of a column stand for, by number; of dates that depends on the rows."""
        if name != "patterns":
            return listed_codes(FACETS[name])
        values = self._blocks.column("incidents", "patterns").values
        return (*listed_codes(FACETS[name]), *dict.fromkeys(code for given in values for code in given))

    def column(self, name: str) -> Column:
        """Return a facet's answers, of the rows of its table; raises KeyError for the steps of a pathway."""
        return self._blocks.once(("column", name), lambda: self._read(FACETS[name]))

    def referrals(self) -> Several:
        """Raise KeyError: acts tell of referrals, and no column of acts."""
        raise KeyError("referrals")

    def _read_array(self, name: str) -> Ints:
        if name == "case":
            return self._blocks.numbers("incidents", "case").astype(np.int64)
        return read_days(self._blocks, ("first", "last").index(name))

    def _read(self, facet: Facet) -> Column:
        answers = self._answers(facet)
        if facet.level is Level.DATE:
            times = np.array([_number_time(facet.name, date) for date in answers.values], dtype=np.int32)
            return Single(times[answers.codes])
        places = {code: at for at, code in enumerate(self.codes(facet.name))}
        width = width_of(len(places))
        given = answers.map(_reader_of(facet))
        if not facet.multiple:
            numbers = np.array([places[value[0]] for value in given.values], dtype=width)
            return Single(numbers[given.codes])
        rows, single = explode(given)
        numbers = np.array([places[str(code)] for code in single.values], dtype=width)
        lengths = np.bincount(rows, minlength=len(given))
        return Several(offsets_of(lengths), numbers[single.codes])

    def _answers(self, facet: Facet) -> Coded:
        if facet.name in (CONSENT, STATUS):
            return self._blocks.column(_TABLES[facet.level], "consent" if facet.name == CONSENT else "status")
        return self._blocks.column(_TABLES[facet.level], get_dimension(facet.name).field)


def _view(blocks: Blocks, is_open: Bools) -> _View:
    incidents, people = blocks.numbers("parts", "incident"), blocks.numbers("parts", "person")
    rows = np.flatnonzero(is_open[incidents] & (people != NOBODY))
    return _View(Parts(rows, incidents[rows].astype(np.int64), people[rows].astype(np.int64)))


def _reader_of(facet: Facet) -> Callable[[Answer], Any]:
    """Return what gives the answers to a facet that one answer of its column is."""
    if facet.name in (CONSENT, STATUS):
        return lambda value: (value,)
    if facet.level is Level.PART:
        return lambda value: value
    spec = get_dimension(facet.name)
    return lambda value: tuple(answers_of(spec, value))


def _number_time(name: str, date: Answer) -> int:
    """Return a year, or four times the year and the quarters before; 0 where the date does not say."""
    when = parse_date(date)
    if name == "year":
        return when.calendar_year() or 0
    quarter = when.quarter()
    return quarter[0] * 4 + quarter[1] - 1 if quarter else 0
