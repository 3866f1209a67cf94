"""What the solver says is proven is true."""

import numpy as np

from casework.disclosure.solver import Deadline, Row, solve_whole


def test_whole_numbers_are_not_lost_before_the_search_begins() -> None:
    """Seven can all be in one of six: HiGHS 1.15.1 says six, and that it is proven, if its presolve is on."""
    rows = [
        Row(range(6), [1.0] * 6, 7, 7),
        Row(range(6, 12), [1.0] * 6, 10, 10),
        Row(range(12, 15), [1.0] * 3, 14, 14),
        *(Row(pair, [1.0, -1.0], 0, np.inf) for pair in [(12, 6), (8, 2), (13, 8), (10, 4)]),
        Row((14, 10), [1.0, -1.0], 0, 0),
    ]
    cost = -(np.arange(15) == 2).astype(np.float64)
    found = solve_whole(np.zeros(15), np.full(15, np.inf), rows, cost, Deadline(30))
    assert found is not None
    assert found[2] == 7
