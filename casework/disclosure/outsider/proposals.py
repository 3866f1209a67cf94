"""Tables that somebody proposes as possible: believed only where they agree with all that is published."""

from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.outsider.knowledge import Knowledge

_AT_ONCE: Final = 64


class Spans(NamedTuple):
    """For each claim the least and greatest count in tables that agree; -1 where none does."""

    least: IntArray
    most: IntArray


def span(knowledge: Knowledge, proposals: IntArray) -> Spans:
    """What the proposals show to be possible, by additions of whole numbers alone.

    `proposals` has a row for each table and the count of each claim in it. Of these only such are taken as
    speak of one unknown; all others are summed up anew from them. A table that falls below what is known of
    an unknown, or gives any claim a count outside its ends, shows nothing; nor does any where an unknown has
    no claim of its own.
    """
    quantities = knowledge.quantities
    claims = len(knowledge.claims)
    nothing = np.full(claims, -1, dtype=np.int64)
    alone = np.flatnonzero(quantities.sum(axis=1) == 1)
    unknowns, first = np.unique(quantities[alone].argmax(axis=1), return_index=True)
    if len(unknowns) < quantities.shape[1]:
        return Spans(nothing, nothing)
    spoken = alone[first]
    lowest, highest = np.array(knowledge.ends).reshape(claims, 2).T[:, :, np.newaxis]
    least, most = nothing, nothing
    summing = quantities.astype(np.float64)  # exact: sums stay far below 2 ** 53
    for start in range(0, len(proposals), _AT_ONCE):
        tables = proposals[start : start + _AT_ONCE, spoken].T.astype(np.float64)
        counts = summing @ tables
        agrees = np.all(tables >= np.maximum(knowledge.lower, 0)[:, np.newaxis], axis=0)
        agrees &= np.all((counts >= lowest) & (counts <= highest), axis=0)
        if not agrees.any():
            continue
        found = counts[:, agrees].astype(np.int64)
        low, high = found.min(axis=1), found.max(axis=1)
        least = np.where(least < 0, low, np.minimum(least, low))
        most = np.maximum(most, high)
    return Spans(least, most)
