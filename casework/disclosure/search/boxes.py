"""Boxes: tables that differ from the truth in the corners of a box alone, found without any program.

Along each axis either a code gains what another loses, or a code gains and every sum that it lies in with it;
the product of such moves over all axes keeps every sum true. In whole numbers, and all boxes at once by a
few small matrix products, they answer most goals (the hypercubes of Repsilber 1994, with groupings).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.linkedcells import Goal, LinkedCells
from casework.disclosure.solver import FloatArray

_BARRED: Final = 2.0**40
"""Greater than any price, and still exact beside prices that are multiples of a small power of two."""


class Boxes:
    """All boxes around a cell of a full cross; of a model that is none, no box is ever found."""

    def __init__(self, cells: LinkedCells) -> None:
        self._values = cells.values.astype(np.float64)
        self._rise = (cells.upper - cells.values).astype(np.float64)
        self._fall = (cells.values - cells.lower).astype(np.float64)
        self._hideable, self._open_anyway = cells.hideable, cells.open_anyway
        self._shape = tuple(len(line) for line in cells.members)
        self._members = [line.astype(np.float64) for line in cells.members]
        self._moves: dict[tuple[int, int], FloatArray] = {}

    def _cheapest(self, goal: Goal, price: FloatArray) -> FloatArray | None:
        """At a price for each cell, infinite where it may not move."""
        if not self._shape:
            return None
        shift = abs(goal.value - float(self._values[goal.column]))
        rigid = np.asarray(~np.isfinite(price))
        up, down = (self._rise, self._fall) if goal.direction > 0 else (self._fall, self._rise)
        no_gain, no_loss = rigid | (up < shift), rigid | (down < shift)
        costs = np.where(rigid, 0.0, price) + _BARRED * np.add(no_gain, no_loss, dtype=np.float64)
        signed = _BARRED * np.subtract(no_gain, no_loss, dtype=np.float64)
        moves = [self._moves_of(axis, at) for axis, at in enumerate(self._place(goal.column))]
        total = _combine(costs.reshape(self._shape), [np.abs(move) for move in moves])
        total = total + _combine(signed.reshape(self._shape), moves)
        best = np.unravel_index(int(np.argmin(total)), total.shape)
        if total[best] >= _BARRED:
            return None
        chosen = [move[at] for move, at in zip(moves, best, strict=True)]
        moved = chosen[0]
        for along in chosen[1:]:
            moved = np.multiply.outer(moved, along)
        return np.asarray(self._values + goal.direction * shift * moved.ravel(), dtype=np.float64)

    def within(self, goal: Goal, hidden: BoolArray) -> FloatArray | None:
        """A table that reaches a goal and moves nothing but what is hidden or never shown, if a box does."""
        return self._cheapest(goal, np.where(hidden | self._open_anyway, 0.0, np.inf))

    def opening(self, goal: Goal, hidden: BoolArray, price: FloatArray) -> FloatArray | None:
        """The same at least price, whatever has to be hidden for it; what is hidden costs nothing."""
        shut = np.where(self._hideable, price, np.inf)
        return self._cheapest(goal, np.where(hidden | self._open_anyway, 0.0, shut))

    def _place(self, column: int) -> list[int]:
        return [int(at) for at in np.unravel_index(column, self._shape)]

    def _moves_of(self, axis: int, at: int) -> FloatArray:
        """Shape (moves, sets): the ways along an axis in which a set gains one."""
        if (axis, at) not in self._moves:
            members = self._members[axis]
            inside, outside = np.flatnonzero(members[at]), np.flatnonzero(members[at] == 0)
            exchanged = members[:, inside, np.newaxis] - members[:, np.newaxis, outside]
            ways = np.concatenate([members[:, inside], exchanged.reshape(len(members), -1)], axis=1)
            self._moves[axis, at] = np.ascontiguousarray(ways.T)
        return self._moves[axis, at]


def _combine(cells: FloatArray, moves: Sequence[FloatArray]) -> FloatArray:
    """For each choice of a move along every axis the sum over the cells that they move."""
    for move in moves:
        cells = np.tensordot(cells, move, axes=(0, 1))
    return cells
