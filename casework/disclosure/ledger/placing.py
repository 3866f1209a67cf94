"""Where the units of releases that do not know an axis may lie along it, such that as few as can be are lost.

A program of whole numbers: the units of each group add up, and where a combination has fewer than the last
release that counted it had, the difference is lost. Where they lie is a guess; how few are lost is not.
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
    """Columns are the units of the groups, combination by combination; then what is lost."""

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
        self._rows = [*rows, *self._lose(covered)]

    def solve(self, deadline: Deadline) -> IntArray:
        upper = np.array(self._most, dtype=np.float64)
        is_placed = np.arange(len(upper)) < self._placed
        cost = (~is_placed).astype(np.float64)
        found = solve_whole(np.zeros(len(upper)), upper, self._rows, cost, deadline, is_placed)
        if found is None:  # all may be lost: there is always a way
            raise refusal("solver")
        counts = np.append(found[: self._placed], 0)[self._column]
        return np.asarray(np.rint(counts), dtype=np.int64)

    def _lose(self, covered: BoolArray) -> Iterator[Row]:
        """What a release has less of a combination than the one that counted it before."""
        before = np.full(covered.shape[1], -1, dtype=np.int64)
        for here, columns in zip(covered, self._column, strict=True):
            for at in np.flatnonzero(here & (before >= 0)).tolist():
                earlier, later, lost = int(before[at]), int(columns[at]), len(self._most)
                self._most.append(self._most[earlier])
                mine = [] if later < 0 else [later]
                yield Row([earlier, *mine, lost], [-1.0, *[1.0] * len(mine), 1.0], 0, np.inf)
            before = np.where(here, columns, before)
