"""What to ask besides the counts of the files: cells and differences of cells that no line gives."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.outsider.claims import Apart, Claim, Claims, Kind, Named, Share, codes_of
from casework.errors import Invalid


class Asker:
    """Finds the claim about a cell at a moment, or adds an empty one."""

    def __init__(self, claims: Claims) -> None:
        self._before = claims
        self._at = {(frozenset(claim.named), claim.file): at for at, claim in enumerate(claims.claims)}
        self._claims = list(claims.claims)
        self._members: list[BoolArray] = []
        self.moments = sorted({claim.file for claim in claims.claims})

    def ask(self, named: Named, moment: int) -> int:
        """The number of the claim."""
        key = (frozenset(named), moment)
        if key not in self._at:
            self._at[key] = len(self._claims)
            self._claims.append(Claim(named, None, moment, is_listed=False))
            self._members.append(self.members(named))
        return self._at[key]

    def members(self, named: Named) -> BoolArray:
        """Which atoms lie in a cell."""
        inside = np.ones(self._before.members.shape[1], dtype=np.bool_)
        for code in named:
            inside &= self._before.fits[code]
        return inside

    def asked(self, apart: Sequence[Apart] = (), shares: Sequence[Share] = ()) -> Claims:
        """The claims with all that was added, what else to look at, and what else is known."""
        before = self._before
        members = np.concatenate([before.members, *(line[np.newaxis] for line in self._members)])
        return replace(
            before,
            claims=tuple(self._claims),
            members=members,
            apart=(*before.apart, *apart),
            shares=(*before.shares, *shares),
        )


def ask_about_groups(
    claims: Claims, outcomes: Sequence[str], groups: Sequence[str], nested: Sequence[tuple[str, str]]
) -> Claims:
    """The same, and for each group and outcome those of the group with another outcome.

    A group is a code of one column or of several that a line names together; of `groups`, or where there are
    none of all columns but the one of outcomes and those nested with it. Raises Invalid: no such column.
    """
    columns = {column for claim in claims.claims for column, _code in claim.named}
    for option, named in (("outcome", outcomes), ("group", groups)):
        missing = next((column for column in named if column not in columns), None)
        if missing:
            raise Invalid(**{option: f"no file has a column {missing!r} with codes"})
    asker = Asker(claims)
    apart: list[Apart] = []
    for outcome in outcomes:
        chosen = set(groups or columns) - _akin(outcome, nested)
        for group in _list_groups(claims, chosen):
            whole = asker.members(group)
            for code in codes_of(outcome, claims.claims):
                cell = (*group, (outcome, code))
                if np.array_equal(asker.members(cell), whole):
                    continue  # there is no other outcome: nothing was told
                apart += [
                    Apart(Kind.OUTCOME, asker.ask(group, at), asker.ask(cell, at)) for at in asker.moments
                ]
    return asker.asked(apart)


def find_wholes(claims: Claims) -> Claims:
    """The same, with what each per cent is one of."""
    asker = Asker(claims)
    shares = []
    for at, claim in enumerate(claims.claims):
        for percent in claim.percents:
            left = (code for code in claim.named if percent.of and code[0] not in percent.of)
            shares.append(Share(percent.value, asker.ask(tuple(left), claim.file), at))
    return asker.asked(shares=shares)


def _list_groups(claims: Claims, columns: set[str]) -> Iterator[Named]:
    seen: set[frozenset[tuple[str, str]]] = set()
    for claim in claims.claims:
        named = [code for code in claim.named if code[0] in columns]
        for size in range(1, len(named) + 1):
            for group in combinations(named, size):
                if frozenset(group) not in seen:
                    seen.add(frozenset(group))
                    yield group


def _akin(column: str, nested: Sequence[tuple[str, str]]) -> set[str]:
    """A column with all that it groups or that group it."""
    found = {column}
    while True:
        more = {name for pair in nested if found & set(pair) for name in pair} - found
        if not more:
            return found
        found |= more
