"""Whole numbers: where linear programs only show tables of fractions, integer programs have the last word."""

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.linkedcells import Goal, LinkedCells
from casework.disclosure.refusals import refusal
from casework.disclosure.search.opening import rise_and_fall
from casework.disclosure.search.probe import Probe
from casework.disclosure.solver import WHOLE, Deadline, FloatArray, solve_whole


def make_whole(probe: Probe, hidden: BoolArray, deadline: Deadline) -> BoolArray:
    """The pattern, extended until every goal is reached by a table of whole numbers, and less what is exact.

    Raises DisclosureRefused: cannot_protect, time_limit, solver.
    """
    cells, hidden = probe.cells, hidden.copy()
    seen = probe.believable
    for index in seen.unmet(hidden, whole=True).tolist():
        if index not in seen.unmet(hidden, whole=True):
            continue
        goal = probe.goals[index]
        table = _find_table(cells, goal, hidden, deadline)
        if table is None:
            table = _open(cells, goal, hidden, deadline)
            hidden |= cells.hideable & (np.abs(table - cells.values) > WHOLE)
        seen.remember(table)
    return _show_exact(probe, hidden, deadline)


def _show_exact(probe: Probe, hidden: BoolArray, deadline: Deadline) -> BoolArray:
    """What can have one value only is no secret, and shields nothing."""
    cells = probe.cells
    still = hidden & ~cells.primary & ~probe.believable.moved(hidden, whole=True)
    for column in np.flatnonzero(still).tolist():
        if probe.believable.moved(hidden, whole=True)[column]:
            continue
        value = int(cells.values[column])
        ways = (Goal(column, value + way, way) for way in (1, -1))
        found = next(
            (table for way in ways if (table := _find_table(cells, way, hidden, deadline)) is not None), None
        )
        if found is None:
            hidden[column] = False
        else:
            probe.believable.remember(found)
    return hidden


def _find_table(cells: LinkedCells, goal: Goal, hidden: BoolArray, deadline: Deadline) -> FloatArray | None:
    """A table of whole numbers that agrees with what is shown, where a column is at its goal or beyond."""
    free = hidden | cells.open_anyway
    lower = np.where(free, cells.lower, cells.values).astype(np.float64)
    upper = np.where(free, cells.upper, cells.values).astype(np.float64)
    (lower if goal.direction > 0 else upper)[goal.column] = goal.value
    if lower[goal.column] > upper[goal.column]:
        return None
    return solve_whole(lower, upper, cells.rows, np.zeros(len(lower)), deadline)


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
