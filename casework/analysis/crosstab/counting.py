"""Counts of distinct units in every cell of a table, with all of its margins."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from casework.analysis.crosstab.columns import Column, Ints

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One direction of a table: a column, and how many codes it may have."""

    column: Column
    size: int


def count(axes: Sequence[Axis], rows: Ints, units: Ints | None = None) -> Counts:
    """Count in each cell the distinct units that have one of these `rows` in it.

    `units` are the numbers of the rows' units, for all rows of the columns; None where each row is a unit of
    its own. The last place of each axis is its margin, whatever the code; it counts distinct units too, so
    that where a unit may have several codes the cells add up to more.
    """
    if units is None:
        return _count_all(axes, rows, None)
    # To tell apart the few that have several rows is dear; the others are counted as they come.
    numbers = units[rows]
    alone = np.bincount(numbers)[numbers] == 1
    return _count_all(axes, rows[alone], None) + _count_all(axes, rows[~alone], units)


def _count_all(axes: Sequence[Axis], rows: Ints, units: Ints | None) -> Counts:
    table = np.zeros([axis.size + 1 for axis in axes], dtype=np.int64)
    for inner in product((True, False), repeat=len(axes)):
        kept = [axis for axis, is_kept in zip(axes, inner, strict=True) if is_kept]
        place = tuple(slice(0, -1) if is_kept else -1 for is_kept in inner)
        table[place] = _count_inner(kept, rows, units)
    return table


def _count_inner(axes: Sequence[Axis], rows: Ints, units: Ints | None) -> Counts:
    cells = np.zeros(len(rows), dtype=np.int64)
    places = np.arange(len(rows))
    for axis in axes:
        pairs, codes = axis.column.spread(rows[places])
        places, cells = places[pairs], cells[pairs] * axis.size + codes
    sizes = [axis.size for axis in axes]
    number = int(np.prod(sizes, dtype=np.int64))
    if units is not None:
        cells = np.unique(units[rows[places]].astype(np.int64) * number + cells) % max(number, 1)
    counted: Counts = np.bincount(cells, minlength=number).reshape(sizes).astype(np.int64)
    return counted
