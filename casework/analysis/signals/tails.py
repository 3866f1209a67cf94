"""Exact tails of counts, from the logarithms of their probabilities."""

from collections.abc import Callable
from math import exp, lgamma, log, log1p

_NEGLIGIBLE = 1e-17


def negative_binomial_tail(seen: int, mean: float, size: float) -> float:
    """Give the probability of `seen` or more, of a negative binomial with this mean and size.

    Its variance is mean + mean²/size. `mean` and `size` are above 0; with an infinite size it is the Poisson.
    """
    if seen <= 0:
        return 1.0
    if size == float("inf"):
        return _sum_up(seen, mean, exp(seen * log(mean) - mean - lgamma(seen + 1)), lambda k: mean / (k + 1))
    share = mean / (mean + size)
    begins = lgamma(seen + size) - lgamma(size) - lgamma(seen + 1)
    first = exp(begins + size * (log(size) - log(mean + size)) + seen * log(share))
    return _sum_up(seen, mean, first, lambda k: share * (k + size) / (k + 1))


def binomial_tail(seen: int, trials: int, share: float) -> float:
    """Give the probability of `seen` or more of so many trials, each a success with this probability."""
    if seen <= 0:
        return 1.0
    if seen > trials or share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    ways = lgamma(trials + 1) - lgamma(seen + 1) - lgamma(trials - seen + 1)
    first = exp(ways + seen * log(share) + (trials - seen) * log1p(-share))
    odds = share / (1 - share)
    return _sum_up(seen, trials * share, first, lambda k: odds * (trials - k) / (k + 1))


def _sum_up(seen: int, mean: float, first: float, ratio: Callable[[int], float]) -> float:
    """Add up the probabilities from `seen` on where they only fall, else all before it, from 1."""
    if seen > mean:
        total, term, k = 0.0, first, seen
        while term > total * _NEGLIGIBLE:
            total, term, k = total + term, term * ratio(k), k + 1
        return min(1.0, total)
    total, term, k = 0.0, first, seen
    while k > 0:
        k -= 1
        term /= ratio(k)
        total += term
        if term <= total * _NEGLIGIBLE:
            break
    return max(0.0, 1.0 - total)
