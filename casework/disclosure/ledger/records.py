"""From one row per unit to the exact counts of a release. Nothing here is safe to show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casework.disclosure.counts import BoolArray, IntArray, Tally
from casework.disclosure.dimensions import UNITS
from casework.disclosure.ledger.layouts import Axes, Layout, check_layouts, membership
from casework.disclosure.refusals import refusal

Atoms = Mapping[tuple[str, ...], int]
"""Units of each combination of codes, one code an axis, in the order of the axes; none that is zero."""

Holders = Mapping[tuple[str, ...], Mapping[int, int]]
"""Of each combination of codes that has any, the units of each case, which are numbered for this alone."""


@dataclass(frozen=True, eq=False)
class Records:
    """One row per unit: for each axis the position of its code, and the case that it belongs to."""

    unit: str
    axes: Axes
    columns: Mapping[str, npt.NDArray[np.int64]]
    case_ids: npt.NDArray[np.generic]


@dataclass(frozen=True, eq=False)
class Counted:
    """The exact counts of a release.

    `tallies` has units, cases and mass of every cell of each table; `atoms` the units of each combination of
    codes that some table counts, `holders` their cases. `case_sizes` are the units per case, largest first.
    """

    unit: str
    axes: Axes
    layouts: tuple[Layout, ...]
    tallies: tuple[Tally, ...]
    atoms: Atoms
    holders: Holders
    case_sizes: IntArray

    def largest(self, k: int) -> int:
        """The most units that k - 1 cases can hold."""
        return int(self.case_sizes[: k - 1].sum())


def count_release(records: Records, layouts: Sequence[Layout]) -> Counted:
    """Counts units and distinct cases in every cell.

    Raises DisclosureRefused: unknown_unit, unknown_option, bad_shape, bad_code, too_large,
    impossible_not_zero, no_candidates.
    """
    if records.unit not in UNITS:
        raise refusal("unknown_unit")
    check_layouts(layouts, records.axes)
    _check_columns(records)
    case = np.unique(records.case_ids, return_inverse=True)[1].astype(np.int64).ravel()
    sizes = np.bincount(case).astype(np.int64)
    covered = np.zeros(len(case), dtype=np.bool_)
    tallies = []
    for layout in layouts:
        inside = [
            membership(scale, records.axes[scale.axis])[:, records.columns[scale.axis]]
            for scale in layout.scales
        ]
        tally, seen = _tally(layout, inside, case, sizes)
        tallies.append(tally)
        covered |= seen
    return Counted(
        records.unit,
        dict(records.axes),
        tuple(layouts),
        tuple(tallies),
        *_atoms(records, covered, case),
        np.sort(sizes)[::-1],
    )


def _check_columns(records: Records) -> None:
    shape = records.case_ids.shape
    if len(shape) != 1 or records.case_ids.dtype.kind == "f" or set(records.columns) != set(records.axes):
        raise refusal("bad_shape")
    for axis, column in records.columns.items():
        if column.shape != shape or column.dtype.kind not in "iu":
            raise refusal("bad_shape")
        if len(column) and (column.min() < 0 or column.max() >= len(records.axes[axis])):
            raise refusal("bad_code")


def _tally(
    layout: Layout, inside: Sequence[BoolArray], case: IntArray, sizes: IntArray
) -> tuple[Tally, BoolArray]:
    covered = np.zeros(len(case), dtype=np.bool_)
    units, cases, mass = [], [], []
    for place in layout.places():
        chosen = np.ones(len(case), dtype=np.bool_)
        for lies, at in zip(inside, place, strict=True):
            chosen &= lies[at]
        if place in layout.impossible and chosen.any():
            raise refusal("impossible_not_zero")
        found = np.bincount(case[chosen], minlength=len(sizes)) > 0
        units.append(int(chosen.sum()))
        cases.append(int(found.sum()))
        mass.append(int(sizes[found].sum()))
        covered |= chosen
    counts = (np.array(each, dtype=np.int64) for each in (units, cases, mass))
    return Tally(*counts), covered


def _atoms(records: Records, covered: BoolArray, case: IntArray) -> tuple[Atoms, Holders]:
    columns = [records.columns[axis][covered] for axis in records.axes]
    if not covered.any():
        return {}, {}
    places, number, counts = np.unique(
        np.stack(columns, axis=1), axis=0, return_inverse=True, return_counts=True
    )
    codes = list(records.axes.values())
    named = [tuple(codes[axis][at] for axis, at in enumerate(place)) for place in places.tolist()]
    held: list[Counter[int]] = [Counter() for _name in named]
    for at, one in zip(number.ravel().tolist(), case[covered].tolist(), strict=True):
        held[at][one] += 1
    return dict(zip(named, counts.tolist(), strict=True)), dict(zip(named, held, strict=True))
