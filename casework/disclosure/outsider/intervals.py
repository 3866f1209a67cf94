"""The tightest interval of whole numbers for a quantity, given all that is known."""

from collections import deque
from math import ceil
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.outsider.knowledge import Knowledge
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

_KEPT: Final = 200


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
        self._tables: deque[FloatArray] = deque(maxlen=_KEPT)
        contradicted = any(not row.columns and not row.lower <= 0 for row in knowledge.rows)
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
            self._tables.append(found.columns)
            return least
        if any(round(float(quantity @ table)) == least for table in self._tables):
            return least
        return self._least_whole(quantity, least)

    def _least_whole(self, quantity: FloatArray, least: int) -> int:
        """By an integer program: linear ones may go below what whole numbers allow."""
        knowledge = self.knowledge
        inside = np.flatnonzero(quantity)
        goal = Row(inside.tolist(), quantity[inside].tolist(), least, np.inf)
        rows = [*self._rows, goal]
        table = solve_whole(knowledge.lower, self._unbounded, rows, quantity, self.deadline)
        if table is None:
            raise refusal("inconsistent")
        self._tables.append(table)
        return round(float(quantity @ table))
