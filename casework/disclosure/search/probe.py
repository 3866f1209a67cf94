"""Whether a pattern of suppressions shields every goal: by linear programs that leave a proof either way."""

import time
from math import inf
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.refusals import refusal
from casework.disclosure.search.believable import Believable
from casework.disclosure.search.boxes import Boxes
from casework.disclosure.search.cuts import Cuts
from casework.disclosure.solver import WHOLE, Deadline, FloatArray, LinearProgram, Optimum, is_whole

_TINY: Final = 1e-9


class Probe:
    """One warm linear program over the attacker's tables.

    A goal that is reached leaves a table in `believable`; one that is not leaves a cut in `cuts`, from the
    reduced costs of the program (Fischetti and Salazar-González 2001, section 3): unless the columns that
    hold the goal back are hidden, to an extent that the cut names, no pattern reaches it.
    """

    def __init__(self, cells: LinkedCells, deadline: Deadline) -> None:
        self.cells = cells
        self._deadline = deadline
        self.goals = cells.goals()
        self.believable = Believable(cells)
        self.boxes = Boxes(cells)
        self.cuts = Cuts(len(cells.values))
        self._values = cells.values.astype(np.float64)
        free = cells.hideable | cells.open_anyway
        self._rise = np.where(free, cells.upper - cells.values, 0).astype(np.float64)
        self._fall = np.where(free, cells.values - cells.lower, 0).astype(np.float64)
        self._shares = cells.open_anyway.astype(np.float64)
        self._program = LinearProgram(*self._bounds(), cells.rows, deadline, integral=False)

    def shields(self, hidden: BoolArray) -> bool:
        """Whether every goal can be reached while only these (and what is never shown) are unknown."""
        while len(unmet := self.believable.unmet(hidden)):
            if not self.reaches(int(unmet[0]), hidden.astype(np.float64)):
                return False
        return True

    def separate(self, shares: FloatArray, tolerance: float = WHOLE, until: float = inf) -> int:
        """Adds a cut for each goal out of reach when columns are hidden by these shares; returns how many.

        Raises DisclosureRefused: time_limit also when `time.monotonic()` passes `until`; solver.
        """
        highest = lowest = self._values
        failed = 0
        for index, (column, value, direction) in enumerate(self.goals):
            best = highest[column] if direction > 0 else lowest[column]
            if (best - value) * direction >= -tolerance:
                continue
            if time.monotonic() > until:
                raise self._deadline.passed()
            found = self._ask(index, shares)
            highest, lowest = np.maximum(highest, found.columns), np.minimum(lowest, found.columns)
            if (found.columns[column] - value) * direction < -tolerance:
                self._learn(index, found)
                failed += 1
        return failed

    def reaches(self, index: int, shares: FloatArray) -> bool:
        """Whether one goal is reached; the table or the cut that shows it is kept."""
        found = self._ask(index, shares)
        if self.cells.integral and not is_whole(found.columns):
            raise refusal("solver")  # shares of 0 and 1 leave bounds whole, and so every vertex
        column, value, direction = self.goals[index]
        if (found.columns[column] - value) * direction >= -WHOLE:
            self.believable.remember(found.columns)
            return True
        self._learn(index, found)
        return False

    def _ask(self, index: int, shares: FloatArray) -> Optimum:
        """The table that comes nearest to a goal; beyond it nothing is looked for."""
        self._set_shares(shares)
        column, value, direction = self.goals[index]
        lower, upper = self._bounds_of(column)
        self._program.set_bound(
            column,
            lower if direction > 0 else max(lower, value),
            min(upper, value) if direction > 0 else upper,
        )
        found = self._minimise(column, direction)
        self._program.set_bound(column, lower, upper)
        return found

    def _minimise(self, column: int, direction: int) -> Optimum:
        cost = np.zeros(len(self._values))
        cost[column] = -direction
        found = self._program.minimise(cost)
        if found is None:
            raise refusal("solver")
        return found

    def _learn(self, index: int, found: Optimum) -> None:
        column, value, direction = self.goals[index]
        needed = float((value - self._values[column]) * direction)
        reduced = np.where(np.abs(found.reduced) < _TINY, 0.0, found.reduced)
        held = np.where(reduced < 0, -reduced * self._rise, reduced * self._fall)
        held[column] = 0
        always = self.cells.open_anyway
        needed -= float(held[always].sum())
        held[always | ~self.cells.hideable] = 0
        if needed > WHOLE:
            self.cuts.add(held, needed)

    def _set_shares(self, shares: FloatArray) -> None:
        wanted = np.where(self.cells.open_anyway, 1.0, shares)
        changed = np.flatnonzero(wanted != self._shares).astype(np.int64)
        self._shares = wanted
        if len(changed):
            lower, upper = self._bounds()
            self._program.set_some_bounds(changed, lower[changed], upper[changed])

    def _bounds(self) -> tuple[FloatArray, FloatArray]:
        shares = self._shares
        return (
            np.asarray(self._values - self._fall * shares, dtype=np.float64),
            np.asarray(self._values + self._rise * shares, dtype=np.float64),
        )

    def _bounds_of(self, column: int) -> tuple[float, float]:
        share = self._shares[column]
        return (
            float(self._values[column] - self._fall[column] * share),
            float(self._values[column] + self._rise[column] * share),
        )
