"""Where the units of releases that do not know an axis may lie along it, such that little changed.

A program of whole numbers: the units of each group add up, and where a combination has fewer than the last
release that counted it had, the difference is lost; where it has more, it is new. As few as can be are lost,
and then as few are new. Where they lie is a guess; how few are lost is not.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline, Row, solve_whole


class Group(NamedTuple):
    """Combinations, by number, that hold so many units together."""

    inside: IntArray
    units: int


def place(groups: Sequence[Sequence[Group]], covered: BoolArray, deadline: Deadline) -> IntArray:
    """Return how many units of each combination each release counts: shape (releases, combinations).

    `groups` are of each release, disjoint, in what it covers. Raises DisclosureRefused: time_limit, solver.
    """
    return _Program(groups, covered).solve(deadline)


class _Program:
    """Columns are the units of the groups, combination by combination; then what is lost, and what is new."""

    def __init__(self, groups: Sequence[Sequence[Group]], covered: BoolArray) -> None:
        self._column = np.full(covered.shape, -1, dtype=np.int64)
        self._most: list[int] = []
        rows = []
        for number, here in enumerate(groups):
            for inside, units in here:
                columns = range(len(self._most), len(self._most) + len(inside))
                self._column[number, inside] = columns
                self._most += [units] * len(inside)
                rows.append(Row(columns, [1.0] * len(inside), units, units))
        self._placed = len(self._most)
        self._total = sum(units for here in groups for _inside, units in here)
        self._rows = [*rows, *self._lose(covered)]
        self._kept = len(self._most)
        self._rows += self._grow(covered)

    def solve(self, deadline: Deadline) -> IntArray:
        upper = np.array(self._most, dtype=np.float64)
        at = np.arange(len(upper))
        cost = np.where(at < self._placed, 0.0, np.where(at < self._kept, self._total + 1.0, 1.0))
        found = solve_whole(np.zeros(len(upper)), upper, self._rows, cost, deadline, at < self._placed)
        if found is None:  # all may be lost: there is always a way
            raise refusal("solver")
        counts = np.append(found[: self._placed], 0)[self._column]
        return np.asarray(np.rint(counts), dtype=np.int64)

    def _lose(self, covered: BoolArray) -> Iterator[Row]:
        """What a release has less of a combination than the one that counted it before."""
        for earlier, later in self._successive(covered):
            if earlier >= 0:
                lost = self._add(self._most[earlier])
                mine = [] if later < 0 else [later]
                yield Row([earlier, *mine, lost], [-1.0, *[1.0] * len(mine), 1.0], 0, np.inf)

    def _grow(self, covered: BoolArray) -> Iterator[Row]:
        """What it has more."""
        for earlier, later in self._successive(covered):
            if later >= 0:
                grown = self._add(self._most[later])
                before = [] if earlier < 0 else [earlier]
                yield Row([later, *before, grown], [-1.0, *[1.0] * len(before), 1.0], 0, np.inf)

    def _add(self, most: int) -> int:
        self._most.append(most)
        return len(self._most) - 1

    def _successive(self, covered: BoolArray) -> Iterator[tuple[int, int]]:
        """The columns of each combination in a release and in the one that counted it before; -1 for none."""
        before = np.full(covered.shape[1], -1, dtype=np.int64)
        was = np.zeros(covered.shape[1], dtype=np.bool_)
        for here, columns in zip(covered, self._column, strict=True):
            both = np.flatnonzero(here & was)
            yield from zip(before[both].tolist(), columns[both].tolist(), strict=True)
            before, was = np.where(here, columns, before), was | here
