"""Arrays of counts, and what is known of the cases behind them. Nothing here is safe to show."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Tally:
    """Three parallel arrays over sets of units.

    `units` are the units in each set, `cases` the distinct cases that they belong to, `mass` the units of
    the whole table that belong to those cases: no set made of these cases alone can be larger.
    """

    units: IntArray
    cases: IntArray
    mass: IntArray
