"""What published files say: for each line, which combinations of codes it sums and what its count is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.longform import list_coarser
from casework.errors import Invalid

Named = tuple[tuple[str, str], ...]
"""A cell: the columns in which it has a code, and these codes."""
MOST_MEMBERSHIPS: Final = 200_000_000


class Kind(StrEnum):
    """What a finding is about."""

    PUBLISHED = "published"
    """A count that stands in a file openly."""
    HIDDEN = "hidden"
    """One that a file hides or rounds."""
    UNLISTED = "unlisted"
    """One that no line gives."""
    ADDED = "added"
    """What the same count grew by between two files."""
    OUTCOME = "outcome"
    """The others of a group, beside those of one outcome."""
    PERCENT = "percent"
    """One of a file that has a per cent instead of it."""
    COMPLEMENT = "complement"
    """Those who do not have a tag."""
    GAP = "gap"
    """Those with an answer who do not have a tag."""
    INSIDER = "insider"
    """The others in a cell, for somebody who is counted."""


class Apart(NamedTuple):
    """Those of one claim who are not in another, which lies inside it: a count to look at."""

    kind: Kind
    whole: int
    part: int


class Share(NamedTuple):
    """So many per cent of one claim are in another, rounded to a whole number, a half up."""

    percent: int
    whole: int
    part: int


class Percent(NamedTuple):
    """A per cent as it stands in a line: of those whom the line would sum without the columns `of`."""

    value: int
    of: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """A line of a file: its codes without margins, its count or None where hidden, the number of the file.

    With `is_listed` false no line says anything of the cell: it is only asked about. With `may_be_zero` a
    hidden count may be zero even where those of other files may not. `is_counted` is false in a file that has
    per cents and no counts at all.
    """

    named: Named
    value: int | None
    file: int
    is_listed: bool = True
    may_be_zero: bool = False
    is_counted: bool = True
    percents: tuple[Percent, ...] = ()


def say(named: Sequence[tuple[str, str]]) -> str:
    """A cell in words."""
    return ", ".join(f"{column} {code}" for column, code in named) or "everything"


@dataclass(frozen=True, eq=False)
class Claims:
    """All claims together, and for each which atoms (combinations of the finest codes) it sums.

    `members` has the shape (claims, atoms); `axes` are the columns of the finest codes, which number the
    atoms. `added` are pairs of claims about the same cell at two moments, the later one first. `fits` has for
    each code of each column which atoms lie in it, for those that read files; `apart` is what else to look
    at, `shares` what else is known.
    """

    claims: tuple[Claim, ...]
    members: BoolArray
    axes: tuple[tuple[str, tuple[str, ...]], ...]
    added: tuple[tuple[int, int], ...] = ()
    fits: Mapping[tuple[str, str], BoolArray] = field(default_factory=dict)
    apart: tuple[Apart, ...] = ()
    shares: tuple[Share, ...] = ()


def ask_about_unlisted(claims: Claims) -> Claims:
    """The same, and an empty claim about each smallest set of combinations that no line gives by itself."""
    if not claims.members.size:
        return claims
    packed = np.packbits(claims.members, axis=0).T
    _kept, first, group = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    sets = group.ravel() == np.arange(len(first))[:, np.newaxis]
    alone = {np.packbits(line).tobytes() for line in claims.members}
    new = [at for at in range(len(first)) if np.packbits(sets[at]).tobytes() not in alone]
    moments = sorted({claim.file for claim in claims.claims})
    asked = [
        Claim(_name(claims, np.flatnonzero(sets[at])), None, moment, is_listed=False)
        for moment in moments
        for at in new
    ]
    members = np.concatenate([claims.members, np.tile(sets[new], (len(moments), 1))])
    return replace(claims, claims=(*claims.claims, *asked), members=members)


def _name(claims: Claims, atoms: IntArray) -> Named:
    """The codes of a set of atoms, each column with all that occur."""
    places = np.unravel_index(atoms, [len(codes) for _column, codes in claims.axes])
    return tuple(
        (column, " or ".join(codes[at] for at in np.unique(place)))
        for (column, codes), place in zip(claims.axes, places, strict=True)
    )


def gather(
    claims: Sequence[Claim],
    axes: tuple[tuple[str, tuple[str, ...]], ...],
    nested: Sequence[tuple[str, str]],
    overlapping: Mapping[str, Mapping[tuple[str, str], BoolArray]],
) -> Claims:
    """The claims of files with the combinations of codes that each sums.

    `overlapping` has, for axes whose codes are sets of what stands in the files, which sets each lies in.
    Raises Invalid: a code whose group no line tells, or that lies in two; too much to compare.
    """
    size = int(np.prod([len(codes) for _column, codes in axes], dtype=np.float64)) if axes else 1
    if size * max(len(claims), 1) > MOST_MEMBERSHIPS:
        raise Invalid(table=f"{size} combinations and {len(claims)} lines are too many to compare")
    shape = [len(codes) for _column, codes in axes]
    fits: dict[tuple[str, str], BoolArray] = {}
    for axis, (root, codes) in enumerate(axes):
        along = [-1 if axis == other else 1 for other in range(len(axes))]
        fitting = overlapping.get(root) or _fitting(root, codes, claims, nested)
        for code, chosen in fitting.items():
            fits[code] = np.broadcast_to(chosen.reshape(along), shape).ravel()
    members = np.ones((len(claims), size), dtype=np.bool_)
    for at, claim in enumerate(claims):
        for code in claim.named:
            members[at] &= fits[code]
    return Claims(tuple(claims), members, axes, fits=fits)


def codes_of(column: str, claims: Sequence[Claim]) -> list[str]:
    """The codes of a column that occur."""
    return list(dict.fromkeys(code for claim in claims for name, code in claim.named if name == column))


def _fitting(
    root: str, codes: Sequence[str], claims: Sequence[Claim], nested: Sequence[tuple[str, str]]
) -> Mapping[tuple[str, str], BoolArray]:
    """For each code of the axis or group of its codes, which codes lie in it."""
    found = {(root, code): np.array([other == code for other in codes]) for code in codes}
    for coarser in list_coarser(root, nested):
        group = _groups(root, coarser, claims)
        lost = next((code for code in codes if code not in group), None)
        if lost is not None:
            raise Invalid(nested=f"no line tells in which {coarser!r} the {root} {lost!r} lies")
        for name in codes_of(coarser, claims):
            found[coarser, name] = np.array([group[code] == name for code in codes])
    return found


def _groups(root: str, coarser: str, claims: Sequence[Claim]) -> dict[str, str]:
    groups: dict[str, str] = {}
    for claim in claims:
        named = dict(claim.named)
        if (
            root in named
            and coarser in named
            and groups.setdefault(named[root], named[coarser]) != named[coarser]
        ):
            raise Invalid(nested=f"{root} {named[root]!r} lies in two groups of {coarser!r}")
    return groups
