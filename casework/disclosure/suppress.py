"""Chooses what to hide: primaries, then the cheapest openings that linear programs find, then a clean-up."""

from dataclasses import dataclass

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.linked import LinkedCells
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import WHOLE, Deadline, FloatArray, LinearProgram, Row


@dataclass(frozen=True, eq=False)
class Suppression:
    """Which columns of the model are hidden, and which of them only to shield the others."""

    hidden: BoolArray
    secondary: BoolArray
    cost: int


def suppress(cells: LinkedCells, deadline: Deadline) -> Suppression:
    """Hides enough that every need of the model is met and nothing hidden is exact.

    Raises DisclosureRefused: cannot_protect, time_limit, solver.
    """
    hidden = cells.primary.copy()
    witnesses = _open_all(cells, hidden, deadline)
    _publish_needless(cells, hidden, witnesses, deadline)
    secondary = hidden & ~cells.primary
    return Suppression(hidden, secondary, int(cells.values[secondary].sum()))


def _open_all(cells: LinkedCells, hidden: BoolArray, deadline: Deadline) -> list[FloatArray]:
    """Adds to `hidden` until every interval reaches as far as it must; returns tables that show it."""
    witnesses: list[FloatArray] = []
    opener = _Opener(cells, deadline)
    for column, least, far in sorted(cells.needs, key=lambda need: (-int(cells.values[need[0]]), need[0])):
        for goal in (far, least):
            shift = goal - int(cells.values[column])
            if shift == 0 or any(_reaches(witness[column], goal, shift) for witness in witnesses):
                continue
            witness = opener.open(column, shift, hidden)
            hidden |= cells.hideable & (np.abs(witness - cells.values) > WHOLE)
            witnesses.append(witness)
    return witnesses


def _reaches(value: float, goal: int, direction: int) -> bool:
    return value >= goal - WHOLE if direction > 0 else value <= goal + WHOLE


class _Opener:
    """Finds the cheapest table that an attacker could believe in and where one column is shifted.

    Columns: the rise of each cell, then its fall (Fischetti and Salazar-González 2001, section 4, as a
    linear heuristic: the cost of hiding is spread over the units that the shift could move through a cell).
    """

    def __init__(self, cells: LinkedCells, deadline: Deadline) -> None:
        self._cells = cells
        free = cells.hideable | ~cells.shown
        self._rise = np.where(free, cells.upper - cells.values, 0).astype(np.float64)
        self._fall = np.where(free, cells.values - cells.lower, 0).astype(np.float64)
        count = len(cells.values)
        rows = [
            Row(
                [*row.columns, *(count + column for column in row.columns)],
                [*row.coefficients, *(-value for value in row.coefficients)],
                0,
                0,
            )
            for row in cells.rows
        ]
        upper = np.concatenate([self._rise, self._fall])
        self._program = LinearProgram(np.zeros(2 * count), upper, rows, deadline, integral=False)

    def open(self, column: int, shift: int, hidden: BoolArray) -> FloatArray:
        """The table, possibly of fractions.

        Raises DisclosureRefused("cannot_protect") when hiding everything does not help.
        """
        count = len(self._cells.values)
        lower = np.zeros(2 * count)
        upper = np.concatenate([self._rise, self._fall])
        way, other = (column, count + column) if shift > 0 else (count + column, column)
        if upper[way] < abs(shift):
            raise refusal("cannot_protect")
        lower[way] = upper[way] = abs(shift)
        upper[other] = 0
        self._program.set_bounds(lower, upper)
        found = self._program.minimise(self._costs(abs(shift), hidden))
        if found is None:
            raise refusal("cannot_protect")
        return self._cells.values + found.columns[:count] - found.columns[count:]

    def _costs(self, shift: int, hidden: BoolArray) -> FloatArray:
        price = np.where(hidden | ~self._cells.hideable, 0.0, self._cells.weight)
        room = np.concatenate([self._rise, self._fall])
        return np.asarray(np.concatenate([price, price]) / np.clip(room, 1, shift), dtype=np.float64)


def _publish_needless(
    cells: LinkedCells, hidden: BoolArray, witnesses: list[FloatArray], deadline: Deadline
) -> None:
    """Shows again, most valuable first, each secondary without which the needs are still met.

    What is exact is never needed, and what was needed stays needed: so nothing hidden is exact afterwards.
    """
    check = _Checker(cells, hidden, witnesses, deadline)
    secondaries = np.flatnonzero(hidden & ~cells.primary)
    for column in sorted(secondaries, key=lambda index: (-cells.weight[index], index)):
        if check.survives(int(column)):
            hidden[column] = False
    if not check.needs_met() or check.exact_ones():
        raise refusal("solver")


class _Checker:
    """Whether all needs are met, from tables already seen where possible, else by linear programs."""

    def __init__(
        self, cells: LinkedCells, hidden: BoolArray, witnesses: list[FloatArray], deadline: Deadline
    ) -> None:
        self._cells = cells
        self._hidden = hidden
        self._seen = np.array([cells.values, *witnesses], dtype=np.float64)
        fixed = cells.shown & ~hidden
        lower = np.where(fixed, cells.values, cells.lower).astype(np.float64)
        upper = np.where(fixed, cells.values, cells.upper).astype(np.float64)
        self._program = LinearProgram(lower, upper, cells.rows, deadline)

    def survives(self, column: int) -> bool:
        """Whether the needs are met when the column is shown; if so it stays fixed at its value."""
        value = int(self._cells.values[column])
        others = self._seen[self._seen[:, column] != value]
        self._seen = self._seen[self._seen[:, column] == value]
        self._hidden[column] = False
        self._program.set_bound(column, value, value)
        if self.needs_met():
            return True
        self._seen = np.concatenate([self._seen, others])
        self._hidden[column] = True
        self._program.set_bound(column, int(self._cells.lower[column]), int(self._cells.upper[column]))
        return False

    def needs_met(self) -> bool:
        """Whether every unsafe quantity is protected."""
        return all(
            self._can_reach(column, far, 1) and self._can_reach(column, least, -1)
            for column, least, far in self._cells.needs
        )

    def exact_ones(self) -> list[int]:
        """Hidden columns that can only have one value."""
        return [int(column) for column in np.flatnonzero(self._hidden) if not self._can_move(int(column))]

    def _can_move(self, column: int) -> bool:
        value = int(self._cells.values[column])
        return self._can_reach(column, value + 1, 1) or self._can_reach(column, value - 1, -1)

    def _can_reach(self, column: int, goal: int, direction: int) -> bool:
        known = self._seen[:, column] * direction
        if _reaches(known.max(), goal * direction, 1):
            return True
        cost = np.zeros(self._seen.shape[1])
        cost[column] = -direction
        found = self._program.minimise(cost)
        if found is None:
            raise refusal("solver")
        self._seen = np.concatenate([self._seen, found.columns[np.newaxis]])
        return _reaches(float(found.columns[column]), goal, direction)
