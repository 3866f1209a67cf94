"""From one row per unit to a table of counts, with all margins. Nothing here is safe to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from casework.disclosure.dimensions import UNITS, Dimension, check_dimensions, is_tags, shape_of
from casework.disclosure.refusals import refusal

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MOST_CELLS: Final = 20_000


@dataclass(frozen=True, eq=False)
class Tally:
    """Three parallel arrays over sets of units.

    `units` are the units in each set, `cases` the distinct cases that they belong to, `mass` the units of
    the whole table that belong to those cases: no set made of these cases alone can be larger.
    """

    units: IntArray
    cases: IntArray
    mass: IntArray

    def reshape(self, *shape: int) -> "Tally":
        """The same sets in another shape."""
        return Tally(self.units.reshape(shape), self.cases.reshape(shape), self.mass.reshape(shape))

    def column(self, index: int) -> "Tally":
        """One column of a two-way tally, without its last row (the total)."""
        return Tally(self.units[:-1, index], self.cases[:-1, index], self.mass[:-1, index])


@dataclass(frozen=True, eq=False)
class CountTable:
    """Exact counts of the full cross with margins, in the shape of `shape_of(dimensions)`.

    Of a table of tags, `cells` has a row per code and one for the total, with the columns *with* and
    *without*; `unshown` is what can be worked out from it though no cell shows it: units that have an
    answer, units that have none, and for each code the units with an answer other than it (of an
    exclusive code: nothing). `case_sizes` are the units per case, largest first.
    """

    dimensions: tuple[Dimension, ...]
    unit: str
    cells: Tally
    impossible: BoolArray
    case_sizes: IntArray
    unshown: Tally


def tabulate(
    dimensions: Sequence[Dimension],
    columns: Sequence[npt.NDArray[np.generic]],
    case_ids: npt.NDArray[np.generic],
    *,
    unit: str,
    impossible: npt.NDArray[np.bool_] | None = None,
) -> CountTable:
    """Counts units and distinct cases in every cell of the cross, margins included.

    A column holds, per unit, the index of its code; the column of a multi-valued dimension is a boolean
    matrix of units by codes. `impossible` marks structural zeros among the detailed cells (of a table of
    tags: among the codes). Work is linear in the units (times the codes, for tags).

    Raises DisclosureRefused: unknown_unit, too_many_dimensions, too_large, bad_shape, bad_code,
    contradictory_codes, impossible_not_zero.
    """
    dims = tuple(dimensions)
    check_dimensions(dims)
    if unit not in UNITS:
        raise refusal("unknown_unit")
    if np.prod(shape_of(dims)) > MOST_CELLS:
        raise refusal("too_large", most=MOST_CELLS)
    if case_ids.ndim != 1 or case_ids.dtype.kind == "f" or len(columns) != len(dims):
        raise refusal("bad_shape")
    if any(column.shape[:1] != case_ids.shape for column in columns):
        raise refusal("bad_shape")
    case = np.unique(case_ids, return_inverse=True)[1].astype(np.int64)
    sizes = np.bincount(case).astype(np.int64)
    if is_tags(dims):
        cells, unshown = _tally_tags(dims[0], columns[0], case, sizes)
    else:
        cells, unshown = _tally_cross(dims, columns, case, sizes), _tally_sets([], case, sizes)
    mask = _expand_mask(dims, impossible)
    if np.any(cells.units[mask]):
        raise refusal("impossible_not_zero")
    return CountTable(dims, unit, cells, mask, np.sort(sizes)[::-1], unshown)


def count_table(
    dimensions: Sequence[Dimension], counts: npt.NDArray[np.generic], *, unit: str = "cases"
) -> CountTable:
    """A table from its detailed counts alone, each unit a case of its own (single-valued dimensions).

    Raises DisclosureRefused: bad_shape, not_a_number, negative, and what `tabulate` raises.
    """
    dims = tuple(dimensions)
    check_dimensions(dims)
    if is_tags(dims) or counts.shape != tuple(len(dimension.codes) for dimension in dims):
        raise refusal("bad_shape")
    if counts.dtype.kind not in "iuf" or not np.all(np.isfinite(counts)):
        raise refusal("not_a_number")
    whole = counts.astype(np.int64)
    if np.any(whole != counts):
        raise refusal("not_a_number")
    if np.any(whole < 0):
        raise refusal("negative")
    flat = np.repeat(np.arange(whole.size), whole.ravel())
    columns = [column.astype(np.int64) for column in np.unravel_index(flat, whole.shape)]
    return tabulate(dims, columns, np.arange(len(flat)), unit=unit)


def exclusive_mask(dimension: Dimension) -> BoolArray:
    """For each code of a dimension, whether it stands alone."""
    return np.array([code in dimension.exclusive for code in dimension.codes], dtype=np.bool_)


def _tally_cross(
    dims: tuple[Dimension, ...], columns: Sequence[npt.NDArray[np.generic]], case: IntArray, sizes: IntArray
) -> Tally:
    """Each unit lies in one detailed cell and in every margin of it: distinct pairs are counted."""
    shape = shape_of(dims)
    choices = []
    for dimension, column in zip(dims, columns, strict=True):
        if column.ndim != 1 or column.dtype.kind not in "iu":
            raise refusal("bad_shape")
        if len(column) and (column.min() < 0 or column.max() >= len(dimension.codes)):
            raise refusal("bad_code")
        margin = np.full(len(column), len(dimension.codes), dtype=np.int64)
        choices.append((column.astype(np.int64), margin))
    cell = np.concatenate([np.ravel_multi_index(index, shape) for index in product(*choices)])
    among = max(len(sizes), 1)
    pairs = np.sort(cell * among + np.tile(case, 2 ** len(dims)))
    first = np.diff(pairs, prepend=-1) > 0  # by sorting: np.unique hashes, and takes six times as long
    owner, member = np.divmod(pairs[first], among)
    mass = np.zeros(int(np.prod(shape)), dtype=np.int64)
    np.add.at(mass, owner, sizes[member])
    units = np.bincount(cell, minlength=len(mass)).astype(np.int64)
    cases = np.bincount(owner, minlength=len(mass)).astype(np.int64)
    return Tally(units, cases, mass).reshape(*shape)


def _tally_tags(
    dimension: Dimension, members: npt.NDArray[np.generic], case: IntArray, sizes: IntArray
) -> tuple[Tally, Tally]:
    """Tags, their complements, and the sets that can be worked out from them."""
    if members.ndim != 2 or members.shape[1] != len(dimension.codes) or members.dtype.kind != "b":
        raise refusal("bad_shape")
    tags = members.astype(np.bool_)
    exclusive = exclusive_mask(dimension)
    carried = tags.sum(axis=1)
    unanswered: BoolArray = np.asarray(tags[:, exclusive].any(axis=1))
    if np.any(carried == 0) or np.any(carried[unanswered] > 1):
        raise refusal("contradictory_codes")
    each = list(tags.T)
    shown: list[BoolArray] = [column for tag in each for column in (tag, np.logical_not(tag))]
    gaps = [~tag & ~unanswered & ~excluded for tag, excluded in zip(each, exclusive, strict=True)]
    cells = _tally_sets([*shown, carried > 0, carried == 0], case, sizes).reshape(*shape_of((dimension,)))
    return cells, _tally_sets([~unanswered, unanswered, *gaps], case, sizes)


def _tally_sets(sets: Sequence[BoolArray], case: IntArray, sizes: IntArray) -> Tally:
    """One set of units after the other."""
    found = [np.bincount(case[chosen], minlength=len(sizes)) > 0 for chosen in sets]
    return Tally(
        np.array([chosen.sum() for chosen in sets], dtype=np.int64),
        np.array([cases.sum() for cases in found], dtype=np.int64),
        np.array([sizes[cases].sum() for cases in found], dtype=np.int64),
    )


def _expand_mask(dims: tuple[Dimension, ...], impossible: npt.NDArray[np.bool_] | None) -> BoolArray:
    """Structural zeros with margins: a margin is impossible when everything inside it is."""
    detail = tuple(len(dimension.codes) for dimension in dims)
    mask = np.zeros(detail, dtype=np.bool_) if impossible is None else impossible
    if mask.shape != detail or mask.dtype.kind != "b":
        raise refusal("bad_shape")
    if is_tags(dims):
        pairs = np.stack([mask, np.zeros_like(mask)], axis=1)
        return np.concatenate([pairs, np.array([[False, True]])])
    for axis in range(mask.ndim):
        mask = np.concatenate([mask, mask.all(axis=axis, keepdims=True)], axis=axis)
    return mask
