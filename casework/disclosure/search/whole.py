"""Whole numbers: where linear programs only show tables of fractions, integer programs have the last word."""

import time
from collections.abc import Iterator
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.linkedcells import Goal, LinkedCells
from casework.disclosure.refusals import refusal
from casework.disclosure.search.opening import rise_and_fall
from casework.disclosure.search.probe import Probe
from casework.disclosure.solver import (
    WHOLE,
    Deadline,
    FloatArray,
    LinearProgram,
    Row,
    is_whole,
    solve_whole,
)
from casework.errors import DisclosureRefused

_MULTIPLES: Final = (1, 2, 3, 4)
_LOTS: Final = 3
_PATIENCE: Final = 0.15
"""The share of the time left that one integer program may take, where there is another way."""


def make_whole(probe: Probe, hidden: BoolArray, deadline: Deadline, until: float | None = None) -> BoolArray:
    """The pattern, extended until every goal is reached by a table of whole numbers, and less what is exact.

    Where `time.monotonic()` has passed `until`, or a program takes a good part of what is left until then,
    a box is hidden instead, if there is one. Raises DisclosureRefused: cannot_protect, time_limit, solver.
    """
    return _Making(probe, hidden, deadline, until).make()


class _Making:
    """The steps of `make_whole`, and the pattern as far as it is."""

    def __init__(self, probe: Probe, hidden: BoolArray, deadline: Deadline, until: float | None) -> None:
        self._probe = probe
        self._cells = probe.cells
        self._seen = probe.believable
        self._hidden = hidden.copy()
        self._deadline = deadline
        self._until = until
        self._finder: _Finder | None = None

    def make(self) -> BoolArray:
        """The pattern."""
        unmet = self._seen.unmet(self._hidden, whole=True)
        while len(unmet):
            self._reach(self._probe.goals[int(unmet[0])])
            unmet = np.intersect1d(unmet[1:], self._seen.unmet(self._hidden, whole=True))
        self._show_exact()
        return self._hidden

    def _reach(self, goal: Goal) -> None:
        """Finds a table that reaches a goal, if need be by hiding more."""
        table = self._probe.boxes.within(goal, self._hidden)
        if table is None:
            try:
                deadline = self._patience()
                table = self._find(goal, deadline)
                if table is None:
                    table = _open(self._cells, goal, self._hidden, deadline)
            except DisclosureRefused as refused:
                table = self._open_late(goal, refused)
        self._keep(table)

    def _show_exact(self) -> None:
        """What can have one value only is no secret, and shields nothing."""
        cells = self._cells
        still = self._hidden & ~cells.primary & ~self._seen.moved(self._hidden, whole=True)
        for column in np.flatnonzero(still).tolist():
            if self._seen.moved(self._hidden, whole=True)[column]:
                continue
            value = int(cells.values[column])
            ways = [Goal(column, value + way, way) for way in (1, -1)]
            try:
                deadline = self._patience()
                tables = (self._find(way, deadline) for way in ways)
                found = next((table for table in tables if table is not None), None)
            except DisclosureRefused as refused:
                found = self._open_late(ways[0], refused)
            if found is None:
                self._hidden[column] = False
                self._finder = None
            else:
                self._keep(found)

    def _keep(self, table: FloatArray) -> None:
        """Hides what the table moves."""
        more = self._cells.hideable & (np.abs(table - self._cells.values) > WHOLE) & ~self._hidden
        if more.any():
            self._hidden |= more
            self._finder = None
        self._seen.remember(table)

    def _find(self, goal: Goal, deadline: Deadline) -> FloatArray | None:
        if self._finder is None:
            self._finder = _Finder(self._cells, self._hidden, self._deadline)
        return self._finder.find(goal, deadline)

    def _patience(self) -> Deadline:
        """Until when integer programs may search. Raises DisclosureRefused("time_limit") when it is late."""
        if self._until is None:
            return self._deadline
        left = self._until - time.monotonic()
        if left <= 0:
            raise self._deadline.passed()
        return Deadline(max(left * _PATIENCE, 1e-3), self._deadline.keep_going)

    def _open_late(self, goal: Goal, refused: DisclosureRefused) -> FloatArray:
        """The cheapest box; where there is none, or time was not what was missing, it is refused."""
        self._deadline.remaining()
        table = self._probe.boxes.opening(goal, self._hidden, self._cells.weight)
        if refused.reason != "time_limit" or table is None:
            raise refused
        return table


class _Finder:
    """Looks for tables of whole numbers that agree with what is shown, with a column at its goal or beyond.

    Columns are what is hidden or never shown alone: the rise of each, then its fall. What moves least in all
    is mostly whole; where it is not, a multiple of what moves often is, or what moves least at prices drawn
    by lot, with a fixed seed; where none fits, an integer program decides.
    """

    def __init__(self, cells: LinkedCells, hidden: BoolArray, deadline: Deadline) -> None:
        self._values = cells.values.astype(np.float64)
        self._free = np.flatnonzero(hidden | cells.open_anyway)
        self._place = np.full(len(hidden), -1, dtype=np.int64)
        self._place[self._free] = np.arange(len(self._free))
        rise, fall = cells.upper - cells.values, cells.values - cells.lower
        self._room = np.concatenate([rise[self._free], fall[self._free]]).astype(np.float64)
        drawn = [1 + np.random.default_rng(seed).random(2 * len(self._free)) for seed in range(_LOTS)]
        self._prices = [np.ones(2 * len(self._free)), *drawn]
        self._reduced = list(self._reduce(cells))
        rows = [rise_and_fall(row, len(self._free)) for row in self._reduced]
        self._program = (
            LinearProgram(
                np.zeros(len(self._room)), self._room, rows, deadline, integral=False, bounds_change=True
            )
            if len(self._free)
            else None
        )

    def find(self, goal: Goal, deadline: Deadline) -> FloatArray | None:
        """The table, or None where there is none; an integer program may search until the deadline.

        Raises DisclosureRefused: time_limit, solver.
        """
        count, place = len(self._free), int(self._place[goal.column])
        if place < 0 or self._program is None:
            return None
        shift = abs(goal.value - float(self._values[goal.column]))
        way, other = (place, count + place) if goal.direction > 0 else (count + place, place)
        lower, upper = np.zeros(2 * count), self._room.copy()
        if upper[way] < shift:
            return None
        lower[way], upper[other] = shift, 0
        self._program.set_bounds(lower, upper)
        for prices in self._prices:
            found = self._program.minimise(prices)
            if found is None:
                return None
            for multiple in _MULTIPLES:
                moved = found.columns * multiple
                if np.all(moved <= self._room + WHOLE) and is_whole(moved):
                    return self._table(moved)
        # Over the changes themselves: with rises and falls apart it may take without end.
        least, most = -upper[count:], upper[:count]
        if goal.direction > 0:
            least[place] = shift
        else:
            most[place] = -shift
        change = solve_whole(least, most, self._reduced, np.zeros(count), deadline)
        return None if change is None else self._table(np.concatenate([change, np.zeros(count)]))

    def _table(self, moved: FloatArray) -> FloatArray:
        count = len(self._free)
        table = self._values.copy()
        table[self._free] += np.rint(moved[:count] - moved[count:])
        return table

    def _reduce(self, cells: LinkedCells) -> Iterator[Row]:
        """The rows over free columns alone: what moves has to add up to nothing."""
        for row in cells.rows:
            terms = [
                (int(self._place[column]), coefficient)
                for column, coefficient in zip(row.columns, row.coefficients, strict=True)
                if self._place[column] >= 0
            ]
            if terms:
                yield Row([place for place, _c in terms], [value for _p, value in terms], 0, 0)


def _open(cells: LinkedCells, goal: Goal, hidden: BoolArray, deadline: Deadline) -> FloatArray:
    """The same at least price, whatever has to be hidden for it."""
    free = cells.hideable | ~cells.shown
    rise = np.where(free, cells.upper - cells.values, 0)
    fall = np.where(free, cells.values - cells.lower, 0)
    count, shift = len(rise), goal.value - int(cells.values[goal.column])
    upper = np.concatenate([rise, fall]).astype(np.float64)
    lower = np.zeros(2 * count)
    way, other = (goal.column, count + goal.column) if shift > 0 else (count + goal.column, goal.column)
    lower[way], upper[other] = abs(shift), 0
    price = np.where(hidden | ~cells.hideable, 0.0, cells.weight)
    if np.any(lower > upper):
        raise refusal("cannot_protect")
    rows = [rise_and_fall(row, count) for row in cells.rows]
    found = solve_whole(lower, upper, rows, np.concatenate([price, price]), deadline)
    if found is None:
        raise refusal("cannot_protect")
    return np.asarray(cells.values + found[:count] - found[count:], dtype=np.float64)
