"""How many units fewer than k cases cannot hold: that is so far an interval has to reach."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from casework.disclosure.counts import IntArray, Tally
from casework.disclosure.ledger.entries import Release
from casework.disclosure.ledger.history import trace
from casework.disclosure.ledger.holders import Case
from casework.disclosure.solver import Deadline
from casework.disclosure.threshold import reach


def count_few(holders: Iterable[Counter[Case] | None], k: int) -> int:
    """1 more than k - 1 cases can hold in unknowns of fewer than k cases; at least k."""
    held = Counter[Case]()
    for units in holders:
        if units and len(units) < k:
            held.update(units)
    return max(k, 1 + sum(units for _case, units in held.most_common(k - 1)))


def reach_alone(release: Release, deadline: Deadline) -> IntArray:
    """How far each cell of a release has to reach, by what this release alone tells apart.

    In the order of its cells. Raises DisclosureRefused: bad_document, too_large.
    """
    alone = trace([release], deadline)
    k = release.told.k
    held = [units or Counter[Case]() for units in alone.holders]
    sizes = sum(held, Counter[Case]())
    inside = [sum((held[at] for at in np.flatnonzero(line)), Counter[Case]()) for line in alone.members]
    tally = Tally(
        units=np.array([units.total() for units in inside], dtype=np.int64),
        cases=np.array([len(units) for units in inside], dtype=np.int64),
        mass=np.array([sum(sizes[case] for case in units) for units in inside], dtype=np.int64),
    )
    largest = np.array([units for _case, units in sizes.most_common()], dtype=np.int64)
    return np.minimum(reach(tally, largest, k), count_few(held, k))
