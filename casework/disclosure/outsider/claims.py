"""What published files say: for each line, which combinations of codes it sums and what its count is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.frequency.files import SUMMED, Lines, list_coarser, read_count
from casework.errors import Invalid

MOST_MEMBERSHIPS: Final = 200_000_000


@dataclass(frozen=True)
class Claim:
    """A line of a file: its codes without margins, its count or None where hidden, and where it stands."""

    named: tuple[tuple[str, str], ...]
    value: int | None
    file: int
    line: int


def say(named: Sequence[tuple[str, str]]) -> str:
    """A cell in words."""
    return ", ".join(f"{column} {code}" for column, code in named) or "everything"


@dataclass(frozen=True, eq=False)
class Claims:
    """All claims together, and for each which atoms (combinations of the finest codes) it sums.

    `members` has the shape (claims, atoms). `added` are pairs of claims about the same cell at two moments,
    the later one first.
    """

    claims: tuple[Claim, ...]
    members: BoolArray
    added: tuple[tuple[int, int], ...] = ()


def read_claims(
    files: Sequence[str], count: str, nested: Sequence[tuple[str, str]], summed: str = SUMMED
) -> Claims:
    """The claims of several files of long form about the same population.

    A column that a file does not have is summed over in it; an empty count is hidden. Raises Invalid, naming
    the file and line: whatever `Lines` raises, a count that is none, a line twice with different counts, a
    pair of columns that no file has, a code whose group no line tells, too much to compare.
    """
    claims: list[Claim] = []
    for number, text in enumerate(files, 1):
        lines = Lines(text, count)
        for line, named, value in lines.rows:
            codes = tuple((column, code) for column, code in named.items() if code != summed)
            claims.append(Claim(codes, read_count(value, line) if value else None, number, line))
    columns = list(dict.fromkeys(column for claim in claims for column, _code in claim.named))
    for pair in nested:
        missing = next((column for column in pair if column not in columns), None)
        if missing:
            raise Invalid(nested=f"no file has a column {missing!r} with codes")
    return Claims(tuple(claims), _find_members(claims, columns, nested))


def _find_members(
    claims: Sequence[Claim], columns: Sequence[str], nested: Sequence[tuple[str, str]]
) -> BoolArray:
    coarse = {coarser for _finer, coarser in nested}
    roots = [column for column in columns if column not in coarse]
    codes = {root: tuple(_codes_of(root, claims)) for root in roots}
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
