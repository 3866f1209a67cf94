"""What each release counted of every combination, and what of that for the first time.

A release that does not know an axis has no say in how its units lie along it. They are put somewhere where
nothing shrinks, if there is such a place: else two releases would look as if they had nothing in common, and
their difference would be nobody's to protect.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.entries import Release
from casework.disclosure.refusals import refusal

_NO_ROOM_KNOWN = np.iinfo(np.int64).max
Group = tuple[IntArray, int]
"""Combinations, by number, that hold so many units together."""


def count_growth(
    releases: Sequence[Release],
    codes: Mapping[str, tuple[str, ...]],
    kinds: Mapping[str, IntArray],
    covered: BoolArray,
) -> tuple[IntArray, IntArray]:
    """Return what each release counted of each combination of kinds, and what is new of it.

    Both of shape (releases, combinations). What is new is negative where a count has shrunk. Raises
    DisclosureRefused: bad_document; inconsistent where it could not be told whether one has.
    """
    shape = tuple(int(found.max()) + 1 for found in kinds.values())
    groups = [list(_group(release, codes, kinds, shape)) for release in releases]
    knows = [len(release.told.axes) == len(codes) for release in releases]
    for put in (_put_backward, _put_forward):
        counts = put(groups, knows, covered)
        if np.any(counts[~covered]):
            raise refusal("bad_document")
        first = _first_counted(counts, covered)
        if np.all(first >= 0):
            return counts, first
    if all(knows) or _has_shrunk(releases, codes, kinds):
        return counts, first
    raise refusal("inconsistent")


def _group(
    release: Release,
    codes: Mapping[str, tuple[str, ...]],
    kinds: Mapping[str, IntArray],
    shape: tuple[int, ...],
) -> Iterator[Group]:
    axes = list(release.told.axes)
    for named, units in release.atoms.items():
        at = {axis: kinds[axis][codes[axis].index(code)] for axis, code in zip(axes, named, strict=True)}
        choices = (
            [at[axis]] if axis in at else range(length) for axis, length in zip(codes, shape, strict=True)
        )
        inside = [int(np.ravel_multi_index(place, shape)) for place in product(*choices)]
        yield np.array(inside, dtype=np.int64), units


def _put_backward(groups: Sequence[list[Group]], _knows: Sequence[bool], covered: BoolArray) -> IntArray:
    """Put units where the release after it has room."""
    counts = np.zeros(covered.shape, dtype=np.int64)
    room = np.full(covered.shape[1], -1, dtype=np.int64)
    for number in range(len(groups) - 1, -1, -1):
        left = np.where(room < 0, _NO_ROOM_KNOWN, room)
        for inside, units in groups[number]:
            _put(counts[number], left, inside, units)
        room = np.where(covered[number], counts[number], room)
    return counts


def _put_forward(groups: Sequence[list[Group]], knows: Sequence[bool], covered: BoolArray) -> IntArray:
    """Leave units where the release before it has them, and put others where one that knows has room."""
    rooms = _find_rooms(groups, knows, covered)
    counts = np.zeros(covered.shape, dtype=np.int64)
    before = np.zeros(covered.shape[1], dtype=np.int64)
    for number, here in enumerate(groups):
        kept = np.where(covered[number], before, 0)
        left = np.maximum(rooms[number] - kept, 0)
        asked: dict[bytes, Group] = {}
        for inside, units in here:  # several codes may be of one kind
            known = asked.get(inside.tobytes())
            asked[inside.tobytes()] = inside, units + (known[1] if known else 0)
        for inside, units in asked.values():
            if int(kept[inside].sum()) <= units:
                counts[number, inside] += kept[inside]
                units -= int(kept[inside].sum())
            _put(counts[number], left, inside, units)
        before = np.where(covered[number], counts[number], before)
    return counts


def _find_rooms(groups: Sequence[list[Group]], knows: Sequence[bool], covered: BoolArray) -> IntArray:
    """Return how many units a combination may have, as later releases that know every axis say."""
    rooms = np.full(covered.shape, _NO_ROOM_KNOWN, dtype=np.int64)
    room = np.full(covered.shape[1], _NO_ROOM_KNOWN, dtype=np.int64)
    for number in range(len(groups) - 1, -1, -1):
        rooms[number] = room
        if knows[number]:
            mine = np.zeros(covered.shape[1], dtype=np.int64)
            for inside, units in groups[number]:
                mine[inside] += units
            room = np.where(covered[number], np.minimum(room, mine), room)
    return rooms


def _put(counts: IntArray, left: IntArray, inside: IntArray, units: int) -> None:
    for at in inside.tolist() if len(inside) > 1 else ():
        some = min(units, int(left[at]))
        counts[at] += some
        left[at] -= some
        units -= some
    counts[inside[0]] += units
    left[inside[0]] = max(0, int(left[inside[0]]) - units)


def _first_counted(counts: IntArray, covered: BoolArray) -> IntArray:
    """Return what each release counted for the first time; negative where a count shrank."""
    first = np.zeros_like(counts)
    before = np.zeros(counts.shape[1], dtype=np.int64)
    for number, here in enumerate(covered):
        first[number, here] = (counts[number] - before)[here]
        before = np.where(here, counts[number], before)
    return first


def _has_shrunk(
    releases: Sequence[Release], codes: Mapping[str, tuple[str, ...]], kinds: Mapping[str, IntArray]
) -> bool:
    """Tell whether a later release has fewer of something that both tell apart, wherever else it lies."""
    for earlier, later in combinations(releases, 2):
        shared = [axis for axis in codes if axis in earlier.told.axes and axis in later.told.axes]
        before, after = (_sum_up(release, shared, codes, kinds) for release in (earlier, later))
        if any(
            after.get(place, 0) < units
            for place, units in before.items()
            if _is_known(later, shared, place, codes, kinds)
        ):
            return True
    return False


def _sum_up(
    release: Release,
    shared: Sequence[str],
    codes: Mapping[str, tuple[str, ...]],
    kinds: Mapping[str, IntArray],
) -> dict[tuple[int, ...], int]:
    axes = list(release.told.axes)
    found: dict[tuple[int, ...], int] = {}
    for named, units in release.atoms.items():
        place = tuple(int(kinds[axis][codes[axis].index(named[axes.index(axis)])]) for axis in shared)
        found[place] = found.get(place, 0) + units
    return found


def _is_known(
    release: Release,
    shared: Sequence[str],
    place: tuple[int, ...],
    codes: Mapping[str, tuple[str, ...]],
    kinds: Mapping[str, IntArray],
) -> bool:
    """Tell whether a release knows codes of these kinds at all: of others it counts nothing."""
    return all(
        any(kinds[axis][codes[axis].index(code)] == kind for code in release.told.axes[axis])
        for axis, kind in zip(shared, place, strict=True)
    )
