"""Two Poisson rates: their ratio, exactly.

Przyborowski and Wilenski, Homogeneity of results in testing samples from Poisson series, Biometrika 31
(1940): given their sum, the second of two counts is binomial. The interval is that of Clopper and Pearson,
Biometrika 26 (1934), for its share.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from casework.analysis.signals.tails import binomial_tail

_HALVINGS = 200


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as high a second rate is as a first: None where neither counted anything.

    `low` and `high` bound it at the level asked for; `high` may be infinite, and so may the ratio itself.
    `p_value` is two-sided: twice the smaller tail, at most 1.
    """

    ratio: float | None
    low: float
    high: float
    p_value: float

    @property
    def is_bounded(self) -> bool:
        """Whether there is a highest ratio that the counts allow: not without anything before."""
        return self.high < inf


def compare_rates(before: int, before_days: int, after: int, after_days: int, level: float = 0.95) -> Ratio:
    """Compare so many events over so many days after something with those before; the days are above 0."""
    total, longer = before + after, before_days / after_days
    if not total:
        return Ratio(None, 0.0, inf, 1.0)
    tail = (1 - level) / 2
    low = _solve(lambda share: binomial_tail(after, total, share) >= tail) if after else 0.0
    high = _solve(lambda share: binomial_tail(after + 1, total, share) > 1 - tail) if before else 1.0
    share = after_days / (before_days + after_days)
    at_least, more = binomial_tail(after, total, share), binomial_tail(after + 1, total, share)
    return Ratio(
        ratio=after / before * longer if before else inf,
        low=low / (1 - low) * longer if low < 1 else inf,
        high=high / (1 - high) * longer if high < 1 else inf,
        p_value=min(1.0, 2 * min(at_least, 1 - more)),
    )


def _solve(is_reached: Callable[[float], bool]) -> float:
    """Give the smallest share from which on something holds."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return high
