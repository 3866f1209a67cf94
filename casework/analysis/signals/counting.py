"""How many incidents of each series lie in the window, and in each block of the past."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casework.analysis.signals.fitting import Numbers

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Span:
    """The window, its last days given as ordinals, and how many blocks of the same length the past has."""

    last_day: int
    days: int
    blocks: int

    @property
    def first_day(self) -> int:
        """Give the first day of the window."""
        return self.last_day - self.days + 1

    def ends(self) -> Integers:
        """Give the last day of each block, the oldest first."""
        return self.first_day - 1 - self.days * np.arange(self.blocks - 1, -1, -1, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Dated:
    """When each incident happened, from the first to the last day that it may have, and when it was logged.

    All are ordinals of days.
    """

    first: Integers
    last: Integers
    logged: Integers


@dataclass(frozen=True, slots=True)
class Placed:
    """Which incident counts in which block, and how much of it; blocks are numbered from 0, the oldest.

    `within` are those that lie in the window for certain, `perhaps` those that may, and are not counted.
    """

    rows: Integers
    blocks: Integers
    weights: Numbers
    within: Integers
    perhaps: Integers


def place(dated: Dated, span: Span, as_known_then: bool) -> Placed:
    """Place incidents in the blocks of the past, and in the window.

    The window counts only what lies in it for certain. In the past an incident of which not the day is known
    counts with the share of its days that lie in a block: doubt raises what is expected, never what is seen.

    With `as_known_then` a block counts what had been logged by its last day, as the window does today: most
    of what happened in the last weeks is not logged yet, and a past to which all has been added since would
    hide every rise. (Noufaily et al., Biometrics 71, 2015, on what late reports do to detection.)
    """
    within = (dated.first >= span.first_day) & (dated.last <= span.last_day)
    perhaps = (dated.first <= span.last_day) & (dated.last >= span.first_day) & ~within
    rows, blocks, weights = [], [], []
    for number, end in enumerate(span.ends()):
        first, last = int(end) - span.days + 1, int(end)
        here = np.flatnonzero((dated.first <= last) & (dated.last >= first))
        if as_known_then:
            here = here[dated.logged[here] <= end]
        rows.append(here)
        blocks.append(np.full(len(here), number, dtype=np.int64))
        weights.append(_share(dated, here, first, last))
    return Placed(
        np.concatenate(rows),
        np.concatenate(blocks),
        np.concatenate(weights),
        np.flatnonzero(within),
        np.flatnonzero(perhaps),
    )


def count_past(placed: Placed, series: Integers, count: int, blocks: int) -> Numbers:
    """Count each block of each series: `series` is the number of every incident's, -1 where it has none."""
    numbers = series[placed.rows]
    of = numbers >= 0
    flat = np.bincount(
        numbers[of] * blocks + placed.blocks[of], weights=placed.weights[of], minlength=count * blocks
    )
    return flat.astype(np.float64).reshape(count, blocks)


def count_rows(rows: Integers, series: Integers, count: int) -> Integers:
    """Count how many of these incidents are of each series."""
    numbers = series[rows]
    return np.bincount(numbers[numbers >= 0], minlength=count)


def _share(dated: Dated, rows: Integers, first: int, last: int) -> Numbers:
    """Give the share of the possible days of these incidents, some of each, that lie in the block."""
    begins, ends = dated.first[rows], dated.last[rows]
    share: Numbers = (np.minimum(ends, last) - np.maximum(begins, first) + 1) / (ends - begins + 1)
    return share
