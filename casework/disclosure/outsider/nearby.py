"""Tables of whole numbers near one that is known: quicker than an integer program, where it finds one."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from casework.disclosure.solver import Deadline, FloatArray, LinearProgram, Row, is_whole

_TRIES: Final = 3


class Nearby:
    """Moves one unknown of a known table, and as little else as will do: by what each rises and falls.

    What moves least moves along short circuits, which are mostly whole, where a table that goes as far as can
    be is mostly not. The prices of moves are drawn by lot, with a fixed seed.
    """

    def __init__(self, table: FloatArray, rows: Sequence[Row], deadline: Deadline) -> None:
        count = len(table)
        self._table = table
        self._prices = [1 + np.random.default_rng(seed).random(2 * count) for seed in range(_TRIES)]
        self._unbounded = np.full(2 * count, np.inf)
        moves = [_as_moves(row, table) for row in rows]
        self._program = LinearProgram(
            np.zeros(2 * count), self._unbounded, moves, deadline, integral=False, bounds_change=True
        )

    def find(self, unknown: int, value: int, lower: FloatArray) -> FloatArray | None:
        """A table of whole numbers where an unknown has a value, or None where none was found.

        Raises DisclosureRefused: time_limit, solver.
        """
        count, shift = len(self._table), value - self._table[unknown]
        least, most = np.zeros(2 * count), np.concatenate([self._unbounded[:count], self._table - lower])
        if np.any(most < 0) or (shift < 0 and -shift > most[count + unknown]):
            return None
        way, other = (unknown, count + unknown) if shift > 0 else (count + unknown, unknown)
        least[way] = most[way] = abs(shift)
        most[other] = 0
        self._program.set_bounds(least, most)
        for prices in self._prices:
            found = self._program.minimise(prices)
            if found is None:
                return None
            if is_whole(found.columns):
                return np.asarray(self._table + found.columns[:count] - found.columns[count:])
        return None


def _as_moves(row: Row, table: FloatArray) -> Row:
    known = float(np.asarray(row.coefficients) @ table[list(row.columns)])
    columns = [*row.columns, *(len(table) + column for column in row.columns)]
    return Row(
        columns,
        [*row.coefficients, *(-value for value in row.coefficients)],
        row.lower - known,
        row.upper - known,
    )
