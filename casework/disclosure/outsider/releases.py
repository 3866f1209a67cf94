"""What the documents of releases say, as claims: who was counted stays counted, or nothing of the kind is sure."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.ledger.documents import Told
from casework.disclosure.outsider.claims import MOST_MEMBERSHIPS, Claim, Claims
from casework.disclosure.refusals import refusal


def claim_releases(told: Sequence[Told], *, grows: bool) -> Claims:
    """The claims of releases in the order in which they left, cell by cell.

    With `grows` an atom is what one release counted first of a combination of codes, and all later ones sum
    it too. Without, each release has atoms of its own. `added` pairs the same cell of two releases. Raises
    DisclosureRefused("too_large").
    """
    axes = {axis: _alike(axis, told) for axis in dict.fromkeys(axis for one in told for axis in one.axes)}
    combinations = list(product(*axes.values()))
    claims: list[Claim] = []
    cover: list[BoolArray] = []
    for number, one in enumerate(told, 1):
        known = [
            np.array([atom[at] in one.axes[axis] for atom in combinations])
            if axis in one.axes
            else np.ones(len(combinations), dtype=np.bool_)
            for at, axis in enumerate(axes)
        ]
        every = np.logical_and.reduce(known)
        for layout, values in zip(one.layouts, one.values, strict=True):
            inside = [
                [
                    np.array([atom[list(axes).index(scale.axis)] in category.codes for atom in combinations])
                    for category in scale.categories
                ]
                for scale in layout.scales
            ]
            for place, value in zip(layout.places(), values, strict=True):
                claims.append(Claim(layout.labels(place), value, number, may_be_zero=not one.zeros_published))
                cover.append(
                    np.logical_and.reduce(
                        [every, *(part[at] for part, at in zip(inside, place, strict=True))]
                    )
                )
    if len(claims) * len(combinations) * len(told) > MOST_MEMBERSHIPS:
        raise refusal("too_large", most=int(MOST_MEMBERSHIPS / len(claims) / len(told)))
    until = np.array([claim.file for claim in claims])
    moments = range(1, len(told) + 1)
    blocks = [np.array(cover) & (until >= at if grows else until == at)[:, np.newaxis] for at in moments]
    named = tuple((axis, tuple(codes)) for axis, codes in axes.items())
    members = np.concatenate(blocks, axis=1)
    return Claims(tuple(claims), members[:, members.any(axis=0)], named, tuple(_added(told, claims)))


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


def _added(told: Sequence[Told], claims: Sequence[Claim]) -> list[tuple[int, int]]:
    """Claims of two releases about the same labels, the later first; the label of a whole axis says nothing."""
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
    last: dict[frozenset[tuple[str, str]], list[int]] = {}
    added = []
    for at, claim in enumerate(claims):
        seen = last.setdefault(frozenset(claim.named) - whole[at], [])
        added += [(at, before) for before in seen if claims[before].file < claim.file]
        seen.append(at)
    return added
