"""Sentences to quote, computed from published cells alone.

Per cents are whole, and told only where the count and what it is a part of are published and the latter is 30
or more: so they are worked out from what everybody sees, and say nothing of a hidden cell.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from casework.domain.percents import is_edge, nearest_whole
from casework.domain.period import Period
from casework.domain.vocabulary import ANOTHER, PSEUDO_CODES
from casework.reports.calendar import write_number
from casework.reports.labels import Labels
from casework.reports.layout import TOTAL, Shown
from casework.reports.publication import words
from casework.reports.publication.grids import Grid

LEAST_DENOMINATOR = 30
Key = TypeVar("Key")
_MOST = 3  # of each table's margins
_MOST_CROSSED = 1


class Phrasing:
    """How a sentence is put in one language, of one unit, by one organization."""

    def __init__(self, organization: str, unit: str, period: Period, language: str) -> None:
        self._labels, self._language = Labels(language, period, {}), language
        self._period, self._organization = period, organization
        texts = words.read_texts(language)
        self._sentences = texts["sentence"][unit]
        self._percent: str = texts["percent"]

    def whole(self, count: int) -> str:
        """Say how many were counted."""
        period = words.write_period(self._period, self._language)
        return self._fill("whole", count=self._number(count), organization=self._organization, period=period)

    def part(self, count: int, whole: int, name: str, code: str) -> str:
        """Say how many of the whole gave an answer."""
        return self._fill("part", **self._counts(count, whole), clause=self._clause(name, code))

    def crossed(self, count: int, whole: int, given: tuple[str, str], name: str, code: str) -> str:
        """Say how many of those that gave one answer gave another."""
        clauses = {"given": self._clause(*given), "clause": self._clause(name, code)}
        return self._fill("crossed", **self._counts(count, whole), **clauses)

    def _counts(self, count: int, whole: int) -> dict[str, str]:
        percent = find_percent(count, whole)
        told = "" if percent is None else self._percent.format(percent=percent)
        return {"count": self._number(count), "whole": self._number(whole), "percent": told}

    def _clause(self, name: str, code: str) -> str:
        return words.say_clause(name, code, self._labels)

    def _fill(self, kind: str, **given: str) -> str:
        sentence: str = self._sentences[kind]
        return sentence.format(**given)

    def _number(self, count: int) -> str:
        return write_number(count, self._language)


def write_sentences(grids: Iterable[Grid], phrasing: Phrasing) -> tuple[str, ...]:
    """Write what can be said of the tables, the headline first; nothing twice."""
    return tuple(dict.fromkeys(sentence for grid in grids for sentence in _write(grid, phrasing)))


def find_percent(count: int, whole: int) -> int | None:
    """Give the whole per cent, halves up; None where it would say too much, nothing or something wrong."""
    if whole < LEAST_DENOMINATOR or not 0 < count < whole:
        return None
    return None if is_edge(count, whole) else nearest_whole(count, whole)


def _write(grid: Grid, phrasing: Phrasing) -> Iterator[str]:
    whole = grid.at(TOTAL, TOTAL).value
    if not whole:
        return
    yield phrasing.whole(whole)
    first, last = grid.names[0], grid.names[-1]
    for code, count in _largest((row, grid.at(row, TOTAL)) for row in grid.rows):
        yield phrasing.part(count, whole, first, code)
    if len(grid.names) < 2:
        return
    for code, count in _largest((column, grid.at(TOTAL, column)) for column in grid.columns):
        yield phrasing.part(count, whole, last, code)
    yield from _cross(grid, phrasing)


def _cross(grid: Grid, phrasing: Phrasing) -> Iterator[str]:
    """Say the largest of the inner numbers, of its row; columns of nothing else are no news."""
    columns = [column for column in grid.columns if _is_answer(column)]
    if len(columns) < 2:
        return
    inner = [
        ((row, column), grid.at(row, column)) for row in grid.rows if _is_answer(row) for column in columns
    ]
    for (row, column), count in _rank(inner)[:_MOST_CROSSED]:
        whole = grid.at(row, TOTAL).value
        if whole and count < whole:
            yield phrasing.crossed(count, whole, (grid.names[0], row), grid.names[-1], column)


def _largest(cells: Iterable[tuple[str, Shown]]) -> Sequence[tuple[str, int]]:
    return _rank((code, cell) for code, cell in cells if _is_answer(code))[:_MOST]


def _rank(cells: Iterable[tuple[Key, Shown]]) -> list[tuple[Key, int]]:
    shown = [(key, cell.value) for key, cell in cells if cell.state == "shown" and cell.value]
    return sorted(shown, key=lambda one: -one[1])


def _is_answer(code: str) -> bool:
    return code not in (TOTAL, ANOTHER, *PSEUDO_CODES)
