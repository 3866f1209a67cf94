"""The claims as a system of equations over as few unknowns as tell the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.outsider.claims import Apart, Claim, Claims
from casework.disclosure.solver import FloatArray, Row


class Words(NamedTuple):
    """What a row says in words, where one of what it speaks of counts `unit` in it."""

    said: str
    unit: int


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Unknowns: groups of atoms that no claim tells apart, each a whole number of `lower` or more.

    `ends` are between which counts each claim's truth lies. `quantities` has, for each claim, which unknowns
    it sums: shape (claims, unknowns). Atoms that lie in a published zero are no unknowns. `rows` are what is
    known, `row_claims` of which claim each speaks, `words` what those say that are no sum. `bounded` are the
    unknowns that a published count bounds, `apart` differences of claims to look at.
    """

    claims: tuple[Claim, ...]
    ends: tuple[tuple[float, float], ...]
    quantities: BoolArray
    added: tuple[tuple[int, int], ...]
    rows: tuple[Row, ...]
    row_claims: tuple[int, ...]
    lower: FloatArray
    bounded: BoolArray
    apart: tuple[Apart, ...] = ()
    words: Mapping[int, Words] = field(default_factory=dict)

    @property
    def open_claims(self) -> list[int]:
        """The claims that do not give their count exactly, each quantity once.

        Of those without a line only such as no line at all gives exactly.
        """
        packed = [line.tobytes() for line in np.packbits(self.quantities, axis=1)]
        known = {packed[at] for at, (least, most) in enumerate(self.ends) if least == most}
        first: dict[bytes, int] = {}
        for at, (least, most) in enumerate(self.ends):
            if least != most and (self.claims[at].is_listed or packed[at] not in known):
                first.setdefault(packed[at], at)
        return list(first.values())


def know(claims: Claims, *, zeros_published: bool, rounded: int = 1) -> Knowledge:
    """What follows from the claims; where zeros are always published, whatever is hidden is at least 1.

    A count that was `rounded` to a multiple of a base, up or down, is less than the base away from the truth.
    """
    hidden_least = 1.0 if zeros_published else 0.0
    ends = [_ends(claim, hidden_least, rounded) for claim in claims.claims]
    zero = np.array([most == 0 for _least, most in ends], dtype=np.bool_)
    quantities = _merge(claims.members[:, ~claims.members[zero].any(axis=0)])
    count = quantities.shape[1]
    lower, bounded = np.zeros(count), np.zeros(count, dtype=np.bool_)
    rows: list[Row] = []
    row_claims: list[int] = []
    for at, (least, most) in enumerate(ends):
        inside = np.flatnonzero(quantities[at])
        bounded[inside] |= most < np.inf
        if rounded == 1 and len(inside) == 1 and least < most:
            lower[inside] = np.maximum(lower[inside], least)
        elif least > 0 or most < np.inf:
            rows.append(Row(inside.tolist(), [1] * len(inside), least, most))
            row_claims.append(at)
    told = (claims.claims, tuple(ends), quantities, claims.added, tuple(rows), tuple(row_claims))
    return Knowledge(*told, lower, bounded, claims.apart)


def _ends(claim: Claim, hidden_least: float, rounded: int) -> tuple[float, float]:
    """Between which counts the truth lies."""
    if claim.value is None:
        return (hidden_least if claim.is_listed and not claim.may_be_zero else 0.0), np.inf
    return max(0.0, claim.value - rounded + 1.0), claim.value + rounded - 1.0


def quantity_of(knowledge: Knowledge, claim: int) -> FloatArray:
    """The coefficients of the unknowns in what a claim speaks of."""
    return np.asarray(knowledge.quantities[claim], dtype=np.float64)


def quantity_beyond(knowledge: Knowledge, whole: int, part: int) -> FloatArray:
    """The same for what one claim, as a later one, sums beyond another."""
    return np.asarray(knowledge.quantities[whole] & ~knowledge.quantities[part], dtype=np.float64)


def _merge(members: BoolArray) -> BoolArray:
    """Atoms with the same membership are one unknown."""
    if not members.shape[1]:
        return members
    packed = np.packbits(members, axis=0).T
    _kept, first = np.unique(packed, axis=0, return_index=True)
    order: IntArray = np.sort(first).astype(np.int64)
    return np.asarray(members[:, order])
