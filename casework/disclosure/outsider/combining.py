"""The shortest way in which published counts add up to a hidden one."""

import highspy
import numpy as np

from casework.disclosure.outsider.knowledge import Knowledge
from casework.disclosure.solver import Deadline, FloatArray, Row, check, model_of, start_highs


def combine(knowledge: Knowledge, quantity: FloatArray, deadline: Deadline) -> FloatArray | None:
    """How often each row with columns is added to make the quantity; None where equations alone do not.

    Of all ways one with the least sum of absolute multiples: it uses few counts, not always the fewest. None
    also where that is not found in time.
    """
    rows = [row for row in knowledge.rows if row.columns]
    count = len(rows)
    per_unknown: list[list[tuple[int, float]]] = [[] for _unknown in quantity]
    for at, row in enumerate(rows):
        for column, coefficient in zip(row.columns, row.coefficients, strict=True):
            per_unknown[column].append((at, coefficient))
    wanted = [
        Row(
            [place for at, _c in entries for place in (at, count + at)],
            [value for _at, c in entries for value in (c, -c)],
            float(goal),
            float(goal),
        )
        for entries, goal in zip(per_unknown, quantity, strict=True)
    ]
    if any(not row.columns and row.lower != 0 for row in wanted):
        return None
    equation = np.array([row.lower == row.upper for row in rows], dtype=np.bool_)
    upper = np.where(np.tile(equation, 2), np.inf, 0.0)
    model = model_of(np.zeros(2 * count), upper, [row for row in wanted if row.columns])
    model.col_cost_ = np.ones(2 * count)
    highs = start_highs(time_limit=deadline.remaining())
    check(highs.passModel(model))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = np.array(highs.getSolution().col_value, dtype=np.float64)
    return np.asarray(found[:count] - found[count:], dtype=np.float64)
