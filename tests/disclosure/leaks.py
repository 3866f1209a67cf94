"""What releases tell of few, found by brute force: every history that fits the documents is listed."""

import json
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from casework.disclosure.ledger.layouts import Category, Layout, Scale, scale_of
from casework.disclosure.ledger.release import Protection
from tests.disclosure.chronicle import Chronicle, ends
from tests.disclosure.ledgers import crossed

SQUARE = {"a": ("x", "y"), "b": ("p", "q")}
TABLES = {
    "both": crossed("both", SQUARE),
    "a": Layout("a", (scale_of("a", SQUARE["a"]),)),
    "b": Layout("b", (scale_of("b", SQUARE["b"]),)),
    "overlap": Layout("overlap", (Scale("a", (Category("x", ("x",)),)), scale_of("b", SQUARE["b"]))),
}


def draw_tables(data: st.DataObject, releases: int, most: int) -> list[list[Layout]]:
    """Some of the tables for each release."""
    some = st.sets(st.sampled_from(sorted(TABLES)), min_size=1, max_size=most)
    return [[TABLES[name] for name in sorted(data.draw(some))] for _release in range(releases)]


def list_leaks(
    made: Sequence[Protection],
    truths: Sequence[Sequence[int]],
    k: int,
    *,
    grows: bool,
    insider: int | None = None,
) -> list[str]:
    """What brute force finds in the documents, knowing what is true.

    Cells and growths of 1 to k - 1 that cannot be k or more; and sums of unknowns known to be 1 to k - 1.
    """
    few = _list_leaks(made, truths, k, max(map(max, truths)) + k, grows, insider)
    # where no unknown may be large others may seem to be bounded: only what is found with room counts
    return few and _list_leaks(made, truths, k, sum(truths[-1]) + k, grows, insider)


def _list_leaks(
    made: Sequence[Protection],
    truths: Sequence[Sequence[int]],
    k: int,
    most: int,
    grows: bool,
    insider: int | None,
) -> list[str]:
    documents = [json.loads(json.dumps(each.release.document())) for each in made]
    size = len(truths[0])
    apart = Chronicle(documents, grows=False, most=most)
    covered = [
        {at % size for r, _l, inside, _v, _least in apart.cells if r == number for at in inside}
        for number in range(len(truths))
    ]
    true, restarts, still = _follow(truths, covered, grows=grows)
    chronicle = Chronicle(documents, grows=grows, most=most, restarts=restarts, still=still)
    own = {insider: 1} if insider is not None and true[insider] else None
    listed = list(chronicle.list_histories(own))
    assert tuple(true) in listed
    histories = np.array(listed)
    leaks = []
    for release_number, labels, inside, _value, _least in chronicle.cells:
        count = sum(true[at] for at in inside)
        low, high = ends(histories, inside)
        if 1 <= count < k and (high < k or low == high):
            leaks.append(f"{release_number} {labels}: {low} to {high}")
    for (first, labels, inside, _v, _l), (then, others, wider, _w, _m) in combinations(chronicle.cells, 2):
        if labels == others and first < then:
            grown = sum(true[at] for at in wider) - sum(true[at] for at in inside)
            low, high = ends(histories, wider, inside)
            if (1 <= grown < k and high < k) or (-k < grown < 0 and low > -k):
                leaks.append(f"{first} to {then} {labels}: {low} to {high}")
    for length in (1, 2, 3):
        for chosen in combinations(range(len(true)), length):
            sums = histories[:, chosen].sum(axis=1)
            if sums.min() >= 1 and sums.max() < k:
                leaks.append(f"{chosen}: {sums.min()} to {sums.max()}")
    return leaks


def _follow(
    truths: Sequence[Sequence[int]], covered: Sequence[set[int]], *, grows: bool
) -> tuple[list[int], set[tuple[int, int]], set[tuple[int, int]]]:
    """What each release that counts a combination has more than the last; where less, and where as many."""
    true, restarts, still = [], set(), set()
    last = dict.fromkeys(range(len(truths[0])), 0)
    counted = set[int]()
    for number, counts in enumerate(truths):
        for at, count in enumerate(counts):
            if grows and at in covered[number] and count < last[at]:
                restarts.add((number, at))
            if grows and (at not in covered[number] or (at in counted and count == last[at])):
                still.add((number, at))  # nobody is first counted by a release that does not count it
            begins = not grows or (number, at) in restarts
            true.append(0 if at not in covered[number] else count if begins else count - last[at])
            last[at] = count if at in covered[number] else last[at]
        counted |= covered[number]
    return true, restarts, still
