"""Tables of the same population at one moment after another: what was added between two of them."""

from dataclasses import replace

import numpy as np

from casework.disclosure.outsider.claims import Claims


def follow(claims: Claims) -> Claims:
    """The claims of files in the order of their moments, where a unit that was counted stays counted.

    An unknown is then what was first counted at a moment, for each combination of codes; a file sums all up
    to its own. `added` pairs each line with the one before it that speaks of the same cell.
    """
    moments = max((claim.file for claim in claims.claims), default=0)
    until = np.array([claim.file for claim in claims.claims])
    members = np.concatenate(
        [claims.members & (until >= moment)[:, np.newaxis] for moment in range(1, moments + 1)], axis=1
    )
    last: dict[frozenset[tuple[str, str]], int] = {}
    added: list[tuple[int, int]] = []
    for at, claim in sorted(enumerate(claims.claims), key=lambda numbered: numbered[1].file):
        cell = frozenset(claim.named)
        if cell in last and claims.claims[last[cell]].file < claim.file:
            added.append((at, last[cell]))
        last[cell] = at
    return replace(claims, members=members, added=tuple(added))
