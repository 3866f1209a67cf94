"""Cheaper patterns: exact searches around the best one, wider each time, until one covers everything."""

import time
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.search.master import Master
from casework.disclosure.search.probe import Probe
from casework.disclosure.search.pruning import prune
from casework.disclosure.solver import WHOLE, Deadline
from casework.errors import DisclosureRefused

_FIRST_SHARE: Final = 0.15
_WIDER: Final = 1.05
_NARROWER: Final = 0.85
_QUICK_SECONDS: Final = 0.8
_LONG_SECONDS: Final = 3.0
_ROUGH: Final = 1e-4
_INWARD: Final = 0.5
"""Cuts are also made half-way to the best pattern known: they are deeper than those at the choice itself."""
_SMALL: Final = 120
"""So few candidates are searched whole from the beginning."""


class Improved(NamedTuple):
    """The best pattern, and whether no pattern is cheaper."""

    hidden: BoolArray
    is_optimal: bool


class Improver:
    """Large neighbourhood search, exact within each neighbourhood.

    All candidates but some near each other stay as they are, and the cheapest choice among these is found
    cut by cut. A search that covers all candidates and finds nothing proves the optimum.
    """

    def __init__(self, probe: Probe, deadline: Deadline) -> None:
        self._probe = probe
        self._master = Master(probe, deadline, whole=True)
        self._places = probe.cells.places[self._master.columns]
        self._deadline = deadline
        self._random = np.random.default_rng(0)

    def improve(self, hidden: BoolArray, until: float, step: float) -> Improved:
        """Searches until `time.monotonic()` is `until`; costs that differ differ by at least `step`."""
        count = len(self._master.columns)
        share = 1.0 if count <= _SMALL else _FIRST_SHARE
        while count and time.monotonic() < until:
            started = time.monotonic()
            free = self._choose(hidden, share)
            try:
                found = self._search(hidden, free, self._end(until, free), step)
            except DisclosureRefused as refused:
                if refused.reason != "time_limit":
                    raise
                share = max(_NARROWER * share, 1 / count)
                continue
            if found is not None:
                hidden = found
            elif free.all():
                return Improved(hidden, True)
            elif time.monotonic() - started < _QUICK_SECONDS:
                share = min(_WIDER * share, 1.0)
        return Improved(hidden, count == 0)

    def _end(self, until: float, free: BoolArray) -> float:
        """When a search has to end: one of all candidates may take half of what is left, since it proves."""
        now = time.monotonic()
        return now + (until - now) / 2 if free.all() else min(until, now + _LONG_SECONDS)

    def _choose(self, hidden: BoolArray, share: float) -> BoolArray:
        """Candidates near one of those that are hidden, or near any."""
        count = len(self._places)
        shares = self._master.shares_of(hidden)
        among = np.flatnonzero(shares) if self._random.random() < 0.7 and shares.any() else np.arange(count)
        centre = self._places[self._random.choice(among)]
        blur = 1.0 if self._random.random() < 0.5 else 2.5
        nearness = (self._places == centre).sum(axis=1) + blur * self._random.random(count)
        free = np.zeros(count, dtype=np.bool_)
        free[np.argsort(-nearness)[: max(1, round(share * count))]] = True
        return free

    def _search(self, hidden: BoolArray, free: BoolArray, until: float, step: float) -> BoolArray | None:
        """The cheapest pattern that differs in the free candidates alone, if it is cheaper; pruned."""
        cells, kept = self._probe.cells, self._master.shares_of(hidden)
        within = np.where(free, 0.0, kept), np.where(free, 1.0, kept)
        below = cells.cost(hidden) - step
        while True:
            left = until - time.monotonic()
            if left <= 0:
                raise self._deadline.passed()
            choice = self._master.solve(within=within, below=below, seconds=left)
            if choice is None:
                return None
            if not self._probe.separate(choice.shares, until=until):
                found = (choice.shares > 1 - WHOLE) & cells.hideable
                return prune(self._probe, found, cells.weight, lambda: time.monotonic() > until)
            self._probe.separate((1 - _INWARD) * choice.shares + _INWARD * hidden, _ROUGH, until)
