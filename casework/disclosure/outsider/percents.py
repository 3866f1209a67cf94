"""What rounded per cents tell: each is two inequalities between a count and what it is a part of."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.outsider.claims import Share, say
from casework.disclosure.outsider.knowledge import Knowledge, Words, quantity_of
from casework.disclosure.solver import WHOLE, Deadline, LinearProgram, Row

_UNIT: Final = 200
"""Of the inequalities in whole numbers: twice a hundred, since a half is the least that is told."""


def learn_shares(knowledge: Knowledge, shares: Sequence[Share], deadline: Deadline) -> Knowledge:
    """What is known with the per cents.

    For x of n, p per cent mean p - 1/2 <= 100 x / n < p + 1/2, in whole numbers
    200 x >= (2 p - 1) n and 200 x <= (2 p + 1) n - 1. So n is 1 or more. Raises DisclosureRefused:
    time_limit, solver.
    """
    rows, spoken, words = list(knowledge.rows), list(knowledge.row_claims), dict(knowledge.words)
    for share in shares:
        for row, said in _as_rows(knowledge, share):
            words[len(rows)] = Words(said, _UNIT)
            rows.append(row)
            spoken.append(share.part)
    if len(rows) == len(knowledge.rows):
        return knowledge
    return replace(
        knowledge,
        rows=tuple(rows),
        row_claims=tuple(spoken),
        words=words,
        bounded=_find_bounded(rows, knowledge.bounded, deadline),
    )


def _as_rows(knowledge: Knowledge, share: Share) -> Iterator[tuple[Row, str]]:
    part, whole = quantity_of(knowledge, share.part), quantity_of(knowledge, share.whole)
    names = [say(knowledge.claims[at].named) for at in (share.part, share.whole)]
    for least, edge in ((True, 2 * share.percent - 1), (False, 2 * share.percent + 1)):
        line = _UNIT * part - edge * whole
        inside = np.flatnonzero(line)
        ends = (0.0, np.inf) if least else (-np.inf, -1.0)
        said = f"{names[0]}: {'at least' if least else 'less than'} {edge / 2} % of {names[1]}"
        yield Row(inside.tolist(), line[inside].tolist(), *ends), said


def _find_bounded(rows: Sequence[Row], bounded: BoolArray, deadline: Deadline) -> BoolArray:
    """Which unknowns cannot grow without end: no direction in which all rows stay true raises them."""
    found = bounded.copy()
    open_ones = np.flatnonzero(~bounded)
    if not len(open_ones):
        return found
    ways = [
        Row(
            row.columns,
            row.coefficients,
            0.0 if row.lower > -np.inf else -np.inf,
            0.0 if row.upper < np.inf else np.inf,
        )
        for row in rows
        if row.columns
    ]
    count = len(bounded)
    program = LinearProgram(np.zeros(count), np.ones(count), ways, deadline, integral=False)
    for unknown in open_ones:
        cost = np.zeros(count)
        cost[unknown] = -1
        way = program.minimise(cost)
        found[unknown] = way is not None and way.value > -WHOLE
    return found
