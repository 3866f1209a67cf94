"""Other safe patterns, to combine with the best: repair and clean-up again, at prices that chance bends."""

import time
from typing import Final

import numpy as np

from casework.disclosure.counts import BoolArray
from casework.disclosure.search.opening import Opener, open_all
from casework.disclosure.search.probe import Probe
from casework.disclosure.search.pruning import prune
from casework.disclosure.solver import FloatArray

_MIXES: Final = (1 / 64, 1 / 16, 1 / 4, 1.0)
"""How little the relaxation has to say: what it would hide anyway costs this share of its weight."""
_SPREAD: Final = 0.3
_AFFORDABLE: Final = 0.05


class Restarts:
    """Draws safe patterns, each the answer of the greedy repair to prices of its own (Feo and Resende 1995).

    `shares` are what the linear relaxation would hide, `seconds` what the first pattern took.
    """

    def __init__(self, probe: Probe, opener: Opener, shares: FloatArray, seconds: float) -> None:
        self._probe = probe
        self._opener = opener
        self._shares = shares
        self._seconds = seconds
        self._random = np.random.default_rng(1)

    def draw(self, until: float) -> BoolArray | None:
        """The next pattern, or None where it would take, or took, too much of the time before `until`.

        Raises DisclosureRefused: cannot_protect, time_limit, solver.
        """
        begun = time.monotonic()
        if self._seconds > _AFFORDABLE * (until - begun):
            return None

        def is_late() -> bool:
            return time.monotonic() > until

        weight = self._probe.cells.weight
        bent = np.exp(self._random.normal(0, _SPREAD, len(weight)))
        price = weight * (1 + self._random.choice(_MIXES) - self._shares) * bent
        hidden = open_all(self._probe, self._opener, self._probe.cells.primary, price, is_late)
        found = prune(self._probe, hidden, weight, is_late)
        self._seconds = time.monotonic() - begun
        return None if is_late() else found
