"""Chooses what to hide: repair, clean-up, and, where there is time, a search for the cheapest pattern."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.linkedcells import LinkedCells
from casework.disclosure.search.improving import Improver
from casework.disclosure.search.master import Master
from casework.disclosure.search.opening import Opener, open_all
from casework.disclosure.search.probe import Probe
from casework.disclosure.search.pruning import prune
from casework.disclosure.search.restarting import Restarts
from casework.disclosure.search.whole import make_whole
from casework.disclosure.solver import Deadline, FloatArray
from casework.errors import DisclosureRefused

_OPENED_BY, _PRUNED_BY, _RELAXED_BY = 0.25, 0.35, 0.5
"""The shares of the time after which each step hands on what it has; the audit needs the rest."""


class _Ends(NamedTuple):
    """The same for the last steps."""

    improved_by: float
    whole_by: float


_QUICK: Final = _Ends(0.8, 0.95)
_SLOW: Final = _Ends(0.5, 0.78)
"""Where the repair was slow, whole numbers and the audit are."""
_SLOW_FROM: Final = 0.1

_REOPENED_IN: Final = 0.1

_STEP: Final = 0.5
"""Weights are whole but for a tie-breaker: two patterns that hide different sums differ by more."""

_ROUGH: Final = 1e-4


@dataclass(frozen=True, eq=False)
class Suppression:
    """Which columns of the model are hidden, and which of them only to shield the others.

    `cost` is the sum of the values of the secondaries. No pattern costs less than `bound`, which is None
    where nobody looked for it. `seconds` of the clock are those of each step. `tables` are some of whole
    numbers that agree with what is shown, a row each, if any were asked for.
    """

    hidden: BoolArray
    secondary: BoolArray
    cost: int
    bound: int | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    tables: IntArray | None = None


def suppress(cells: LinkedCells, deadline: Deadline, heard: list[FloatArray] | None = None) -> Suppression:
    """Hides enough that every need of the model is met and nothing hidden is exact.

    To `heard`, where given, the tables of whole numbers are added that were found on the way. No decision
    depends on the clock: the same model gives the same pattern, or runs into the deadline.

    Raises DisclosureRefused: cannot_protect, time_limit, solver.
    """
    probe = Probe(cells, deadline)
    probe.believable.heard = heard
    hidden = open_all(probe, Opener(cells, deadline), cells.primary, cells.weight)
    hidden = prune(probe, hidden, cells.weight)
    if not cells.integral:
        hidden = make_whole(probe, hidden, deadline)
    return _describe(cells, hidden)


def suppress_least(cells: LinkedCells, deadline: Deadline) -> Suppression:
    """The same at the least cost that is found in time, with a bound below which no pattern lies.

    The weights have to be whole numbers, but for less than a half over all columns. How long each step takes
    decides what is found; what is returned is safe in any case.

    Raises DisclosureRefused: cannot_protect, time_limit, solver.
    """
    search = _Search(cells, deadline)
    hidden = search.start()
    relaxed = search.relax()
    hidden = search.start_guided(relaxed[0], hidden)
    hidden, is_optimal = search.improve(hidden, relaxed[0])
    with search.timed("whole"):
        settled = make_whole(
            search.probe, hidden, deadline, search.at(search.ends.whole_by)
        )  # also shows what a late clean-up left exact
    cost = int(cells.values[settled & ~cells.primary].sum())
    is_proven = is_optimal and bool(np.all(settled == hidden))
    bound = cost if is_proven else max(0, min(cost, ceil(relaxed[1] - _STEP)))
    found = _describe(cells, settled, bound, search.seconds)
    return replace(found, tables=search.probe.believable.tables(settled))


class _Search:
    """The steps of `suppress_least`, each with its share of the time."""

    def __init__(self, cells: LinkedCells, deadline: Deadline) -> None:
        self._cells = cells
        self._deadline = deadline
        self._begun = time.monotonic()
        self.probe = Probe(cells, deadline)
        self._opener = Opener(cells, deadline)
        self.seconds: dict[str, float] = {}
        self.ends = _QUICK

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Notes how long a step takes; of the same step twice the sum."""
        begun = time.monotonic()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.monotonic() - begun

    def start(self) -> BoolArray:
        """The first pattern that is safe."""
        return self._open_and_prune(self._cells.weight)

    def start_guided(self, shares: FloatArray, best: BoolArray) -> BoolArray:
        """Another one, of what the relaxation would hide anyway; the cheaper of both."""
        if self._is_past(_RELAXED_BY):
            return best
        found = self._open_and_prune(self._cells.weight * (1 + 1 / 64 - shares))
        return min(best, found, key=self._cells.cost)

    def relax(self) -> tuple[FloatArray, float]:
        """What the linear relaxation would hide, in shares, and its cost: a lower bound."""
        with self.timed("bound"):
            master = Master(self.probe, self._deadline, whole=False)
            while True:
                choice = master.solve(seconds=self._deadline.seconds)
                if choice is None:  # no cut forbids to hide everything
                    raise AssertionError("a cut that no pattern satisfies")
                if self._is_past(_RELAXED_BY) or not self._separate(choice.shares):
                    return choice.shares, choice.bound

    def _separate(self, shares: FloatArray) -> int:
        """How many goals are out of reach, as far as there was time to look: the bound holds either way."""
        try:
            return self.probe.separate(shares, _ROUGH, self.at(_RELAXED_BY))
        except DisclosureRefused as refused:
            self._deadline.remaining()
            if refused.reason != "time_limit":
                raise
            return 0

    def improve(self, hidden: BoolArray, shares: FloatArray) -> tuple[BoolArray, bool]:
        """The best pattern found in time, and whether it is proven to be the best of all."""
        first = self.seconds["repair"] + self.seconds["clean-up"]
        with self.timed("improve"):
            restarts = Restarts(self.probe, self._opener, shares, first)
            improver = Improver(self.probe, self._deadline, restarts)
            return improver.improve(hidden, self.at(self.ends.improved_by), _STEP)

    def at(self, share: float) -> float:
        """When so much of the time will have passed, by `time.monotonic()`."""
        return self._begun + share * self._deadline.seconds

    def _open_and_prune(self, price: FloatArray) -> BoolArray:
        with self.timed("repair"):
            late = max(_OPENED_BY, self._spent() + _REOPENED_IN)
            hidden = open_all(
                self.probe, self._opener, self._cells.primary, price, lambda: self._is_past(late)
            )
        spent = self._spent()
        if spent > _SLOW_FROM:
            self.ends = _SLOW
        until = max(
            _PRUNED_BY, spent + (self.ends.improved_by - spent) / 2
        )  # a long repair leaves most to be shown again
        with self.timed("clean-up"):
            return prune(self.probe, hidden, self._cells.weight, lambda: self._is_past(until))

    def _is_past(self, share: float) -> bool:
        return self._spent() > share

    def _spent(self) -> float:
        return (time.monotonic() - self._begun) / self._deadline.seconds


def _describe(
    cells: LinkedCells,
    hidden: BoolArray,
    bound: int | None = None,
    seconds: Mapping[str, float] | None = None,
) -> Suppression:
    secondary = hidden & ~cells.primary
    return Suppression(hidden, secondary, int(cells.values[secondary].sum()), bound, seconds or {})
