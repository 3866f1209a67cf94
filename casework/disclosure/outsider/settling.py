"""What follows without any program: the last unknown of a published sum; all where nothing is left."""

from dataclasses import replace

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.outsider.knowledge import Knowledge
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import FloatArray, Row


def settle_knowledge(knowledge: Knowledge) -> tuple[Knowledge, IntArray, FloatArray]:
    """What is known of the unknowns that remain, which these are, and the values of all others (else 0).

    For counts that are published as they are. Raises DisclosureRefused("inconsistent") where a sum cannot be.
    """
    count = len(knowledge.lower)
    sums = np.array([_spread(row, count) for row in knowledge.rows], dtype=np.bool_).reshape(-1, count)
    least = np.array([row.lower for row in knowledge.rows])
    most = np.array([row.upper for row in knowledge.rows])
    values, settled = np.zeros(count), np.zeros(count, dtype=np.bool_)
    while True:
        left = sums & ~settled
        owed = most - sums @ values
        if np.any(owed < 0):
            raise refusal("inconsistent")
        last = np.flatnonzero((least == most) & (left.sum(axis=1) == 1))
        empty = left[(least == most) & (owed == 0)].any(axis=0)
        if not len(last) and not empty.any():
            break
        for at in last.tolist():
            unknown = int(np.argmax(left[at]))
            if settled[unknown] and values[unknown] != owed[at]:
                raise refusal("inconsistent")
            values[unknown], settled[unknown] = owed[at], True
        settled |= empty
    kept = np.flatnonzero(~settled).astype(np.int64)
    rows, claims = _rows_left(knowledge, sums, values, kept)
    small = replace(
        knowledge,
        quantities=knowledge.quantities[:, kept],
        rows=rows,
        row_claims=claims,
        lower=knowledge.lower[kept],
        bounded=knowledge.bounded[kept],
    )
    return small, kept, values


def _rows_left(
    knowledge: Knowledge, sums: BoolArray, values: FloatArray, kept: IntArray
) -> tuple[tuple[Row, ...], tuple[int, ...]]:
    """What the rows say of the unknowns that remain, each once; what says nothing is left out."""
    found: dict[tuple[bytes, float, float], tuple[Row, int]] = {}
    for line, row, claim in zip(sums, knowledge.rows, knowledge.row_claims, strict=True):
        inside = np.flatnonzero(line[kept])
        known = float(line @ values)
        lower, upper = row.lower - known, row.upper - known
        if not len(inside) and not lower <= 0 <= upper:
            raise refusal("inconsistent")
        if len(inside) and (lower > 0 or upper < np.inf):
            left = Row(inside.tolist(), [1] * len(inside), lower, upper)
            found.setdefault((line[kept].tobytes(), lower, upper), (left, claim))
    return tuple(row for row, _claim in found.values()), tuple(claim for _row, claim in found.values())


def _spread(row: Row, count: int) -> BoolArray:
    members = np.zeros(count, dtype=np.bool_)
    members[list(row.columns)] = True
    return members
