"""The engine's unknowns: what was first counted in each release, of all that the releases tell apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.changes import Changes, sum_first_counted
from casework.disclosure.ledger.entries import Release
from casework.disclosure.ledger.growth import Growth, count_growth
from casework.disclosure.ledger.holders import Case, hold
from casework.disclosure.ledger.layouts import Layout, Place, membership
from casework.disclosure.ledger.losses import Loss, list_losses
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline, FloatArray

MOST: Final = 300_000_000


@dataclass(frozen=True)
class Line:
    """One cell of one release: its table and place, what the release says of it, and its distinct cases.

    One that `is_kept` is never hidden.

    Cells of two releases are the same if they have one of their `keys` in common: labels, codes, or the
    combinations that they sum.
    """

    release: int
    table: int
    place: Place
    value: int | None
    cases: int
    is_impossible: bool
    is_kept: bool
    keys: tuple[frozenset[object], ...]


@dataclass(frozen=True, eq=False)
class History:
    """`members`, of shape (lines, unknowns), tells which unknowns a line sums; `truth` is what they are.

    An unknown is what was first counted at one release of a combination, and stays counted in later ones
    until the count of that combination shrinks: from then on others are counted anew. Where it did not change
    nobody is taken to be first counted (`changes`). What an unknown is in truth may be `guessed`, along an
    axis that a release did not know. `holders` are the units of each case in each unknown, None where the
    ledger does not tell: a case is the release and its number there, so one of two may stand twice. `losses`
    are those that may be one case's, `marks` which unknowns are of each combination that these tell apart.
    """

    releases: tuple[Release, ...]
    lines: tuple[Line, ...]
    members: BoolArray
    truth: IntArray
    holders: tuple[Counter[Case] | None, ...]
    changes: Changes
    guessed: BoolArray
    marks: BoolArray
    losses: tuple[Loss, ...]
    growth: Growth

    @property
    def newest(self) -> int:
        """The number of the release that is to be protected."""
        return len(self.releases) - 1

    def knows(self, release: int) -> bool:
        """Whether a release knows every axis: else it cannot tell whose the units of an unknown are."""
        return len(self.releases[release].told.axes) == len(self.changes.codes)

    @cached_property
    def release_of(self) -> IntArray:
        """The release of each line."""
        return np.array([line.release for line in self.lines], dtype=np.int64)

    @cached_property
    def exact(self) -> IntArray:
        """The true count of each line."""
        return np.asarray(np.einsum("lu,u->l", self.members, self.truth), dtype=np.int64)


def trace(releases: Sequence[Release], deadline: Deadline, *, apart: Growth | None = None) -> History:
    """The history of several releases, the newest last, in which counts restart where they have shrunk.

    With `apart` all restart at every release, so that no two have anything in common; it is the growth of the
    history in which they do not, so that units that have to be placed are placed once.

    Raises DisclosureRefused: too_large; bad_document where the exact counts of a release are not those that
    it shows; time_limit, solver.
    """
    lines = [line for number in range(len(releases)) for line in _lines(number, releases[number])]
    codes = _codes(releases)
    kinds = {axis: _kinds(axis, listed, releases) for axis, listed in codes.items()}
    size = int(np.prod([found.max() + 1 for found in kinds.values()], dtype=np.float64))
    if size * len(lines) * len(releases) > MOST:
        raise refusal("too_large", most=int(MOST / len(lines) / len(releases)))
    cover = np.concatenate([_cover(release, codes, kinds) for release in releases])
    lines = [
        replace(line, keys=(*line.keys, frozenset([row.tobytes()])))
        for line, row in zip(lines, cover, strict=True)
    ]
    of = np.array([line.release for line in lines])
    covered = np.array([cover[of == number].any(axis=0) for number in range(len(releases))])
    growth = apart or count_growth(releases, codes, kinds, covered, deadline)
    counts, first, _guesses = growth
    restarts = first < 0 if apart is None else np.ones_like(covered)
    found = np.where(restarts, counts, first)
    was = np.roll(np.logical_or.accumulate(covered), 1, axis=0)
    was[0] = False
    still = ~covered | (was & (found == 0) & ~restarts)
    most_lost = max(release.largest_case for release in releases) if apart is None else 0
    lost = np.where((first < 0) & (first >= -most_lost), -first, 0)
    changes = Changes(codes, kinds, restarts, still, lost)
    held = [hold(at, releases[at], codes, kinds, found[at] == counts[at]) for at in range(len(releases))]
    history = _merge(releases, lines, cover, growth, found, held, changes)
    told = [(at, line.value) for at, line in enumerate(lines) if line.value is not None]
    if any(history.exact[at] != value for at, value in told):
        raise refusal("bad_document")
    return history


def _lines(number: int, release: Release) -> list[Line]:
    told = release.told
    return [
        Line(
            number,
            table,
            place,
            value,
            cases,
            place in layout.impossible,
            place in layout.kept,
            _keys(release, layout, place),
        )
        for table, layout in enumerate(told.layouts)
        for place, value, cases in zip(layout.places(), told.values[table], release.cases[table], strict=True)
    ]


def _keys(release: Release, layout: Layout, place: Place) -> tuple[frozenset[object], frozenset[object]]:
    """The labels of a cell, and its codes; what sums a whole axis says nothing."""
    whole = layout.is_margin(place, release.told.axes)
    parts = [
        (scale.axis, scale.categories[at])
        for scale, at, is_all in zip(layout.scales, place, whole, strict=True)
        if not is_all
    ]
    labels = frozenset((axis, category.label) for axis, category in parts)
    return labels, frozenset((axis, frozenset(category.codes)) for axis, category in parts)


def _codes(releases: Sequence[Release]) -> dict[str, tuple[str, ...]]:
    """All axes with all codes that any release knows."""
    found: dict[str, dict[str, None]] = {}
    for release in releases:
        for axis, codes in release.told.axes.items():
            found.setdefault(axis, {}).update(dict.fromkeys(codes))
    return {axis: tuple(codes) for axis, codes in found.items()}


def _kinds(axis: str, codes: tuple[str, ...], releases: Sequence[Release]) -> IntArray:
    """For each code which kind it is of: codes that no release tells apart are of one kind."""
    features = [np.ones((1, len(codes)), dtype=np.bool_)]
    for release in releases:
        told = release.told
        if axis in told.axes:
            features.append(np.array([[code in told.axes[axis] for code in codes]]))
        for layout in told.layouts:
            features += [membership(scale, codes) for scale in layout.scales if scale.axis == axis]
    kind = np.unique(np.concatenate(features), axis=1, return_inverse=True)[1]
    return np.asarray(kind, dtype=np.int64).ravel()


def _cover(release: Release, codes: dict[str, tuple[str, ...]], kinds: dict[str, IntArray]) -> BoolArray:
    """Which combinations of kinds each cell of a release sums: shape (cells, combinations)."""
    told = release.told
    found = []
    for layout in told.layouts:
        scales = {
            scale.axis: _by_kind(membership(scale, codes[scale.axis]), kinds[scale.axis])
            for scale in layout.scales
        }
        order = [scale.axis for scale in layout.scales]
        known = {
            axis: _by_kind(np.array([[code in told.axes[axis] for code in codes[axis]]]), kinds[axis])[0]
            for axis in told.axes
        }
        for place in layout.places():
            masks = [
                scales[axis][place[order.index(axis)]]
                if axis in scales
                else known.get(axis, np.ones(kinds[axis].max() + 1, dtype=np.bool_))
                for axis in codes
            ]
            found.append(reduce(np.logical_and.outer, masks).ravel())
    return np.array(found, dtype=np.bool_)


def _by_kind(members: BoolArray, kind: IntArray) -> BoolArray:
    """The same over kinds: all codes of a kind lie in a category, or none."""
    first = np.array([np.flatnonzero(kind == one)[0] for one in range(kind.max() + 1)])
    return np.asarray(members[:, first])


def _merge(
    releases: Sequence[Release],
    lines: Sequence[Line],
    cover: BoolArray,
    growth: Growth,
    found: IntArray,
    held: Sequence[Mapping[int, Counter[Case]]],
    changes: Changes,
) -> History:
    """Combinations and releases that are summed by the same lines, and not told apart, are one unknown."""
    of = np.array([line.release for line in lines])
    members = sum_first_counted(cover, of, changes)
    marks = np.tile(np.arange(cover.shape[1]) == changes.told_apart[:, np.newaxis], len(releases))
    packed = np.ascontiguousarray(np.packbits(np.concatenate([members, marks]), axis=0).T)
    rows = packed.view([("", packed.dtype)] * packed.shape[1]).ravel()
    _kept, at, group = np.unique(rows, return_index=True, return_inverse=True)
    truth = np.bincount(group.ravel(), found.ravel(), len(at)).astype(np.float64)
    some = members[:, at].any(axis=0)
    if np.any(truth[~some]):
        raise refusal("bad_document")
    unknown_of = group.reshape(len(releases), -1)
    guessed = np.zeros(len(at), dtype=np.bool_)
    for number, among in growth.guesses:
        for spread in unknown_of[number:, among]:  # what is first counted later may be guessed from it
            guessed[spread] |= len(set(spread.tolist())) > 1
    holders = _add_up(held, unknown_of, truth)
    covered = np.array([cover[of == number].any(axis=0) for number in range(len(releases))])
    losses = list_losses(changes, covered, np.where(some, np.cumsum(some) - 1, -1)[unknown_of])
    return History(
        releases=tuple(releases),
        lines=tuple(lines),
        members=members[:, at][:, some],
        truth=np.rint(truth[some]).astype(np.int64),
        holders=tuple(holders[one] for one in np.flatnonzero(some)),
        changes=changes,
        guessed=guessed[some],
        marks=marks[:, at][:, some],
        losses=tuple(losses),
        growth=growth,
    )


def _add_up(
    held: Sequence[Mapping[int, Counter[Case]]], unknown_of: IntArray, truth: FloatArray
) -> list[Counter[Case] | None]:
    """Whose the units of each unknown are; None where that does not account for all of them."""
    holders = [Counter[Case]() for _unknown in truth]
    for number, inside in enumerate(held):
        for combination, units in inside.items():
            holders[unknown_of[number, combination]].update(units)
    return [
        units if units.total() == count else None
        for units, count in zip(holders, truth.tolist(), strict=True)
    ]


def split(tables: FloatArray, history: History, apart: History) -> FloatArray:
    """Tables of a history as tables of the same one in which nothing is shared: what each release holds."""
    found = np.zeros((len(tables), len(apart.truth)))
    for number in range(len(history.releases)):
        mine = history.release_of == number
        ours = {
            line.tobytes(): at
            for at, line in enumerate(np.ascontiguousarray(apart.members[mine].T))
            if line.any()
        }
        for at, line in enumerate(np.ascontiguousarray(history.members[mine].T)):
            if line.any():
                found[:, ours[line.tobytes()]] += tables[:, at]
    return found
