"""What the search for suppressions works on, whatever kind of table it comes from."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.solver import Row


class Goal(NamedTuple):
    """A value that an attacker has to think possible for a column; `direction` (1 or -1) leads to it."""

    column: int
    value: int
    direction: int


@dataclass(frozen=True, eq=False)
class LinkedCells:
    """Parallel arrays, one entry per column of the attacker's unknowns.

    `values` is the truth; a column that is `shown` is known exactly unless it is hidden, and then lies
    between `lower` and `upper`, as every column that is never shown does. Only `hideable` ones may be
    hidden. `weight` is what hiding costs. `needs` are (column, at most, at least): the attacker's interval
    must reach from the one to the other. `column_of` leads from a cell of the table to its column.
    `integral` promises that every vertex of the attacker's tables is one of whole numbers. `places` has
    the coordinates of each column, whatever they are: columns that share many are near each other. Where the
    columns are the full cross of some axes, in their order, and any counts of the details are a table,
    `members` has for each axis which codes lie in which set: shape (sets, codes).
    """

    values: IntArray
    lower: IntArray
    upper: IntArray
    shown: BoolArray
    hideable: BoolArray
    weight: npt.NDArray[np.float64]
    primary: BoolArray
    needs: tuple[tuple[int, int, int], ...]
    rows: tuple[Row, ...]
    column_of: IntArray
    places: IntArray
    integral: bool = True
    members: tuple[IntArray, ...] = ()

    @property
    def open_anyway(self) -> BoolArray:
        """Columns that are unknown to an attacker whatever else is hidden."""
        return np.asarray(self.primary | ~self.shown)

    @property
    def candidates(self) -> IntArray:
        """Columns that may be hidden to shield others."""
        return np.flatnonzero(self.hideable & ~self.primary).astype(np.int64)

    def goals(self) -> tuple[Goal, ...]:
        """The far and the near end of each need, where the truth is not there already."""
        return tuple(
            Goal(column, goal, 1 if goal > self.values[column] else -1)
            for column, least, far in self.needs
            for goal in (far, least)
            if goal != self.values[column]
        )

    def cost(self, hidden: BoolArray) -> float:
        """What the secondary suppressions of a pattern cost."""
        return float(self.weight[hidden & ~self.primary].sum())
