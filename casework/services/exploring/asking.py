"""Answering a question of the explorer: exact counts with all margins, and the very incidents behind them."""

from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import numpy.typing as npt

from casework.analysis.crosstab.columns import Bools, Column, Ints, Several, Single
from casework.analysis.crosstab.counting import Axis, count
from casework.domain.period import write_quarter
from casework.domain.vocabulary import UNKNOWN
from casework.errors import IndexUnusable
from casework.services.books import OpenedIncident
from casework.services.context import Context
from casework.services.exploring.columns import lay_out
from casework.services.exploring.facets import FACETS, FILTERS, Level, Unit
from casework.services.exploring.held import needs_records, see_indexed
from casework.services.exploring.questions import Question
from casework.services.exploring.seeing import Seen, see
from casework.services.index.facts import ask_blocks

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
    """Answer a question over what the member may open; raises Forbidden for who may open no cases.

    The coded index answers where it can, the opened records else: to the same numbers.
    """
    if not needs_records(question):
        with suppress(IndexUnusable):
            return ask_blocks(context, lambda blocks: _answer(see_indexed(context, blocks), question))
    book, seen = see(context)
    return replace(_answer((seen,), question), damaged=len(book.damaged))


def _answer(views: Sequence[Seen], question: Question) -> Answer:
    """Count over views of which no unit is in two."""
    found = [find_rows(seen, question) for seen in views]
    rows = [np.flatnonzero(kept) for kept, _vague in found]
    codes = [_list_codes(name, question.unit, views, rows) for name in question.facets]
    counts, vague, behind, agreed = np.zeros([len(some) + 1 for some in codes], dtype=np.int64), 0, 0, 0
    for seen, mine, (_kept, perhaps) in zip(views, rows, found, strict=True):
        units = seen.units(question.unit)
        named = zip(question.facets, codes, strict=True)
        axes = [_read_axis(seen, question.unit, name, listed) for name, listed in named]
        counts += count(axes, mine, units)
        vague += int(count((), np.flatnonzero(perhaps), units))
        incidents = np.unique(seen.incidents_of(question.unit)[mine])
        behind += len(incidents)
        agreed += int(seen.counts[incidents].sum())
    return Answer(question, tuple(codes), counts, behind, agreed, vague, 0, offer(views))


def find_incidents(context: Context, question: Question) -> list[OpenedIncident]:
    """Return the incidents behind an answer, newest first, undated ones last."""
    book, seen = see(context)
    kept, _vague = find_rows(seen, question)
    places = np.unique(seen.incidents_of(question.unit)[kept])
    incidents = lay_out(book).incidents
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


def offer(views: Sequence[Seen]) -> Mapping[str, tuple[str, ...]]:
    """Return by facet of the filter bar the codes that any open incident has, in the order of their list."""
    for seen in views:
        if not seen.offered:
            seen.offered.update({name: _list_present(seen, name) for name in FILTERS})
    return {name: _in_order(name, views, [set(seen.offered[name]) for seen in views]) for name in FILTERS}


def _in_order(name: str, views: Sequence[Seen], given: Iterable[Set[str]]) -> tuple[str, ...]:
    present = set[str]().union(*given)
    listed = dict.fromkeys(chain.from_iterable(seen.laid.codes(name) for seen in views))
    return tuple(code for code in listed if code in present)


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


def _list_codes(name: str, unit: Unit, views: Sequence[Seen], rows: Sequence[Ints]) -> tuple[str, ...]:
    """Return those codes of a facet that these rows of each view have; times without gaps."""
    spread = (seen.column(unit, name).spread(mine)[1] for seen, mine in zip(views, rows, strict=True))
    numbers = [np.flatnonzero(np.bincount(given)) for given in spread]
    if FACETS[name].level is Level.DATE:
        times = _close_gaps(np.unique(np.concatenate(numbers)))
        return tuple(_write_time(name, int(number)) for number in times)
    listed = [seen.laid.codes(name) for seen in views]
    given = zip(listed, numbers, strict=True)
    return _in_order(name, views, [{mine[at] for at in some} for mine, some in given])


def _read_axis(seen: Seen, unit: Unit, name: str, codes: Sequence[str]) -> Axis:
    """Return a facet as an axis of these codes, which are all that the rows to be counted have."""
    column = seen.column(unit, name)
    if FACETS[name].level is Level.DATE:
        numbers = {_read_time(code): at for at, code in enumerate(codes)}
        size = max(int(column.codes.max(initial=0)), *numbers, 0) + 1
        places = np.zeros(size, dtype=np.int64)
        places[list(numbers)] = list(numbers.values())
    else:
        at = {code: place for place, code in enumerate(codes)}
        places = np.array([at.get(code, 0) for code in seen.laid.codes(name)], dtype=np.int64)
    renamed = places[column.codes]
    same = Single(renamed) if isinstance(column, Single) else Several(column.offsets, renamed)
    return Axis(same, len(codes))


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
