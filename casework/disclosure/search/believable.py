"""Tables that an attacker could believe in, and what each of them needs hidden."""

from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.solver import WHOLE, FloatArray, is_whole

KEPT: Final = 1500


class Believable:
    """The last tables found: which columns each moves away from the truth, and which goals it reaches.

    A pattern of hidden columns shields a goal when some table reaches it and moves hidden columns alone.
    """

    def __init__(self, cells: LinkedCells) -> None:
        self._cells = cells
        goals = cells.goals()
        self._kept = kept = max(KEPT, 2 * len(goals))  # each goal may need a table of its own
        self._column = np.array([goal.column for goal in goals], dtype=np.int64)
        self._value = np.array([goal.value for goal in goals], dtype=np.float64)
        self._direction = np.array([goal.direction for goal in goals], dtype=np.float64)
        self._moved = np.zeros((kept, (len(cells.values) + 7) // 8), dtype=np.uint8)  # a bit for each column
        self._reached = np.zeros((kept, len(goals)), dtype=np.bool_)
        self._whole = np.zeros(kept, dtype=np.bool_)
        self._tables = np.zeros((kept, len(cells.values)), dtype=np.int64)
        self._found = 0
        self.heard: list[FloatArray] | None = None
        """Where somebody wants them, all tables of whole numbers ever found; a search forgets."""

    def remember(self, table: FloatArray) -> None:
        """One more table; the oldest is forgotten where there are too many."""
        at = self._found % self._kept
        self._moved[at] = np.packbits((np.abs(table - self._cells.values) > WHOLE) & self._cells.shown)
        self._reached[at] = (table[self._column] - self._value) * self._direction >= -WHOLE
        self._whole[at] = is_whole(table)
        self._tables[at] = np.rint(table)
        if self.heard is not None and self._whole[at]:
            self.heard.append(table)
        self._found += 1

    def unmet(self, hidden: BoolArray, *, whole: bool = False) -> IntArray:
        """Indexes of the goals that no table shows to be shielded; `whole` asks for whole numbers."""
        fits = self._fits(hidden, whole)
        return np.flatnonzero(~self._reached[: len(fits)][fits].any(axis=0)).astype(np.int64)

    def moved(self, hidden: BoolArray, *, whole: bool = False) -> BoolArray:
        """Columns that some table moves without moving what is not hidden."""
        fits = self._fits(hidden, whole)
        moved = np.bitwise_or.reduce(self._moved[: len(fits)][fits], axis=0)
        return np.unpackbits(moved, count=len(hidden)).astype(np.bool_)

    def tables(self, hidden: BoolArray) -> IntArray:
        """Of whole numbers, and moving nothing but what is hidden: shape (tables, columns).

        Left out is what reaches and moves nothing but what others do.
        """
        fits = np.flatnonzero(self._fits(hidden, whole=True))
        moved = np.unpackbits(self._moved[fits], axis=1, count=len(hidden)).astype(np.bool_)
        shows = np.concatenate([self._reached[fits], moved], axis=1)
        seen = np.zeros(shows.shape[1], dtype=np.bool_)
        chosen: list[int] = []
        for at, line in zip(fits.tolist(), shows, strict=True):
            if np.any(line & ~seen):
                chosen.append(at)
                seen |= line
        return np.asarray(self._tables[chosen])

    def _fits(self, hidden: BoolArray, whole: bool) -> BoolArray:
        kept = min(self._found, self._kept)
        fits = ~(self._moved[:kept] & np.packbits(~hidden)).any(axis=1)
        return np.asarray(fits & self._whole[:kept] if whole else fits)
