"""The engine's model of a frequency table: counts of cases, any number of axes, groupings nested or not."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.frequency.crossing import Crossing
from casework.disclosure.frequency.files import FrequencyTable
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.threshold import unsafe

_INTEGRAL_AXES: Final = 2
_FARTHEST: Final = 20
"""In thresholds. With whole vertices no cell has to move further than the one it shields: less than one."""


@dataclass(frozen=True, eq=False)
class Policy:
    """What is unsafe, 1 to `threshold` - 1, and whether a zero is always published (`zeros_published`)."""

    threshold: int
    zeros_published: bool


def link_frequencies(table: FrequencyTable, policy: Policy) -> LinkedCells:
    """One column per cell of the full cross; hiding a cell costs its count, an observed zero next to nothing.

    No cell may rise further than `_FARTHEST` says: nobody outside knows such a bound, so what is safe within
    it is safe without, and a cost is proven to be the least within it. A zero that no line of the file gives
    is never hidden: everybody may know why nobody is there.
    """
    crossing, k = table.crossing, policy.threshold
    values = crossing.sum_up(table.details).ravel()
    lower, least = floors(table, policy)
    primary = unsafe(values, k)
    integral = _is_network(crossing)
    written = crossing.sum_up(table.written.astype(np.int64)).ravel() > 0
    return LinkedCells(
        values=values,
        lower=lower,
        upper=values + k * (1 if integral else _FARTHEST),
        shown=np.ones(values.size, dtype=np.bool_),
        hideable=values > 0 if policy.zeros_published else written,
        weight=np.asarray(values + 1 / (2 * values.size + 2), dtype=np.float64),
        primary=primary,
        needs=tuple((int(at), int(least[at]), k) for at in np.flatnonzero(primary)),
        rows=crossing.rows(),
        column_of=np.arange(values.size).reshape(crossing.shape),
        places=np.stack(np.unravel_index(np.arange(values.size), crossing.shape), axis=1).astype(np.int64),
        integral=integral,
        members=tuple(axis.members for axis in crossing.axes),
    )


def floors(table: FrequencyTable, policy: Policy) -> tuple[IntArray, IntArray]:
    """For each cell what an attacker knows it to be at least, and how far down its interval must reach.

    Where zeros are always published, whatever is hidden holds somebody, and a margin as many as it has
    details that do.
    """
    cells = table.crossing.sum_up(table.details).ravel()
    if not policy.zeros_published:
        nothing = np.zeros(cells.size, dtype=np.int64)
        return nothing, nothing
    inside = table.crossing.sum_up((table.details > 0).astype(np.int64)).ravel()
    return np.minimum(cells, 1), np.maximum(inside, np.minimum(cells, 1))


def _is_network(crossing: Crossing) -> bool:
    """One axis, or two of which one has no groupings, those of the other nested: all vertices are whole."""
    grouped = [axis for axis in crossing.axes if len(axis.sets) > len(axis.codes) + 1]
    if len(crossing.axes) > _INTEGRAL_AXES or len(grouped) > 1:
        return False
    return all(
        one <= other or other <= one or not one & other
        for axis in crossing.axes
        for one in axis.sets
        for other in axis.sets
    )
