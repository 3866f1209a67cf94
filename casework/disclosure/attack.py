"""The attacker: what can be worked out about hidden cells from the published table alone.

Formulated apart from the engine's own model: the unknowns are the hidden detailed cells and nothing else.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from casework.disclosure.dimensions import is_tags
from casework.disclosure.published import Published, read
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import Deadline, LinearProgram, Row

DEFAULT_SECONDS = 60.0


class Interval(NamedTuple):
    """The tightest integer interval: every value at its ends is possible, none outside it."""

    low: int
    high: int


class Quantity(NamedTuple):
    """A constant plus a sum of unknowns, each with its coefficient."""

    constant: int
    terms: Mapping[int, int]


def attack(
    document: Mapping[str, object], *, time_limit_seconds: float = DEFAULT_SECONDS
) -> dict[tuple[str, ...], Interval]:
    """The interval of every hidden cell of a serialised table, by its codes.

    Raises DisclosureRefused: bad_document, inconsistent (the numbers do not add up), time_limit, solver.
    """
    attacker = Attacker(read(document), Deadline(time_limit_seconds))
    return {attacker.codes(index): attacker.interval(attacker.cell(index)) for index in attacker.hidden}


class Attacker:
    """Holds the published table and one warm linear program over its hidden cells."""

    def __init__(self, published: Published, deadline: Deadline) -> None:
        self._published = published
        self._values = published.values
        self._tags = is_tags(published.dimensions)
        self.hidden = [index for index, value in enumerate(self._values) if value is None]
        self._unknown = {index: at for at, index in enumerate(filter(self._is_detail, self.hidden))}
        total = self._total()
        rows = self._rows_of_tags(total) if self._tags else self._rows_of_cross()
        most = total - 1 if self._tags else total
        for row in rows:
            if not row.columns and not row.lower <= 0 <= row.upper:
                raise refusal("inconsistent")
        lower, upper = np.ones(len(self._unknown)), np.full(len(self._unknown), float(most))
        kept = [row for row in rows if row.columns]
        self._program = LinearProgram(lower, upper, kept, deadline) if self._unknown else None

    def codes(self, index: int) -> tuple[str, ...]:
        """The codes of a cell."""
        place = np.unravel_index(index, self._published.shape)
        return tuple(axis[int(at)] for axis, at in zip(self._published.axes, place, strict=True))

    def cell(self, index: int) -> Quantity:
        """A cell of the published table, expressed in the unknowns."""
        value = self._values[index]
        if value is not None:
            return Quantity(value, {})
        if index in self._unknown:
            return Quantity(0, {self._unknown[index]: 1})
        if self._tags:
            return Quantity(self._total(), {self._unknown[index - 1]: -1})
        return self.sum_of(self._inside(index))

    def answered(self) -> Quantity:
        """Of tags: the units without an exclusive code."""
        alone = self.sum_of(self._details(exclusive=True))
        return Quantity(self._total() - alone.constant, {at: -one for at, one in alone.terms.items()})

    def gap(self, index: int) -> Quantity:
        """Of tags: the units with an answer, but not this one."""
        answered, tag = self.answered(), self.cell(index)
        terms = dict(answered.terms) | {at: -one for at, one in tag.terms.items()}
        return Quantity(answered.constant - tag.constant, terms)

    def unanswered(self) -> Quantity:
        """Of tags: the units with an exclusive code."""
        return self.sum_of(self._details(exclusive=True))

    def sum_of(self, indexes: Sequence[int]) -> Quantity:
        """The sum of detailed cells."""
        constant = sum(self._values[index] or 0 for index in indexes)
        return Quantity(constant, {self._unknown[index]: 1 for index in indexes if index in self._unknown})

    def interval(self, quantity: Quantity) -> Interval:
        """The ends between which the quantity must lie."""
        cost = np.zeros(len(self._unknown))
        for at, coefficient in quantity.terms.items():
            cost[at] = coefficient
        if self._program is None:
            return Interval(quantity.constant, quantity.constant)
        least, most = self._program.minimise(cost), self._program.minimise(-cost)
        if least is None or most is None:
            raise refusal("inconsistent")
        return Interval(quantity.constant + round(least.value), quantity.constant - round(most.value))

    def _total(self) -> int:
        total = self._values[-2 if self._tags else -1]
        if total is None:
            raise refusal("bad_document")
        return total

    def _is_detail(self, index: int) -> bool:
        place = np.unravel_index(index, self._published.shape)
        if self._tags:
            return int(place[1]) == 0
        return all(int(at) < length - 1 for at, length in zip(place, self._published.shape, strict=True))

    def _inside(self, index: int) -> list[int]:
        """The detailed cells that a cell of the cross sums."""
        shape = self._published.shape
        place = np.unravel_index(index, shape)
        ranges = [
            range(length - 1) if int(at) == length - 1 else [int(at)]
            for at, length in zip(place, shape, strict=True)
        ]
        return [int(np.ravel_multi_index(detail, shape)) for detail in product(*ranges)]

    def _details(self, *, exclusive: bool) -> list[int]:
        """Of tags: the *with* cells of the codes that are exclusive, or of those that are not."""
        dimension = self._published.dimensions[0]
        codes = enumerate(dimension.codes)
        return [2 * at for at, code in codes if (code in dimension.exclusive) is exclusive]

    def _rows_of_cross(self) -> list[Row]:
        """Each margin that is shown is the sum of what lies inside it; hidden margins say nothing more."""
        rows = []
        for index, value in enumerate(self._values):
            if value is not None and not self._is_detail(index):
                rows.append(_equation(self.sum_of(self._inside(index)), value))
        return rows

    def _rows_of_tags(self, total: int) -> list[Row]:
        """No tag exceeds the units with an answer, and all tags together are at least as many."""
        tags = self._details(exclusive=False)
        rows = []
        for index in range(0, len(self._values) - 2, 2):
            shown, complement = self._values[index], self._values[index + 1]
            if (shown is None) != (complement is None):
                raise refusal("bad_document")
            if shown is not None and complement is not None:
                rows.append(Row([], [], shown + complement - total, shown + complement - total))
        for index in tags:
            rows.append(_bounded(self.gap(index), 0, total))
        answered, carried = self.answered(), self.sum_of(tags)
        terms = dict(carried.terms) | {at: -one for at, one in answered.terms.items()}
        surplus = Quantity(carried.constant - answered.constant, terms)
        rows.append(_bounded(surplus, 0, total * max(len(tags), 1)))
        return [*rows, _bounded(answered, 0, total)]


def _equation(quantity: Quantity, value: int) -> Row:
    return _bounded(quantity, value, value)


def _bounded(quantity: Quantity, low: int, high: int) -> Row:
    """The row that keeps a quantity between two bounds."""
    columns, coefficients = list(quantity.terms), list(quantity.terms.values())
    return Row(columns, coefficients, low - quantity.constant, high - quantity.constant)
