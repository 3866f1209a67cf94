"""The engine's model of a frequency table: counts of cases, any number of axes, groupings nested or not."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.frequency.crossing import Crossing
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.threshold import unsafe

_INTEGRAL_AXES: Final = 2


@dataclass(frozen=True, eq=False)
class Policy:
    """What is unsafe, 1 to `threshold` - 1, and whether a zero is always published (`zeros_published`)."""

    threshold: int
    zeros_published: bool


def link_frequencies(crossing: Crossing, details: IntArray, policy: Policy) -> LinkedCells:
    """One column per cell of the full cross; hiding a cell costs its count, an observed zero next to nothing.

    Nobody outside knows a greatest value for a cell beyond what the sums tell: the upper bounds are such that
    every unsafe cell could reach the threshold by itself.
    """
    cells = crossing.sum_up(details)
    values = cells.ravel()
    lower, least = floors(crossing, details, policy)
    primary = unsafe(values, policy.threshold)
    ceiling = int(values.max(initial=0)) + policy.threshold
    return LinkedCells(
        values=values,
        lower=lower,
        upper=np.full(values.size, ceiling),
        shown=np.ones(values.size, dtype=np.bool_),
        hideable=values > 0 if policy.zeros_published else np.ones(values.size, dtype=np.bool_),
        weight=np.asarray(values + 1 / (2 * values.size + 2), dtype=np.float64),
        primary=primary,
        needs=tuple((int(at), int(least[at]), policy.threshold) for at in np.flatnonzero(primary)),
        rows=crossing.rows(),
        column_of=np.arange(values.size).reshape(crossing.shape),
        places=np.stack(np.unravel_index(np.arange(values.size), crossing.shape), axis=1).astype(np.int64),
        integral=_is_network(crossing),
    )


def floors(crossing: Crossing, details: IntArray, policy: Policy) -> tuple[IntArray, IntArray]:
    """For each cell what an attacker knows it to be at least, and how far down its interval must reach.

    Where zeros are always published, whatever is hidden holds somebody, and a margin as many as it has
    details that do.
    """
    cells = crossing.sum_up(details).ravel()
    if not policy.zeros_published:
        nothing = np.zeros(cells.size, dtype=np.int64)
        return nothing, nothing
    inside = crossing.sum_up((details > 0).astype(np.int64)).ravel()
    return np.minimum(cells, 1), np.maximum(inside, np.minimum(cells, 1))


def _is_network(crossing: Crossing) -> bool:
    """One or two axes whose sets are nested in each other: all vertices are whole (docs/disclosure.md)."""
    if len(crossing.axes) > _INTEGRAL_AXES:
        return False
    return all(
        one <= other or other <= one or not one & other
        for axis in crossing.axes
        for one in axis.sets
        for other in axis.sets
    )
