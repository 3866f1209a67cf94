"""What each release counted of every combination, and what of that for the first time.

A release that does not know an axis has no say in how its units lie along it. They are put somewhere where
nothing shrinks, if there is such a place: else two releases would look as if they had nothing in common, and
their difference would be nobody's to protect.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.entries import Release
from casework.disclosure.ledger.placing import Group, place
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline

_NO_ROOM_KNOWN = np.iinfo(np.int64).max


class Growth(NamedTuple):
    """What each release counted, and what is new of it: negative where a count has shrunk.

    Both of shape (releases, combinations). `guesses` are, with their release, combinations of which only the
    sum is known.
    """

    counts: IntArray
    first: IntArray
    guesses: tuple[tuple[int, IntArray], ...]


def count_growth(
    releases: Sequence[Release],
    codes: Mapping[str, tuple[str, ...]],
    kinds: Mapping[str, IntArray],
    covered: BoolArray,
    deadline: Deadline,
) -> Growth:
    """Count each combination of kinds in each release, such that as little has shrunk as the releases allow.

    Raises DisclosureRefused: bad_document, time_limit, solver.
    """
    shape = tuple(int(found.max()) + 1 for found in kinds.values())
    groups = [_gather(_group(release, codes, kinds, shape)) for release in releases]
    if any(
        not covered[number, inside].all() for number, here in enumerate(groups) for inside, _units in here
    ):
        raise refusal("bad_document")
    knows = [len(release.told.axes) == len(codes) for release in releases]
    counts = _put_backward(groups, covered)
    first = _first_counted(counts, covered)
    if np.any(first < 0) and not all(knows):
        counts = place(groups, covered, deadline)
        first = _first_counted(counts, covered)
    return Growth(counts, first, tuple(_list_guesses(groups, counts, covered)))


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
        inside = [int(np.ravel_multi_index(chosen, shape)) for chosen in product(*choices)]
        yield Group(np.array(inside, dtype=np.int64), units)


def _gather(groups: Iterable[Group]) -> list[Group]:
    """The units of the same combinations together: several codes may be of one kind."""
    found: dict[bytes, Group] = {}
    for inside, units in groups:
        known = found.get(inside.tobytes())
        found[inside.tobytes()] = Group(inside, units + (known.units if known else 0))
    return list(found.values())


def _put_backward(groups: Sequence[list[Group]], covered: BoolArray) -> IntArray:
    """Put units where the release after it has room."""
    counts = np.zeros(covered.shape, dtype=np.int64)
    room = np.full(covered.shape[1], -1, dtype=np.int64)
    for number in range(len(groups) - 1, -1, -1):
        left = np.where(room < 0, _NO_ROOM_KNOWN, room)
        for inside, units in groups[number]:
            _put(counts[number], left, inside, units)
        room = np.where(covered[number], counts[number], room)
    return counts


def _put(counts: IntArray, left: IntArray, inside: IntArray, units: int) -> None:
    for at in inside[np.argsort(left[inside], kind="stable")].tolist() if len(inside) > 1 else ():
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


def _list_guesses(
    groups: Sequence[list[Group]], counts: IntArray, covered: BoolArray
) -> Iterator[tuple[int, IntArray]]:
    """The groups that may lie otherwise: unless a release beside it has as many there, and knows where.

    Where both beside it do, and not in the same places, it lies like one of them: nobody knows which.
    """
    is_known = covered.copy()
    is_doubtful = np.zeros_like(covered)
    for number, here in enumerate(groups):
        for inside, _units in here:
            is_known[number, inside] = len(inside) == 1
    for order in (range(len(groups) - 1, -1, -1), range(len(groups))):
        beside, is_sure = np.zeros_like(counts[0]), np.zeros_like(covered[0])
        for number in order:
            for inside, units in groups[number]:
                if is_sure[inside].all() and int(beside[inside].sum()) == units:
                    is_known[number, inside] = True
                    is_doubtful[number, inside] |= not np.array_equal(counts[number, inside], beside[inside])
            is_known[number] &= ~is_doubtful[number]
            here = covered[number]
            beside, is_sure = (
                np.where(here, counts[number], beside),
                np.where(here, is_known[number], is_sure),
            )
    for number, here in enumerate(groups):
        yield from ((number, inside) for inside, _units in here if not is_known[number, inside].all())
