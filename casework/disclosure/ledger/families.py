"""Sums that are known though they belong to few cases: what the intervals of single quantities do not show.

A case may be several units, a family stopped together. Then a sum of several unknowns may be known to be ten,
and belong to two families, though each of the unknowns by itself might be anything.
"""

from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.history import History
from casework.disclosure.ledger.model import settle
from casework.disclosure.ledger.needs import Need, Quantity, limits
from casework.disclosure.solver import Deadline, FloatArray, Row, solve_whole

_FARTHEST: Final = 20.0
"""How often a cell is counted or taken away at most in a sum that is looked for."""


def find_known_sum(history: History, shown: BoolArray, deadline: Deadline) -> Need | None:
    """A sum of unknowns that follows from the cells shown and belongs to few cases, as a need, or None.

    It has to reach as far as fewer than k cases cannot. Looked for by an integer program: which unknowns, and
    how often each cell is counted for that. One of which the ledger does not tell whose it is counts as one
    case. Raises DisclosureRefused: time_limit, solver.
    """
    k, most = limits(history)
    if most == k:  # each case is one unit: then what is known of single unknowns says all (disclosure.md)
        return None
    left = np.flatnonzero(~settle(history, shown)).astype(np.int64)
    cells = np.unique(history.members[np.ix_(shown, left)], axis=0)
    few = np.array([_is_of_few(history, at, k, most) for at in left.tolist()], dtype=np.bool_)
    if not few.any():
        return None
    found = _solve(history, left, cells, few, k, deadline)
    if found is None:
        return None
    quantity: Quantity = np.zeros(len(history.truth), dtype=np.int8)
    quantity[left[few][found > 0]] = 1
    return Need(quantity, 1, most)


def _is_of_few(history: History, unknown: int, k: int, most: int) -> bool:
    units = history.holders[unknown]
    return int(history.truth[unknown]) < most if units is None else len(units) < k


def _solve(
    history: History, left: IntArray, cells: BoolArray, few: BoolArray, k: int, deadline: Deadline
) -> FloatArray | None:
    """Columns are the unknowns that may be in the sum, then the cells, then the cases."""
    chosen = np.flatnonzero(few).tolist()
    holders = [history.holders[at] for at in left[few].tolist()]
    numbers = sorted({number for units in holders for number in units or ()})
    first_cell, first_case = len(chosen), len(chosen) + len(cells)
    case_at = {number: first_case + at for at, number in enumerate(numbers)}
    inside = {at: place for place, at in enumerate(chosen)}
    rows = []
    for at in range(len(left)):
        columns = (first_cell + np.flatnonzero(cells[:, at])).tolist()
        own = [inside[at]] if at in inside else []
        rows.append(Row([*columns, *own], [1.0] * len(columns) + [-1.0] * len(own), 0, 0))
    rows += [
        Row([case_at[number], place], [1, -1], 0, np.inf)
        for place, units in enumerate(holders)
        for number in units or ()
    ]
    unsaid = [
        place for place, units in enumerate(holders) if units is None and history.truth[left[few][place]]
    ]
    somebody = [place for place, units in enumerate(holders) if units] + unsaid
    rows.append(Row([*case_at.values(), *unsaid], [1.0] * (len(numbers) + len(unsaid)), 0, k - 1))
    rows.append(Row(somebody, [1.0] * len(somebody), 1, np.inf))
    lower, upper = np.zeros(first_case + len(numbers)), np.ones(first_case + len(numbers))
    lower[first_cell:first_case], upper[first_cell:first_case] = -_FARTHEST, _FARTHEST
    whole = np.zeros(len(lower), dtype=np.bool_)
    whole[:first_cell] = True
    found = solve_whole(lower, upper, rows, np.zeros(len(lower)), deadline, whole)
    return None if found is None else found[:first_cell]
