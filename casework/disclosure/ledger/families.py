"""Sums that are known though they belong to few cases: what the intervals of single quantities do not show.

A case may be several units, a family stopped together. Then a sum of several unknowns may be known to be ten,
and belong to two families, though each of the unknowns by itself might be anything.
"""

from collections.abc import Iterator
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
    how often each cell is counted for that. Cases are counted release by release. An unknown of which the
    ledger does not tell whose it is counts as one, unless all of a cell that belongs to k cases is in the
    sum, or all that is left of one without another. Raises DisclosureRefused: time_limit, solver.
    """
    k, most = limits(history)
    if most == k:  # each case is one unit: then what is known of single unknowns says all (disclosure.md)
        return None
    left = np.flatnonzero(~settle(history, shown)).astype(np.int64)
    few = np.array([_is_of_few(history, at, k, most) for at in left.tolist()], dtype=np.bool_)
    if not history.truth[left[few]].any():
        return None
    cells = np.unique(history.members[np.ix_(shown, left)], axis=0)
    found = _Program(history, left, cells, few).solve(k, most, deadline)
    if found is None:
        return None
    quantity: Quantity = np.zeros(len(history.truth), dtype=np.int8)
    quantity[left[few][found > 0]] = 1
    return Need(quantity, 1, most)


def _is_of_few(history: History, unknown: int, k: int, most: int) -> bool:
    units = history.holders[unknown]
    return int(history.truth[unknown]) < most if units is None else len(units) < k


class _Program:
    """Columns are the unknowns that may be in the sum, then the cells, then the cases."""

    def __init__(self, history: History, left: IntArray, cells: BoolArray, few: BoolArray) -> None:
        self._history = history
        self._chosen = left[few]
        self._truth = history.truth[self._chosen]
        self._holders = [history.holders[at] for at in self._chosen.tolist()]
        numbers = sorted({number for units in self._holders for number in units or ()})
        self._first_cell, self._first_case = len(self._chosen), len(self._chosen) + len(cells)
        self._case_at = {number: self._first_case + at for at, number in enumerate(numbers)}
        self._rows = list(self._add_up(cells, few))

    def solve(self, k: int, most: int, deadline: Deadline) -> FloatArray | None:
        """Which of the unknowns are in the sum, or None where there is none."""
        somebody = np.flatnonzero(self._truth).tolist()
        self._rows.append(Row(somebody, [1.0] * len(somebody), 1, np.inf))
        self._rows.append(Row(somebody, self._truth[somebody].astype(float).tolist(), 1, most - 1))
        self._count_cases(k)
        self._leave_out(k, most)
        length = self._first_case + len(self._case_at)
        lower, upper = np.zeros(length), np.ones(length)
        lower[self._first_cell : self._first_case] = -_FARTHEST
        upper[self._first_cell : self._first_case] = _FARTHEST
        whole = np.arange(length) < self._first_cell
        found = solve_whole(lower, upper, self._rows, np.zeros(length), deadline, whole)
        return None if found is None else found[: self._first_cell]

    def _add_up(self, cells: BoolArray, few: BoolArray) -> Iterator[Row]:
        """The cells add up to each chosen unknown as often as it is in the sum, to every other never."""
        place = np.cumsum(few) - 1
        for at in range(len(few)):
            columns = (self._first_cell + np.flatnonzero(cells[:, at])).tolist()
            own = [int(place[at])] if few[at] else []
            yield Row([*columns, *own], [1.0] * len(columns) + [-1.0] * len(own), 0, 0)

    def _count_cases(self, k: int) -> None:
        for place, units in enumerate(self._holders):
            self._rows += [Row([self._case_at[number], place], [1, -1], 0, np.inf) for number in units or ()]
        counted: dict[int, list[int]] = {}
        for (release, _number), column in self._case_at.items():
            counted.setdefault(release, []).append(column)
        unsaid = [at for at, units in enumerate(self._holders) if units is None and self._truth[at]]
        # A case of two releases may be the same one: each release by itself has to have few.
        self._rows += [Row(few, [1.0] * len(few), 0, k - 1) for few in (*counted.values(), unsaid) if few]

    def _leave_out(self, k: int, most: int) -> None:
        """Not all of a set that is known to belong to k cases: a cell, or one without another inside it."""
        history = self._history
        cases = np.array([line.cases for line in history.lines])
        full = (history.members & (history.truth > 0)).astype(np.float32)  # multiplied quickest, exact
        sizes = full.sum(axis=1)
        more = history.exact[:, np.newaxis] - history.exact
        many = (cases[:, np.newaxis] - cases >= k) & (more < most)
        is_inside = full @ full.T == sizes  # the column's within the row's
        sets = [full[at] for at in np.flatnonzero((cases >= k) & (history.exact < most)).tolist()]
        sets += [full[around] - full[inside] for around, inside in np.argwhere(many & is_inside).tolist()]
        for members in {one.tobytes(): one for one in sets}.values():
            within = np.flatnonzero(members[self._chosen]).tolist()
            if len(within) == int(members.sum()):
                self._rows.append(Row(within, [1.0] * len(within), 0, len(within) - 1))
