"""How surprising each series' newest block is, and which surprises remain when many series are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from casework.analysis.signals.fitting import Flags, Numbers, Outlook, look_ahead
from casework.analysis.signals.tails import negative_binomial_tail

_SHARED_FREEDOM = 20.0
"""How many blocks' worth the over-dispersion of all series weighs beside a series' own."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Of each series: what was expected, how improbable it is to see so many, and by which model.

    `dispersion` is how many times as large as the mean the variance was taken to be. `trend` and `season` say
    what the model took into account that was surprised least.
    """

    expected: Numbers
    p_values: Numbers
    dispersion: Numbers
    trend: Flags
    season: Flags


def judge(past: Numbers, seen: Numbers, days: int) -> Verdicts:
    """Judge the newest block of each series, of so many days, by the blocks of its past.

    A row of `past` is a series, a column a block, the oldest first; parts of incidents may be in it. `seen`
    are whole numbers. Of the models that a series' past says nothing against, the one that is surprised
    least speaks: what may be a trend, or the time of the year, is no alarm.

    The p-value is the chance of as many or more under a negative binomial whose variance covers
    over-dispersion and what is not known of the mean, with one incident more in the past than there was.
    Without over-dispersion, trend and season that is exactly the conditional test of two Poisson counts
    (Przyborowski and Wilenski, Biometrika 31, 1940). It is 1 where no more were seen than expected.
    """
    outlooks, total = look_ahead(past, days), past.sum(axis=1)
    dispersion, flags = _disperse(outlooks, total), np.zeros(len(seen), dtype=bool)
    best = Verdicts(np.zeros(len(seen)), np.zeros(len(seen)), dispersion, flags, flags.copy())
    for outlook in outlooks:
        rows = np.flatnonzero(outlook.stands)
        mean, beyond = _predict(outlook, past.shape[1], total, dispersion)
        p_values = np.array([_tail(seen[row], mean[row], beyond[row]) for row in rows])
        kept = rows[milder := p_values > best.p_values[rows]]
        best.p_values[kept], best.expected[kept] = p_values[milder], outlook.expected[kept]
        best.trend[kept], best.season[kept] = outlook.trend, outlook.season
    return best


def adjust(p_values: Numbers) -> Numbers:
    """Give the q-values: who takes all up to q has, of what is taken, at most the share q that is chance.

    Benjamini and Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical Society B
    57 (1995); it holds for series that share incidents too, as these move together (Benjamini and Yekutieli
    2001).
    """
    count = len(p_values)
    order = np.argsort(p_values, kind="stable")
    scaled = p_values[order] * count / np.arange(1, count + 1)
    q_values = np.empty(count)
    q_values[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return q_values


def _predict(outlook: Outlook, blocks: int, total: Numbers, dispersion: Numbers) -> tuple[Numbers, Numbers]:
    """Give the mean of the newest block, and by how many times the mean its variance exceeds it."""
    if outlook.trend or outlook.season:
        more = np.where(total > 0, (total + 1) / np.maximum(total, 1e-12), 1.0)
        mean, spread = outlook.expected * more, outlook.log_variance / more
    else:
        mean, spread = (total + 1) / blocks, 1 / (total + 1)
    return mean, (dispersion - 1) + mean * dispersion * spread


def _tail(seen: float, mean: float, beyond: float) -> float:
    return negative_binomial_tail(int(seen), float(mean), float(mean / beyond)) if seen > mean else 1.0


def _disperse(outlooks: Sequence[Outlook], total: Numbers) -> Numbers:
    """Estimate the over-dispersion of each series: its own drawn to that of all together, never below it.

    By the model that fits best. A standard error of the estimate comes on top: it is an estimate, and a
    hostile reader may take the larger one.
    """
    told, pearson, freedom = total > 0, np.full(len(total), np.inf), np.ones(len(total))
    for outlook in outlooks:
        better = outlook.stands & (outlook.pearson / outlook.freedom < pearson / freedom)
        pearson[better], freedom[better] = outlook.pearson[better], outlook.freedom[better]
    if not told.any():
        return np.ones(len(total))
    shared = max(1.0, float(pearson[told].sum() / freedom[told].sum()))
    weight = freedom + _SHARED_FREEDOM
    own = np.where(told, (pearson + _SHARED_FREEDOM * shared) / weight, shared)
    dispersed: Numbers = np.maximum(own, shared) * (1 + np.sqrt(2 / weight))
    return dispersed
