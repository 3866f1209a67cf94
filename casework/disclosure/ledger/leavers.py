"""Attackers who were lost themselves: they know how many of a combination are gone, and subtract there."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from casework.disclosure.counts import IntArray
from casework.disclosure.ledger.auditing import Auditor
from casework.disclosure.ledger.history import History
from casework.disclosure.ledger.losses import Bounds, Loss
from casework.disclosure.ledger.needs import Need
from casework.disclosure.outsider.intervals import Outsider
from casework.disclosure.solver import FloatArray


class Leaver(NamedTuple):
    """Whoever may have been a loss: so much in each unknown was theirs, in one of them."""

    loss: Loss
    own: IntArray

    @property
    def bounds(self) -> Bounds:
        """What they know beside the documents."""
        return (*self.loss.bounds, ((self.own > 0).astype(np.int8), int(self.own.sum())))

    def count_in(self, need: Need) -> int:
        """How often their own are counted in a quantity."""
        return int(need.quantity.astype(np.int64) @ self.own)


def list_leavers(history: History) -> Iterator[Leaver]:
    """For each loss, and each release that may have been the first to count them."""
    for loss in history.losses:
        for place in np.flatnonzero(loss.before & (history.truth > 0)).tolist():
            own = np.zeros_like(history.truth)
            own[place] = min(loss.units, int(history.truth[place]))
            yield Leaver(loss, own)


class Leavers:
    """All of them, one at a time, on the documents that an auditor holds."""

    def __init__(self, auditor: Auditor, before: Callable[[], Auditor], history: History) -> None:
        """`before` is an auditor to whom the newest release has said nothing, asked where one is short."""
        self._auditor = auditor
        self._before = cache(before)
        self._truth = history.truth
        self._all = tuple(list_leavers(history))

    def list_shortfalls(self, needs: Sequence[Need]) -> list[tuple[Leaver, list[Need]]]:
        """Which needs are not met for whom: as far as they were met for them before the newest release.

        What has to stay open only is left out, and where nobody is by a guess. Raises DisclosureRefused:
        inconsistent, time_limit, solver.
        """
        asked = [need for need in needs if not (need.is_open or need.may_be_known_zero)]
        if not self._all or not asked:
            return []
        others: dict[tuple[int, ...], list[Need]] = {}
        for need in self._list_unmet(self._all, asked):
            name = tuple(at for at, who in enumerate(self._all) if not self._is_their_own(who, need))
            others.setdefault(name, []).append(need)
        found = (
            self._narrow([self._all[at] for at in name], left, is_asked=len(name) == len(self._all))
            for name, left in others.items()
        )
        return list(chain.from_iterable(found))

    def _narrow(
        self, some: Sequence[Leaver], needs: Sequence[Need], *, is_asked: bool = False
    ) -> Iterator[tuple[Leaver, list[Need]]]:
        """What holds for all of them at once holds for each; else for halves of them, down to one.

        With `is_asked` it is known already that none holds for all of them.
        """
        if len(some) == 1:
            left = self._judge(some[0], needs)
            yield from [(some[0], left)] if left else ()
        if len(some) < 2:
            return
        left = list(needs) if is_asked else self._list_unmet(some, needs)
        half = len(some) // 2
        for part in (some[:half], some[half:]) if left else ():
            yield from self._narrow(part, left)

    def _list_unmet(self, some: Sequence[Leaver], needs: Sequence[Need]) -> list[Need]:
        attacker = self._auditor.knowing([who.bounds for who in some])
        return [need for need in needs if not _is_met(attacker, *self._auditor.translate(need), 0)]

    def _judge(self, who: Leaver, needs: Sequence[Need]) -> list[Need]:
        """Lower ends may rise by their own units, and no more."""
        attacker, found = self._auditor.knowing([who.bounds]), []
        for need in needs:
            own = max(0, who.count_in(need))
            if not _is_met(attacker, *self._auditor.translate(need), own):
                clipped = self._clip(who, need, own)
                if not _is_met(attacker, *self._auditor.translate(clipped), 0):
                    found.append(clipped)
        return found

    def _is_their_own(self, who: Leaver, need: Need) -> bool:
        """Whether nobody else is in it: then nothing is told of others."""
        own = who.count_in(need)
        return own != 0 and own == int(need.quantity.astype(np.int64) @ self._truth)

    def _clip(self, who: Leaver, need: Need, own: int) -> Need:
        """The need, less what could not be met for them before the newest release."""
        before = self._before()
        asked, quantity = before.translate(need)
        attacker, shift = before.knowing([who.bounds]), need.far - asked.far
        far = attacker.farthest(quantity, asked.far) + shift
        return replace(need, far=far, least=shift - attacker.farthest(-quantity, -asked.least - own))


def _is_met(attacker: Outsider, need: Need, quantity: FloatArray, own: int) -> bool:
    return attacker.reaches(quantity, need.far) and attacker.reaches(-quantity, -need.least - own)
