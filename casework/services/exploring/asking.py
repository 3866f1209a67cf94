"""Answering a question of the explorer: exact counts with all margins, and the very incidents behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casework.analysis.crosstab.columns import Bools, Column, Ints, Several, Single
from casework.analysis.crosstab.counting import Axis, count
from casework.domain.period import write_quarter
from casework.domain.vocabulary import UNKNOWN
from casework.services.books import OpenedIncident
from casework.services.context import Context
from casework.services.exploring.facets import FACETS, FILTERS, Level, Unit
from casework.services.exploring.questions import Question
from casework.services.exploring.seeing import Seen, see

MOST_TIMES = 48
"""So many years or quarters stand in a row without a gap; of more only those in which there is something."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Answer:
    """What a question counts. `codes` are those of each facet that occur; `counts` has a place more, for all.

    `incidents` are how many stand behind it, `agreed` how many of these statistics may count; `vague` how
    many units may lie in the period or not. `offered`
    are the codes that anything has, by facet, whatever is filtered.
    """

    question: Question
    codes: tuple[tuple[str, ...], ...]
    counts: npt.NDArray[np.int64]
    incidents: int
    agreed: int
    vague: int
    damaged: int
    offered: Mapping[str, tuple[str, ...]]

    @property
    def total(self) -> int:
        """Return how many units there are."""
        return int(self.counts[(-1,) * self.counts.ndim])


def ask(context: Context, question: Question) -> Answer:
    """Answer a question over what the member may open; raises Forbidden for who may open no cases."""
    book, seen = see(context)
    kept, vague = find_rows(seen, question)
    rows, units = np.flatnonzero(kept), seen.units(question.unit)
    axes, codes = [], []
    for name in question.facets:
        axis, present = _read_axis(seen, question.unit, name, rows)
        axes.append(axis)
        codes.append(present)
    behind = np.unique(seen.incidents_of(question.unit)[rows])
    return Answer(
        question,
        tuple(codes),
        count(axes, rows, units),
        len(behind),
        int(seen.counts[behind].sum()),
        int(count((), np.flatnonzero(vague), units)),
        len(book.damaged),
        offer(seen),
    )


def find_incidents(context: Context, question: Question) -> list[OpenedIncident]:
    """Return the incidents behind an answer, newest first, undated ones last."""
    _book, seen = see(context)
    kept, _vague = find_rows(seen, question)
    places = np.unique(seen.incidents_of(question.unit)[kept])
    incidents = seen.laid.incidents
    found = [incidents[place] for place in places]
    found.sort(key=lambda one: (one.facts.logged_on, one.id.int), reverse=True)
    found.sort(key=lambda one: one.facts.date.sort_key(), reverse=True)
    undated = [one for one in found if one.facts.date.span() is None]
    return [one for one in found if one.facts.date.span() is not None] + undated


def find_rows(seen: Seen, question: Question) -> tuple[Bools, Bools]:
    """Return which rows of its unit a question counts, and which it might, were their dates less vague."""
    unit = question.unit
    kept, incidents = seen.open_rows(unit).copy(), seen.incidents_of(unit)
    if question.agreed:
        kept &= seen.counts[incidents]
    cell = [(name, (code,)) for name, code in question.cell.items()]
    for name, codes in (*question.filters.items(), *cell):
        column = seen.column(unit, name)
        kept &= column.fits(_wanted(seen, name, column, codes))
    first, last = seen.laid.array("first")[incidents], seen.laid.array("last")[incidents]
    sure, possible = np.ones_like(kept), np.ones_like(kept)
    if question.first:
        sure &= first >= question.first.toordinal()
        possible &= (last >= question.first.toordinal()) | (last == 0)
    if question.last:
        sure &= (last <= question.last.toordinal()) & (last > 0)
        possible &= first <= question.last.toordinal()
    return kept & sure, kept & possible & ~sure


def offer(seen: Seen) -> Mapping[str, tuple[str, ...]]:
    """Return by facet of the filter bar the codes that any open incident has, in the order of their list."""
    if not seen.offered:
        seen.offered.update({name: _list_present(seen, name) for name in FILTERS})
    return seen.offered


def _list_present(seen: Seen, name: str) -> tuple[str, ...]:
    codes = seen.laid.codes(name)
    _places, given = seen.column(Unit.INCIDENTS, name).spread(np.flatnonzero(seen.main))
    present = np.bincount(given, minlength=len(codes)) > 0
    return tuple(code for code, is_present in zip(codes, present, strict=False) if is_present)


def _wanted(seen: Seen, name: str, column: Column, codes: Sequence[str]) -> Bools:
    """Return of each code of a column whether it is one of these; what nothing has narrows to nothing."""
    if FACETS[name].level is Level.DATE:
        wanted = np.zeros(int(column.codes.max(initial=0)) + 1, dtype=np.bool_)
        numbers = [number for number in map(_read_time, codes) if number < len(wanted)]
        wanted[numbers] = True
        return wanted
    return np.isin(np.array(seen.laid.codes(name)), np.array(codes))


def _read_axis(seen: Seen, unit: Unit, name: str, rows: Ints) -> tuple[Axis, tuple[str, ...]]:
    """Return an axis with those of its codes that these rows have; times without gaps."""
    column = seen.column(unit, name)
    _places, given = column.spread(rows)
    numbers: Ints = np.flatnonzero(np.bincount(given))
    codes: tuple[str, ...]
    if FACETS[name].level is Level.DATE:
        numbers = _close_gaps(numbers)
        codes = tuple(_write_time(name, int(number)) for number in numbers)
    else:
        listed = seen.laid.codes(name)
        codes = tuple(listed[number] for number in numbers)
    places = np.zeros(int(max(column.codes.max(initial=0), numbers.max(initial=0))) + 1, dtype=np.int64)
    places[numbers] = np.arange(len(numbers))
    renamed = places[column.codes]
    same = Single(renamed) if isinstance(column, Single) else Several(column.offsets, renamed)
    return Axis(same, len(numbers)), codes


def _close_gaps(numbers: Ints) -> Ints:
    """Return times in order with those between them, and last those that no date decides."""
    decided = numbers[numbers > 0]
    if len(decided) and decided[-1] - decided[0] < MOST_TIMES:
        decided = np.arange(decided[0], decided[-1] + 1)
    return np.concatenate((decided, numbers[numbers == 0]))


def _write_time(name: str, number: int) -> str:
    if number == 0:
        return UNKNOWN
    return f"{number:04d}" if name == "year" else write_quarter((number // 4, number % 4 + 1))


def _read_time(code: str) -> int:
    if code == UNKNOWN:
        return 0
    return int(code) if len(code) == 4 else int(code[:4]) * 4 + int(code[6]) - 1
