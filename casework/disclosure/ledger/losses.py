"""Where so few were lost that it may have been one case: whoever that is knows how many, and subtracts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.changes import Changes

Bounds = tuple[tuple[npt.NDArray[np.int8], int], ...]
"""Sums of unknowns, some taken away, each with what it is at least."""


@dataclass(frozen=True, eq=False)
class Loss:
    """Units of one combination were lost: the unknowns `after` are those `before`, less these."""

    units: int
    before: BoolArray
    after: BoolArray

    @property
    def left(self) -> npt.NDArray[np.int8]:
        """What is left less what was there: known to whoever was lost."""
        return self.after.astype(np.int8) - self.before

    @property
    def bounds(self) -> Bounds:
        """That it is what was lost, no less and no more."""
        return (self.left, -self.units), (-self.left, self.units)


def list_losses(changes: Changes, covered: BoolArray, unknown_of: IntArray) -> Iterator[Loss]:
    """Every combination of which so few were lost at a release.

    `covered` tells which combinations each release counts, `unknown_of` which unknown what it first counted
    of them is part of, -1 where no cell sums it: both of shape (releases, combinations).
    """
    kept = np.where(covered, unknown_of, -1)
    count = int(kept.max(initial=-1)) + 1
    for number, one in np.argwhere(changes.lost).tolist():
        begun = np.flatnonzero(changes.restarts[:number, one])
        first = int(begun[-1]) if len(begun) else 0
        yield Loss(
            int(changes.lost[number, one]),
            _mark(count, kept[first:number, one]),
            _mark(count, kept[number, [one]]),
        )


def _mark(count: int, unknowns: IntArray) -> BoolArray:
    marked = np.zeros(count, dtype=np.bool_)
    marked[unknowns[unknowns >= 0]] = True
    return marked
