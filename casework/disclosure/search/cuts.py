"""Inequalities that every safe pattern satisfies (Benders 1962; Fischetti and Salazar-González 2001)."""

from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.solver import WHOLE, FloatArray

_ROOM: Final = 512


class Cuts:
    """`coefficients @ hidden >= needed`, one row each, over all columns of the model; none is ever wrong."""

    def __init__(self, columns: int) -> None:
        self._coefficients = np.zeros((_ROOM, columns))
        self._needed = np.zeros(_ROOM)
        self.count = 0

    def add(self, coefficients: FloatArray, needed: float) -> None:
        """One more. No column counts for more than what is needed: one that is hidden is hidden once."""
        if self.count == len(self._needed):
            self._coefficients = np.concatenate([self._coefficients, np.zeros_like(self._coefficients)])
            self._needed = np.concatenate([self._needed, np.zeros_like(self._needed)])
        self._coefficients[self.count] = np.minimum(coefficients, needed)
        self._needed[self.count] = needed
        self.count += 1

    def rows(self, since: int, columns: IntArray) -> list[tuple[IntArray, FloatArray, float]]:
        """Those from the given number on: positions among `columns`, their coefficients, what is needed."""
        found = []
        for at in range(since, self.count):
            line = self._coefficients[at, columns]
            places = np.flatnonzero(line > WHOLE).astype(np.int64)
            found.append((places, line[places], float(self._needed[at])))
        return found

    def slack(self, hidden: BoolArray, since: int = 0) -> FloatArray:
        """By how much a pattern exceeds each cut from the given number on; negative where it breaks it."""
        chosen = self._coefficients[since : self.count][:, hidden].sum(axis=1)
        return np.asarray(chosen - self._needed[since : self.count], dtype=np.float64)

    def breaking(self, slack: FloatArray, column: int) -> bool:
        """Whether showing the column again would break one of the first cuts, whose slack is given."""
        return bool(np.any(slack - self._coefficients[: len(slack), column] < -WHOLE))

    def without(self, slack: FloatArray, column: int) -> FloatArray:
        """The slack once the column is shown."""
        return np.asarray(slack - self._coefficients[: len(slack), column], dtype=np.float64)
