"""What documents of releases say, as claims: who was counted stays counted, or nothing like it is sure."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.documents import Told
from casework.disclosure.outsider.claims import MOST_MEMBERSHIPS, Claim, Claims
from casework.disclosure.refusals import refusal

Codes = Mapping[str, tuple[str, ...]]


def claim_releases(
    told: Sequence[Told], changes: Callable[[Codes], tuple[BoolArray | bool, BoolArray | bool, BoolArray]]
) -> Claims:
    """The claims of releases in the order in which they left, cell by cell.

    An atom is what one release counted first of a combination of codes, and all later ones sum it too until
    it restarts. `changes` tells of all combinations of some codes, in their order, at which releases they do,
    and at which nobody is known to be first counted: arrays of shape (releases, combinations); and which are
    told apart though no cell does, one a row: of each there is a claim that says nothing. `added` pairs the
    same cell of two releases. Raises DisclosureRefused("too_large").
    """
    names = dict.fromkeys(axis for one in told for axis in one.axes)
    axes = {axis: tuple(_alike(axis, told)) for axis in names}
    size = int(np.prod([len(codes) for codes in axes.values()], dtype=np.float64))
    cells = sum(len(values) for one in told for values in one.values)
    if cells * size * len(told) > MOST_MEMBERSHIPS:
        raise refusal("too_large", most=int(MOST_MEMBERSHIPS / cells / len(told)))
    claims: list[Claim] = []
    cover: list[BoolArray] = []
    for number, one in enumerate(told, 1):
        for claim, inside in _claim(one, number, axes):
            claims.append(claim)
            cover.append(inside)
    until = np.array([claim.file for claim in claims])
    *known, apart = changes(axes)
    restarts, still = (np.broadcast_to(one, (len(told), size)) for one in known)
    members = np.concatenate(list(_split(np.array(cover), until, restarts, still)), axis=1)
    summed = members.any(axis=0)
    members = np.concatenate([members, np.tile(apart, len(told))])[:, summed]
    named = tuple((axis, tuple(codes)) for axis, codes in axes.items())
    added = tuple(_added(told, claims, cover))
    claims += [Claim((), None, 0, is_listed=False) for _row in apart]
    return Claims(tuple(claims), members, named, added)


def never(axes: Codes) -> tuple[bool, bool, BoolArray]:
    """Who was counted stays counted."""
    return False, False, _nothing(axes)


def always(axes: Codes) -> tuple[bool, bool, BoolArray]:
    """Each release has atoms of its own, and nothing is shared."""
    return True, False, _nothing(axes)


def _nothing(axes: Codes) -> BoolArray:
    return np.zeros((0, int(np.prod([len(codes) for codes in axes.values()]))), dtype=np.bool_)


def _split(cover: BoolArray, files: IntArray, restarts: BoolArray, still: BoolArray) -> Iterator[BoolArray]:
    """What each claim sums of what was first counted at each moment, the first one first."""
    for at in range(len(restarts)):
        members = cover & (files > at)[:, np.newaxis] & ~still[at]
        for later in range(at + 1, len(restarts)):
            members[np.ix_(files > later, restarts[later])] = False
        yield members


def _claim(one: Told, number: int, axes: Codes) -> Iterator[tuple[Claim, BoolArray]]:
    """The claims of one release, each with the combinations of codes that it sums."""
    shape = [len(codes) for codes in axes.values()]
    code_of = dict(zip(axes, np.indices(shape).reshape(len(shape), -1), strict=True))

    def having(axis: str, codes: Sequence[str]) -> BoolArray:
        wanted = frozenset(codes)
        return np.asarray(np.array([code in wanted for code in axes[axis]])[code_of[axis]])

    every = np.logical_and.reduce([having(axis, codes) for axis, codes in one.axes.items()])
    for layout, values in zip(one.layouts, one.values, strict=True):
        inside = [
            [having(scale.axis, category.codes) for category in scale.categories] for scale in layout.scales
        ]
        for place, value in zip(layout.places(), values, strict=True):
            parts = [part[at] for part, at in zip(inside, place, strict=True)]
            claim = Claim(layout.labels(place), value, number, may_be_zero=not one.zeros_published)
            yield claim, np.logical_and.reduce([every, *parts])


def _alike(axis: str, told: Sequence[Told]) -> list[str]:
    """One code of each set of codes that all categories hold together or not at all."""
    first: dict[tuple[bool, ...], str] = {}
    listed = dict.fromkeys(code for one in told for code in one.axes.get(axis, ()))
    for code in listed:
        known = [code in one.axes[axis] for one in told if axis in one.axes]
        lies = [
            code in category.codes
            for one in told
            for layout in one.layouts
            for scale in layout.scales
            if scale.axis == axis
            for category in scale.categories
        ]
        first.setdefault((*known, *lies), code)
    return list(first.values())


def _added(
    told: Sequence[Told], claims: Sequence[Claim], cover: Sequence[BoolArray]
) -> list[tuple[int, int]]:
    """Claims of two releases about the same labels or combinations, the later first.

    The label of a whole axis is none.
    """
    whole = [
        {
            (scale.axis, category.label)
            for scale in layout.scales
            for category in scale.categories
            if len(category.codes) == len(one.axes[scale.axis])
        }
        for one in told
        for layout in one.layouts
        for _cell in layout.places()
    ]
    last: dict[object, list[int]] = {}
    added: dict[tuple[int, int], None] = {}
    for at, claim in enumerate(claims):
        for key in (frozenset(claim.named) - whole[at], cover[at].tobytes()):
            seen = last.setdefault(key, [])
            added.update({(at, before): None for before in seen if claims[before].file < claim.file})
            seen.append(at)
    return list(added)
