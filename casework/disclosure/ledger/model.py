"""A history as the cells that the search for suppressions works on: those of earlier releases are frozen."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.ledger.history import History
from casework.disclosure.ledger.losses import Loss
from casework.disclosure.ledger.needs import Need, Quantity
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.refusals import refusal
from casework.disclosure.solver import FloatArray, Row

MARGIN_WEIGHT: Final = 4
HEADLINE_WEIGHT: Final = 16

_FARTHEST: Final = 20
"""In units of the farthest goal: nobody outside knows such a bound, so what is safe within it is safe."""


class _Column(NamedTuple):
    """Where the part of a quantity that is not settled stands, and what has to be added to it."""

    column: int
    known: int


class Model:
    """The columns: unknowns that are not settled, and sums of them that are hidden or have to be protected.

    An unknown is settled when what is shown in any case gives it away: then it is a constant.
    """

    def __init__(
        self,
        history: History,
        needs: Sequence[Need],
        own: IntArray,
        veiled: BoolArray | None = None,
        losses: Sequence[Loss] = (),
    ) -> None:
        """`own` are the units that are known to be in each unknown of the history.

        Lines that are `veiled` are hidden in any case; of `losses` it is known how many were lost.

        Raises DisclosureRefused("cannot_protect") where the newest release settles an unsafe quantity.
        """
        self._history = history
        newest = history.release_of == history.newest
        told = np.array([line.value is not None for line in history.lines]) & ~newest
        veiled = np.zeros_like(newest) if veiled is None else veiled
        can_hide = newest & hideable(history) & ~veiled
        before, fixed = settle(history, told), told | (newest & ~can_hide & ~veiled)
        self._settled = settle(history, fixed)
        self._free = np.flatnonzero(~self._settled)
        self._values: list[int] = history.truth[self._free].tolist()
        self._lower: list[int] = own[self._free].tolist()
        self._own = own
        self._rows: list[Row] = []
        self._signed: list[int] = []
        self._columns = {one.tobytes(): at for at, one in enumerate(np.eye(len(self._free), dtype=np.int8))}
        self._add_fixed(np.flatnonzero(fixed))
        self.column_of_line = np.full(len(history.lines), -1, dtype=np.int64)
        self._weight: dict[int, float] = {}
        self._primary: set[int] = set()
        self._add_open(np.flatnonzero(can_hide), np.flatnonzero((~told & ~newest) | veiled))
        for loss in losses:
            self._add_loss(loss)
        self._demands = [
            self._demand(need)
            for need in needs
            if not (own.any() and need.is_open) and self._can_move(need, before)
        ]

    def link(self) -> LinkedCells:
        """The cells for the search."""
        values = np.array(self._values, dtype=np.int64)
        shown, weight = np.zeros(len(values), dtype=np.bool_), np.zeros(len(values))
        primary = np.zeros(len(values), dtype=np.bool_)
        shown[list(self._weight)] = True
        weight[list(self._weight)] = list(self._weight.values())
        primary[list(self._primary)] = True
        farthest = max((far - least for _column, least, far in self._demands), default=1)
        lower = np.array(self._lower, dtype=np.int64)
        lower[self._signed] = values[self._signed] - _FARTHEST * farthest
        return LinkedCells(
            values=values,
            lower=lower,
            upper=values + _FARTHEST * farthest,
            shown=shown,
            hideable=shown,
            weight=weight,
            primary=primary,
            needs=tuple(self._demands),
            rows=tuple(self._rows),
            column_of=self.column_of_line,
            places=self._places(len(values)),
            integral=False,
        )

    def _add_fixed(self, lines: IntArray) -> None:
        """What is shown in any case, as equations between unknowns; equal ones once."""
        members = self._history.members[np.ix_(lines, self._free)]
        for line in np.unique(members, axis=0):
            inside = np.flatnonzero(line).tolist()
            if inside:
                total = int(sum(self._values[at] for at in inside))
                self._rows.append(Row(inside, [1] * len(inside), total, total))

    def _add_open(self, hideable: IntArray, hidden: IntArray) -> None:
        for at in hideable.tolist():
            self._add_hideable(at)
        for at in hidden.tolist():
            self._add_bound(at)

    def _add_loss(self, loss: Loss) -> None:
        """How many of a combination are left is known."""
        part = loss.left[self._free]
        inside = np.flatnonzero(part)
        if len(inside):
            value = int(part.astype(np.int64) @ self._history.truth[self._free])
            self._rows.append(Row(inside.tolist(), part[inside].astype(float).tolist(), value, value))

    def _add_hideable(self, at: int) -> None:
        """A cell of the newest release; those of the same unknowns are hidden or shown together."""
        history = self._history
        line, told = history.lines[at], history.releases[history.newest].told
        is_primary = 1 <= line.cases < told.k
        if not history.members[at, self._free].any():
            if is_primary:
                raise refusal("cannot_protect")
            return
        column = self._add_bound(at)
        whole = told.layouts[line.table].is_margin(line.place, told.axes)
        price = HEADLINE_WEIGHT if all(whole) else MARGIN_WEIGHT if any(whole) else 1
        self._weight[column] = max(self._weight.get(column, 0.0), float(price * history.exact[at]))
        if is_primary:
            self._primary.add(column)
        self.column_of_line[at] = column

    def _add_bound(self, at: int) -> int:
        """What everybody knows of a hidden cell where zeros are always published: it is not zero."""
        history = self._history
        column, known = self._column(history.members[at].astype(np.int8))
        if column >= 0 and history.releases[history.lines[at].release].told.zeros_published:
            self._lower[column] = max(self._lower[column], min(1, int(history.exact[at])) - known)
        return column

    def _can_move(self, need: Need, before: BoolArray) -> bool:
        """Whether hiding can do something for a need; not where all was known without this release."""
        if need.quantity[self._free].any():
            return True
        value = int(need.quantity.astype(np.int64) @ self._history.truth)
        is_met = need.least >= value >= need.far or (need.may_be_known_zero and value == 0)
        if not is_met and need.quantity[~before].any():
            raise refusal("cannot_protect")
        return False

    def _demand(self, need: Need) -> tuple[int, int, int]:
        column, known = self._column(need.quantity)
        is_sum = not (need.quantity < 0).any()
        sure = int(need.quantity.astype(np.int64) @ self._own) if is_sum else need.least
        return column, max(need.least, sure) - known, need.far - known

    def _column(self, quantity: Quantity) -> _Column:
        """The column of a quantity; a new one, never shown, if there is none."""
        history = self._history
        known = int(quantity.astype(np.int64) @ np.where(self._settled, history.truth, 0))
        part = quantity[self._free]
        inside = np.flatnonzero(part)
        if not len(inside):
            return _Column(-1, known)
        column = self._columns.setdefault(part.tobytes(), len(self._values))
        if column == len(self._values):
            self._values.append(int(part.astype(np.int64) @ history.truth[self._free]))
            self._lower.append(0)
            if (part < 0).any():
                self._signed.append(column)
            self._rows.append(Row([*inside.tolist(), column], [*part[inside].tolist(), -1], 0, 0))
        return _Column(column, known)

    def read_table(self, table: FloatArray) -> FloatArray:
        """What all unknowns of the history are in a table of the search."""
        found = self._history.truth.astype(np.float64)
        found[self._free] = table[: len(self._free)]
        return found

    def _places(self, count: int) -> IntArray:
        """Columns of cells by their place in their table; the others together."""
        width = max((len(line.place) for line in self._history.lines), default=0)
        places = np.full((count, width + 1), -1, dtype=np.int64)
        for line, column in zip(self._history.lines, self.column_of_line.tolist(), strict=True):
            if column >= 0:
                places[column, : len(line.place) + 1] = (line.table, *line.place)
        return places


def hideable(history: History) -> BoolArray:
    """The lines that may be hidden: nothing kept, no structural zeros, no zeros where these are published."""
    zeros = [release.told.zeros_published for release in history.releases]
    may = [
        not (line.is_impossible or line.is_kept or (zeros[line.release] and value == 0))
        for line, value in zip(history.lines, history.exact.tolist(), strict=True)
    ]
    return np.array(may, dtype=np.bool_)


def settle(history: History, shown: BoolArray) -> BoolArray:
    """Unknowns that follow one by one: the last one of a sum that is shown, and all where nothing is left."""
    inside = history.members[shown]
    members = np.packbits(inside, axis=1)  # counted exactly, ten times as quick as floats
    settled = np.zeros(len(history.truth), dtype=np.bool_)
    while True:
        left = np.bitwise_count(members & np.packbits(~settled)).sum(axis=1, dtype=np.int64)
        filled = (members & np.packbits(~settled & (history.truth > 0))).any(axis=1)
        now = settled | inside[(left == 1) | ~filled].any(axis=0)
        if np.array_equal(now, settled):
            return settled
        settled = now
