"""The repair: hides, at least price, what keeps a goal out of reach, one goal after the other."""

from collections.abc import Callable

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.refusals import refusal
from casework.disclosure.search.probe import Probe
from casework.disclosure.solver import WHOLE, Deadline, FloatArray, LinearProgram, Row


class Opener:
    """Finds the cheapest table that an attacker could believe in and where one column is shifted.

    Columns: the rise of each cell, then its fall (Fischetti and Salazar-González 2001, section 4, as a
    linear heuristic: the price of hiding is spread over the units that the shift could move through a cell).
    """

    def __init__(self, cells: LinkedCells, deadline: Deadline) -> None:
        self._cells = cells
        free = cells.hideable | ~cells.shown
        rise = np.where(free, cells.upper - cells.values, 0)
        fall = np.where(free, cells.values - cells.lower, 0)
        self._room = np.concatenate([rise, fall]).astype(np.float64)
        lower = np.zeros(len(self._room))
        rows = [rise_and_fall(row, len(cells.values)) for row in cells.rows]
        self._program = LinearProgram(lower, self._room, rows, deadline, integral=False, bounds_change=True)

    def open(self, column: int, goal: int, price: FloatArray) -> FloatArray:
        """The table, possibly of fractions, where the column has the value of the goal.

        Raises DisclosureRefused("cannot_protect") when hiding everything does not help.
        """
        count = len(self._cells.values)
        shift = goal - int(self._cells.values[column])
        lower, upper = np.zeros(2 * count), self._room.copy()
        way, other = (column, count + column) if shift > 0 else (count + column, column)
        if upper[way] < abs(shift):
            raise refusal("cannot_protect")
        lower[way] = upper[way] = abs(shift)
        upper[other] = 0
        self._program.set_bounds(lower, upper)
        spread = np.concatenate([price, price]) / np.clip(self._room, 1, abs(shift))
        found = self._program.minimise(np.asarray(spread, dtype=np.float64))
        if found is None:
            raise refusal("cannot_protect")
        return np.asarray(
            self._cells.values + found.columns[:count] - found.columns[count:], dtype=np.float64
        )


def rise_and_fall(row: Row, count: int) -> Row:
    """The row over rises and falls of the columns instead of the columns themselves."""
    columns = [*row.columns, *(count + column for column in row.columns)]
    return Row(columns, [*row.coefficients, *(-value for value in row.coefficients)], 0, 0)


def open_all(
    probe: Probe,
    opener: Opener,
    hidden: BoolArray,
    price: FloatArray,
    is_late: Callable[[], bool] = lambda: False,
) -> BoolArray:
    """The pattern, extended until every goal is reached; what is hidden already costs nothing.

    When it `is_late`, boxes have to do: much quicker, and dearer.

    Raises DisclosureRefused: cannot_protect, time_limit, solver.
    """
    cells, goals = probe.cells, probe.goals
    hidden = hidden.copy()
    distance = np.array([abs(goal.value - cells.values[goal.column]) for goal in goals])
    while len(unmet := probe.believable.unmet(hidden)):
        index = int(unmet[np.argmax(distance[unmet])])
        if probe.reaches(index, hidden.astype(np.float64)):  # much quicker than to look for what to hide
            continue
        goal = goals[index]
        box = probe.boxes.opening(goal, hidden, price) if is_late() else None
        asked = np.where(hidden | ~cells.hideable, 0.0, price)
        table = opener.open(goal.column, goal.value, asked) if box is None else box
        hidden |= cells.hideable & (np.abs(table - cells.values) > WHOLE)
        probe.believable.remember(table)
    return hidden
