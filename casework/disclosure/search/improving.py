"""Cheaper patterns: exact searches around the best one, wider each time, until one covers everything."""

import time
from typing import Final, NamedTuple

import numpy as np

from casework.disclosure.counts import BoolArray, IntArray
from casework.disclosure.search.master import Master
from casework.disclosure.search.probe import Probe
from casework.disclosure.search.pruning import prune
from casework.disclosure.search.restarting import Restarts
from casework.disclosure.solver import WHOLE, Deadline
from casework.errors import DisclosureRefused

_FIRST_SHARE: Final = 0.15
_FIRST_BETWEEN: Final = 0.1
_WIDER: Final = 1.05
_NARROWER: Final = 0.85
_QUICK_SECONDS: Final = 0.8
_LONG_SECONDS: Final = 3.0
_LAST_SECONDS: Final = 8.0
"""So long before the end searches are small again: HiGHS may notice late that a large one has to end."""
_ROUGH: Final = 1e-4
_INWARD: Final = 0.5
"""Cuts are also made half-way to the best pattern known: they are deeper than those at the choice itself."""
_SMALL: Final = 120
"""So few candidates are searched whole from the beginning."""
_DRAWN: Final = 24
_DRAWN_FOR: Final = 0.2
"""As a share of the time there is."""
_PARTNERS: Final = 12
_FEW_PARTNERS: Final = 8
_BETWEEN: Final = 0.5
"""How often a neighbourhood is one between two patterns."""


class Improved(NamedTuple):
    """The best pattern, and whether no pattern is cheaper."""

    hidden: BoolArray
    is_optimal: bool


class _Reach:
    """How many candidates a search frees, as a share of all: what was too much before is not tried again."""

    def __init__(self, share: float) -> None:
        self.share = share

    def narrow(self) -> None:
        """After a search that took too long."""
        self.share *= _NARROWER

    def widen(self) -> None:
        """After one that ended soon, and found nothing."""
        self.share = min(_WIDER * self.share, 1.0)


class Improver:
    """Large neighbourhood search, exact within each neighbourhood.

    All candidates but some stay as they are, and the cheapest choice among these is found cut by cut. These
    are near each other, or are those that the best pattern and another one do not agree on (Rothberg 2007,
    "An evolutionary algorithm for polishing mixed integer programming solutions"). A search that covers all
    candidates and finds nothing proves the optimum.
    """

    def __init__(self, probe: Probe, deadline: Deadline, restarts: Restarts) -> None:
        self._probe = probe
        self._master = Master(probe, deadline, whole=True)
        self._places = probe.cells.places[self._master.columns]
        self._deadline = deadline
        self._restarts = restarts
        self._partners: list[BoolArray] = []
        self._random = np.random.default_rng(0)

    def improve(self, hidden: BoolArray, until: float, step: float) -> Improved:
        """Searches until `time.monotonic()` is `until`; costs that differ differ by at least `step`."""
        count = len(self._master.columns)
        near, between = _Reach(1.0 if count <= _SMALL else _FIRST_SHARE), _Reach(_FIRST_BETWEEN)
        if count > _SMALL:
            hidden = self._gather(hidden, until)
        while count and time.monotonic() < until:
            partner = self._find_partner(until) if near.share < 1 and self._chance(_BETWEEN) else None
            reach = near if partner is None else between
            among = self._differing(hidden, partner) if partner is not None else np.arange(count)
            started = time.monotonic()
            share = min(reach.share, _FIRST_SHARE) if until - started < _LAST_SECONDS else reach.share
            free = self._choose(hidden, among, max(1, round(share * count)))
            try:
                found = self._search(hidden, free, self._end(until, free), step)
            except DisclosureRefused as refused:
                if refused.reason != "time_limit":
                    raise
                reach.narrow()
                continue
            if found is not None:
                hidden = found
            elif free.all():
                return Improved(hidden, True)
            else:
                if partner is not None and free.sum() == len(among):
                    self._drop(partner)
                if time.monotonic() - started < _QUICK_SECONDS:
                    reach.widen()
        return Improved(hidden, count == 0)

    def _gather(self, hidden: BoolArray, until: float) -> BoolArray:
        """Draws patterns for some of the time; gives the cheapest, and keeps the next as partners."""
        drawn, begun = [hidden], time.monotonic()
        while len(drawn) <= _DRAWN and time.monotonic() - begun < _DRAWN_FOR * (until - begun):
            another = self._restarts.draw(until)
            if another is None:
                break
            drawn.append(another)
        best, *others = sorted(drawn, key=self._probe.cells.cost)
        self._partners = others[:_PARTNERS]
        return best

    def _find_partner(self, until: float) -> BoolArray | None:
        """Another pattern: a new one while there are few of them."""
        if len(self._partners) < _FEW_PARTNERS and (another := self._restarts.draw(until)) is not None:
            self._partners.append(another)
            return another
        return self._partners[self._random.integers(len(self._partners))] if self._partners else None

    def _drop(self, partner: BoolArray) -> None:
        self._partners = [one for one in self._partners if one is not partner]

    def _differing(self, hidden: BoolArray, partner: BoolArray) -> IntArray:
        """The candidates that only one of both hides."""
        return np.flatnonzero(self._master.shares_of(hidden) != self._master.shares_of(partner))

    def _chance(self, share: float) -> bool:
        return bool(self._random.random() < share)

    def _end(self, until: float, free: BoolArray) -> float:
        """When a search has to end: one of all candidates may take half of what is left, since it proves."""
        now = time.monotonic()
        return now + (until - now) / 2 if free.all() else min(until, now + _LONG_SECONDS)

    def _choose(self, hidden: BoolArray, among: IntArray, size: int) -> BoolArray:
        """So many of these candidates: near one of those that are hidden, or near any."""
        count = len(self._places)
        free = np.zeros(count, dtype=np.bool_)
        if len(among) > size:
            hidden_ones = among[self._master.shares_of(hidden)[among] > 0]
            centres = hidden_ones if self._chance(0.7) and len(hidden_ones) else among
            centre = self._places[self._random.choice(centres)]
            blur = 1.0 if self._chance(0.5) else 2.5
            nearness = (self._places[among] == centre).sum(axis=1) + blur * self._random.random(len(among))
            among = among[np.argsort(-nearness)[:size]]
        free[among] = True
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
            choice = self._master.solve(within=within, below=below, seconds=left, proves=False)
            if choice is None and free.all():
                left = max(until - time.monotonic(), 0.0)
                choice = self._master.solve(within=within, below=below, seconds=left)
            if choice is None:
                return None
            if not self._probe.separate(choice.shares, until=until):
                found = (choice.shares > 1 - WHOLE) & cells.hideable
                return prune(self._probe, found, cells.weight, lambda: time.monotonic() > until)
            self._probe.separate((1 - _INWARD) * choice.shares + _INWARD * hidden, _ROUGH, until)
