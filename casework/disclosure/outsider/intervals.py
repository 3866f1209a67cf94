"""The tightest interval of whole numbers for a quantity, given all that is known."""

from math import ceil
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.outsider.knowledge import Knowledge
from casework.disclosure.outsider.nearby import Nearby
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import (
    WHOLE,
    Deadline,
    FloatArray,
    LinearProgram,
    Optimum,
    Row,
    is_whole,
    solve_whole,
)

_KEPT: Final = 400


class Bounds(NamedTuple):
    """From `low` to `high`, both possible; `high` is None where nothing bounds the quantity from above."""

    low: int
    high: int | None

    @property
    def is_exact(self) -> bool:
        """Whether only one value is possible."""
        return self.low == self.high

    def is_small(self, threshold: int) -> bool:
        """Whether every possible value lies from 1 to one less than the threshold."""
        return self.low >= 1 and self.high is not None and self.high < threshold


class Outsider:
    """Holds what is known as one warm linear program, and the tables of whole numbers found so far."""

    def __init__(self, knowledge: Knowledge, deadline: Deadline) -> None:
        """Raises DisclosureRefused("inconsistent") when no table agrees with all that is published."""
        self.knowledge = knowledge
        self.deadline = deadline
        self._lower = knowledge.lower
        self._tables = np.zeros((_KEPT, len(knowledge.lower)))
        self._fits = np.zeros(_KEPT, dtype=np.bool_)
        self._found = 0
        self._nearby: Nearby | None = None
        self.all_tables: list[FloatArray] = []
        contradicted = any(not row.columns and not row.lower <= 0 <= row.upper for row in knowledge.rows)
        if contradicted:
            raise refusal("inconsistent")
        self._unbounded = np.full(len(knowledge.lower), np.inf)
        self._rows = [row for row in knowledge.rows if row.columns]
        self._program = (
            LinearProgram(knowledge.lower, self._unbounded, self._rows, deadline, integral=False)
            if len(knowledge.lower)
            else None
        )
        self.prove(np.zeros(len(knowledge.lower)))  # whether anything agrees at all

    def bounds(self, quantity: FloatArray) -> Bounds:
        """The interval of a sum of unknowns. Raises DisclosureRefused: inconsistent, time_limit, solver."""
        low = self._least(quantity)
        if np.any(quantity[~self.knowledge.bounded] > 0):
            return Bounds(low, None)
        return Bounds(low, -self._least(-quantity))

    def agreeing(self, tables: FloatArray) -> FloatArray:
        """Those tables, one a row, that are whole and agree with everything that is published.

        Where they come from does not matter: each is looked at.
        """
        found = np.asarray(np.rint(tables), dtype=np.float64)
        sums = np.zeros((len(self._rows), found.shape[1]))
        for at, row in enumerate(self._rows):
            sums[at, list(row.columns)] = row.coefficients
        least = np.array([row.lower for row in self._rows])
        most = np.array([row.upper for row in self._rows])
        totals = found @ sums.T
        fits = (found >= self.knowledge.lower).all(axis=1) & ((totals >= least) & (totals <= most)).all(
            axis=1
        )
        return np.asarray(found[fits])

    def suppose(self, lower: FloatArray) -> None:
        """From now on the unknowns are known to be so much at least: an insider knows what is their own."""
        if np.array_equal(lower, self._lower):
            return
        self._lower = lower
        self._fits = np.asarray((self._tables >= lower - WHOLE).all(axis=1))
        if self._program is not None:
            self._program.set_bounds(lower, self._unbounded)

    def reaches(self, quantity: FloatArray, value: int) -> bool:
        """Whether some table of whole numbers has so much of a quantity, or more.

        Raises DisclosureRefused: inconsistent, time_limit, solver.
        """
        if np.any(self._known_tables @ quantity >= value - WHOLE):
            return True
        if np.any(quantity[~self.knowledge.bounded] > 0):
            return True
        found = self.prove(-quantity)
        if found is None:
            return value <= 0
        if -found.value < value - WHOLE:
            return False
        if is_whole(found.columns):
            self.remember(found.columns)
            return True
        return self._find_nearby(quantity, value) or self._find_whole(quantity, value)

    def farthest(self, quantity: FloatArray, value: int) -> int:
        """How far up a quantity goes, no further than the value. Raises as `reaches`."""
        return value if self.reaches(quantity, value) else -self._least(-quantity)

    def _find_nearby(self, quantity: FloatArray, value: int) -> bool:
        """Whether a table of whole numbers near the first one known reaches it; for a single unknown."""
        inside = np.flatnonzero(quantity)
        if not self._found or len(inside) != 1:
            return False
        if self._nearby is None:
            self._nearby = Nearby(self._tables[0].copy(), self._rows, self.deadline)
        unknown, factor = int(inside[0]), float(quantity[inside[0]])
        table = self._nearby.find(unknown, round(value / factor), self._lower)
        if table is not None:
            self.remember(table)
        return table is not None

    def _find_whole(self, quantity: FloatArray, value: int) -> bool:
        """Whether whole numbers reach it too."""
        inside = np.flatnonzero(quantity)
        goal = Row(inside.tolist(), quantity[inside].tolist(), value, np.inf)
        rows = [*self._rows, goal]
        table = solve_whole(self._lower, self._unbounded, rows, np.zeros(len(quantity)), self.deadline)
        if table is not None:
            self.remember(table)
        return table is not None

    def always_zero(self, asked: BoolArray) -> BoolArray:
        """Of some unknowns those of which no table has any, as far as linear programs tell.

        Raises DisclosureRefused: inconsistent, time_limit, solver.
        """
        left = asked & self.knowledge.bounded & ~(self._known_tables > WHOLE).any(axis=0)
        while left.any():
            found = self.prove(-left.astype(np.float64))
            if found is None or -found.value <= WHOLE:
                break
            left &= found.columns <= WHOLE
        return left

    def seen(self, quantity: FloatArray, value: int) -> FloatArray:
        """The tables of whole numbers found so far that have so much of a quantity, or more, one a row."""
        tables = self._known_tables
        return np.asarray(tables[tables @ quantity >= value - WHOLE])

    @property
    def _known_tables(self) -> FloatArray:
        kept = min(self._found, _KEPT)
        return np.asarray(self._tables[:kept][self._fits[:kept]])

    def remember(self, table: FloatArray) -> None:
        """Keeps a table of whole numbers that agrees with everything; the first one for good."""
        at = self._found if self._found < _KEPT else 1 + self._found % (_KEPT - 1)
        self._tables[at], self._fits[at] = table, True
        self.all_tables.append(table)
        self._found += 1

    def prove(self, quantity: FloatArray) -> Optimum | None:
        """The vertex where the quantity is least, with the prices of what holds it there."""
        if self._program is None:
            return None
        found = self._program.minimise(quantity)
        if found is None:
            raise refusal("inconsistent")
        return found

    def _least(self, quantity: FloatArray) -> int:
        found = self.prove(quantity)
        if found is None:
            return 0
        least = ceil(found.value - WHOLE)
        if is_whole(found.columns):
            self.remember(found.columns)
            return least
        if np.any(np.abs(self._known_tables @ quantity - least) <= WHOLE):
            return least
        return self._least_whole(quantity, least)

    def _least_whole(self, quantity: FloatArray, least: int) -> int:
        """By an integer program: linear ones may go below what whole numbers allow."""
        inside = np.flatnonzero(quantity)
        goal = Row(inside.tolist(), quantity[inside].tolist(), least, np.inf)
        rows = [*self._rows, goal]
        table = solve_whole(self._lower, self._unbounded, rows, quantity, self.deadline)
        if table is None:
            raise refusal("inconsistent")
        self.remember(table)
        return round(float(quantity @ table))
