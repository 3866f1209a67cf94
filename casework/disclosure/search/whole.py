"""Whole numbers: where linear programs only show tables of fractions, integer programs have the last word."""

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

_MULTIPLES: Final = (1, 2, 3, 4)
_LOTS: Final = 3


def make_whole(probe: Probe, hidden: BoolArray, deadline: Deadline) -> BoolArray:
    """The pattern, extended until every goal is reached by a table of whole numbers, and less what is exact.

    Raises DisclosureRefused: cannot_protect, time_limit, solver.
    """
    cells, hidden = probe.cells, hidden.copy()
    seen = probe.believable
    finder = _Finder(cells, hidden, deadline)
    for index in seen.unmet(hidden, whole=True).tolist():
        if index not in seen.unmet(hidden, whole=True):
            continue
        goal = probe.goals[index]
        table = finder.find(goal)
        if table is None:
            table = _open(cells, goal, hidden, deadline)
            hidden |= cells.hideable & (np.abs(table - cells.values) > WHOLE)
            finder = _Finder(cells, hidden, deadline)
        seen.remember(table)
    return _show_exact(probe, hidden, deadline)


def _show_exact(probe: Probe, hidden: BoolArray, deadline: Deadline) -> BoolArray:
    """What can have one value only is no secret, and shields nothing."""
    cells = probe.cells
    still = hidden & ~cells.primary & ~probe.believable.moved(hidden, whole=True)
    finder = _Finder(cells, hidden, deadline)
    for column in np.flatnonzero(still).tolist():
        if probe.believable.moved(hidden, whole=True)[column]:
            continue
        value = int(cells.values[column])
        ways = (Goal(column, value + way, way) for way in (1, -1))
        found = next((table for way in ways if (table := finder.find(way)) is not None), None)
        if found is None:
            hidden[column] = False
        else:
            probe.believable.remember(found)
    return hidden


class _Finder:
    """Looks for tables of whole numbers that agree with what is shown, with a column at its goal or beyond.

    Columns are what is hidden or never shown alone: the rise of each, then its fall. What moves least in all
    is mostly whole; where it is not, a multiple of what moves often is, or what moves least at prices drawn
    by lot, with a fixed seed; where none fits, an integer program decides.
    """

    def __init__(self, cells: LinkedCells, hidden: BoolArray, deadline: Deadline) -> None:
        self._values = cells.values.astype(np.float64)
        self._deadline = deadline
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

    def find(self, goal: Goal) -> FloatArray | None:
        """The table, or None where there is none. Raises DisclosureRefused: time_limit, solver."""
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
        change = solve_whole(least, most, self._reduced, np.zeros(count), self._deadline)
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
