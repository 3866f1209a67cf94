"""What published files say: for each line, which combinations of codes it sums and what its count is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.longform import SUMMED, Lines, list_coarser, read_count
from casework.errors import Invalid

MOST_MEMBERSHIPS: Final = 200_000_000


@dataclass(frozen=True)
class Claim:
    """A line of a file: its codes without margins, its count or None where hidden, the number of the file.

    With `is_listed` false no line says anything of the cell: it is only asked about. With `may_be_zero` a
    hidden count may be zero even where those of other files may not.
    """

    named: tuple[tuple[str, str], ...]
    value: int | None
    file: int
    is_listed: bool = True
    may_be_zero: bool = False


def say(named: Sequence[tuple[str, str]]) -> str:
    """A cell in words."""
    return ", ".join(f"{column} {code}" for column, code in named) or "everything"


@dataclass(frozen=True, eq=False)
class Claims:
    """All claims together, and for each which atoms (combinations of the finest codes) it sums.

    `members` has the shape (claims, atoms); `axes` are the columns of the finest codes, which number the
    atoms. `added` are pairs of claims about the same cell at two moments, the later one first.
    """

    claims: tuple[Claim, ...]
    members: BoolArray
    axes: tuple[tuple[str, tuple[str, ...]], ...]
    added: tuple[tuple[int, int], ...] = ()


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


def _name(claims: Claims, atoms: IntArray) -> tuple[tuple[str, str], ...]:
    """The codes of a set of atoms, each column with all that occur."""
    places = np.unravel_index(atoms, [len(codes) for _column, codes in claims.axes])
    return tuple(
        (column, " or ".join(codes[at] for at in np.unique(place)))
        for (column, codes), place in zip(claims.axes, places, strict=True)
    )


def read_claims(files: Sequence[str], count: str, nested: Sequence[tuple[str, str]]) -> Claims:
    """The claims of several files of long form about the same population.

    A column that a file does not have is summed over in it; an empty count is hidden. Raises Invalid:
    whatever `Lines` raises, with the number of the file; a count that is none; a pair of columns that no
    file has; a code whose group no line tells; too much to compare.
    """
    claims: list[Claim] = []
    for number, text in enumerate(files, 1):
        try:
            claims += _read_file(text, count, number)
        except Invalid as invalid:
            raise Invalid(
                **{at: f"file {number}: {fault}" for at, fault in invalid.faults.items()}
            ) from invalid
    columns = list(dict.fromkeys(column for claim in claims for column, _code in claim.named))
    for pair in nested:
        missing = next((column for column in pair if column not in columns), None)
        if missing:
            raise Invalid(nested=f"no file has a column {missing!r} with codes")
    coarse = {coarser for _finer, coarser in nested}
    axes = tuple((root, tuple(_codes_of(root, claims))) for root in columns if root not in coarse)
    return Claims(tuple(claims), _find_members(claims, axes, nested), axes)


def _read_file(text: str, count: str, number: int) -> list[Claim]:
    found = []
    for line, named, value in Lines(text, count).rows:
        codes = tuple((column, code) for column, code in named.items() if code != SUMMED)
        found.append(Claim(codes, read_count(value, line) if value else None, number))
    return found


def _find_members(
    claims: Sequence[Claim],
    axes: Sequence[tuple[str, Sequence[str]]],
    nested: Sequence[tuple[str, str]],
) -> BoolArray:
    codes = dict(axes)
    roots = list(codes)
    size = int(np.prod([len(found) for found in codes.values()], dtype=np.float64)) if roots else 1
    if size * max(len(claims), 1) > MOST_MEMBERSHIPS:
        raise Invalid(table=f"{size} combinations and {len(claims)} lines are too many to compare")
    fitting = {root: _fitting(root, codes[root], claims, nested) for root in roots}
    members = np.ones((len(claims), size), dtype=np.bool_)
    shape = [len(codes[root]) for root in roots]
    for at, claim in enumerate(claims):
        line = np.ones(shape, dtype=np.bool_)
        for axis, root in enumerate(roots):
            chosen = np.ones(shape[axis], dtype=np.bool_)
            for column, code in claim.named:
                chosen &= fitting[root].get((column, code), chosen)
            line &= chosen.reshape([-1 if axis == other else 1 for other in range(len(roots))])
        members[at] = line.ravel()
    return members


def _codes_of(column: str, claims: Sequence[Claim]) -> list[str]:
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
        for name in _codes_of(coarser, claims):
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
