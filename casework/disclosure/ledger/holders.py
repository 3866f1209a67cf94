"""Whose the units of a release are: so much the ledger keeps, by numbers that mean nothing elsewhere."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.entries import Release

Case = tuple[int, int]
"""A release, and the number that a case has there: each release numbers its cases anew."""

UNTOLD: Final = -1
NOBODY: Final = -2


def hold(
    number: int,
    release: Release,
    codes: Mapping[str, tuple[str, ...]],
    kinds: Mapping[str, IntArray],
    is_new: BoolArray,
) -> dict[int, Counter[Case]]:
    """Who is in each combination that a release was the first to count; nobody where it lacks an axis."""
    found: dict[int, Counter[Case]] = {}
    shape = [kind.max() + 1 for kind in kinds.values()]
    order = [list(release.told.axes).index(axis) for axis in codes if axis in release.told.axes]
    for named, units in release.holders.items() if len(order) == len(codes) else ():
        place = [kinds[axis][codes[axis].index(named[at])] for axis, at in zip(codes, order, strict=True)]
        combination = int(np.ravel_multi_index(place, shape))
        if is_new[combination]:
            mine = {(number, case): count for case, count in units.items()}
            found.setdefault(combination, Counter()).update(mine)
    return found


def find_owner(units: Counter[Case] | None) -> int:
    """The release whose cases an unknown belongs to; `NOBODY`, or `UNTOLD` where the ledger does not tell."""
    if units is None:
        return UNTOLD
    return next((release for release, _case in units), NOBODY)
