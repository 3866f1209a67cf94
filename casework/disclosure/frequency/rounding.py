"""Controlled rounding: each count to a neighbouring multiple of a base; all sums stay true (Cox 1987)."""

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.frequency.crossing import Crossing
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline, Row, solve_whole


def round_all(crossing: Crossing, cells: IntArray, base: int, deadline: Deadline) -> IntArray:
    """The rounded cells, as near to the truth in all as additivity allows; multiples of the base stay.

    Raises DisclosureRefused: unknown_option for a base under 2, cannot_round where no additive rounding
    exists (possible with three axes, or groupings of both or not nested), time_limit, solver.
    """
    if base < 2:
        raise refusal("unknown_option")
    values = cells.ravel()
    below = values // base
    loose = values % base != 0
    rows = [_steps(row, below) for row in crossing.rows()]
    cost = np.where(loose, base - 2.0 * (values % base), 0.0)
    up = solve_whole(np.zeros(values.size), loose.astype(np.float64), rows, cost, deadline)
    if up is None:
        raise refusal("cannot_round")
    return np.asarray(base * (below + up.astype(np.int64)), dtype=np.int64).reshape(cells.shape)


def _steps(row: Row, below: IntArray) -> Row:
    """The row in multiples of the base: what goes up makes good what all lost by going down."""
    lost = -sum(
        int(factor) * int(below[column]) for column, factor in zip(row.columns, row.coefficients, strict=True)
    )
    return Row(row.columns, row.coefficients, lost, lost)
