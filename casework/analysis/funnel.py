"""How many of those who began a pathway reach each step of it, and after how many days."""

from dataclasses import dataclass

import numpy as np

from casework.analysis.crosstab.columns import Ints

REACHED, NOT_REACHED, UNKNOWN, NOT_ASKED = range(4)
"""What is known of a step: that it came, that it did not, nothing since nobody knows, or was asked."""

NO_DAY = 0
"""In place of the ordinal of a day that is not known to the day."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Days from one step to another: the quartiles, of `known` of the `among` that have both steps.

    The quartiles are None where `known` is 0; interpolated as type 7 of Hyndman and Fan (1996).
    `backwards` of those among are dated the other way round, and not measured.
    """

    quartiles: tuple[float, float, float] | None
    known: int
    among: int
    backwards: int = 0


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the pathway among `total` that began: how many are known to have reached it, and how soon.

    `reached`, `not_reached`, `unknown` and `not_asked` add up to `total`. `before` is how many reached the
    step before, `after` how many of these reached this one too; `since_start` are days since the first step.
    """

    reached: int
    not_reached: int
    unknown: int
    not_asked: int
    before: int
    after: int
    since_start: Lag

    @property
    def total(self) -> int:
        """Return how many began."""
        return self.reached + self.not_reached + self.unknown + self.not_asked


def read_funnel(states: Ints, days: Ints, rows: Ints) -> tuple[Stage, ...]:
    """Read a funnel of these rows. `states` and `days` have a row for each pathway, a column for each step.

    `days` are ordinals, `NO_DAY` where a step is not dated to the day. Everybody has reached the first step.
    """
    states, days = states[rows], days[rows]
    return tuple(_read_stage(states, days, step) for step in range(states.shape[1]))


def _read_stage(states: Ints, days: Ints, step: int) -> Stage:
    here, before = states[:, step], states[:, max(step - 1, 0)]
    counts = np.bincount(here, minlength=4)
    return Stage(
        reached=int(counts[REACHED]),
        not_reached=int(counts[NOT_REACHED]),
        unknown=int(counts[UNKNOWN]),
        not_asked=int(counts[NOT_ASKED]),
        before=int((before == REACHED).sum()),
        after=int(((before == REACHED) & (here == REACHED)).sum()),
        since_start=_read_lag(days[here == REACHED, 0], days[here == REACHED, step]),
    )


def _read_lag(begins: Ints, ends: Ints) -> Lag:
    dated = (begins != NO_DAY) & (ends != NO_DAY)
    lags = ends[dated] - begins[dated]
    forwards = lags[lags >= 0]
    backwards = len(lags) - len(forwards)
    if not len(forwards):
        return Lag(None, 0, len(begins), backwards)
    first, median, third = (float(one) for one in np.percentile(forwards, [25, 50, 75], method="linear"))
    return Lag((first, median, third), len(forwards), len(begins), backwards)
