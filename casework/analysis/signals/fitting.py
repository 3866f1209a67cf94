"""What a series' past makes one expect of the next block: log-linear Poisson, for many series at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_YEAR_DAYS = 365.25
_TREND_YEARS, _TREND_COUNT, _TREND_BLOCKS = 0.9, 10, 7
"""A trend is looked for in so many years of past and blocks at least, with so many incidents in them."""
_SEASON_YEARS, _SEASON_COUNT = 2, 40
_ONE_PERCENT = {1: 6.635, 2: 9.210}
_TWENTY_PERCENT = {1: 1.642, 2: 3.219}
"""What a chi-squared with so many degrees of freedom exceeds once in a hundred, and once in five."""
_STEPS = 30
_LARGEST_STEP = 2.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one model expects of the next block of each series.

    `expected` counts; `log_variance` is the variance of its logarithm, before over-dispersion; `pearson` over
    `freedom` estimates how many times as large the variance is as the mean. `stands` are the series of whose
    past the model says something, and whose past says nothing against it.
    """

    expected: Numbers
    log_variance: Numbers
    pearson: Numbers
    freedom: Numbers
    trend: bool
    season: bool
    stands: Flags


@dataclass(frozen=True, slots=True)
class _Fit:
    deviance: Numbers
    pearson: Numbers
    expected: Numbers
    log_variance: Numbers
    sound: Flags


def look_ahead(past: Numbers, days: int) -> list[Outlook]:
    """Expect the block after the last column of `past`: a row a series, a column a block of so many days.

    Four models: with and without a trend, with and without a season. One without them stands unless the
    series tells against it at one per cent. One with them stands where the past is long enough and holds
    enough, and the series, or all of them together, hint at it at twenty per cent. The statistic is divided
    by the over-dispersion, as Noufaily et al. do. For every series at least one model stands; of one with
    nothing in its past the variance means nothing.
    """
    gains, fits = _fit_all(past, days)
    together, _fits = _fit_all(past.sum(axis=0, keepdims=True), days)
    needs = [gain > _ONE_PERCENT[more] for gain, more in zip(gains, (1, 2), strict=True)]
    hints = [
        (gain > _TWENTY_PERCENT[more]) | (of_all > _TWENTY_PERCENT[more])
        for gain, of_all, more in zip(gains, together, (1, 2), strict=True)
    ]
    level, trend, season, both = fits
    blocks = past.shape[1]
    return [
        _outlook(level, blocks - 1, False, False, ~needs[0] & ~needs[1]),
        _outlook(trend, blocks - 2, True, False, trend.sound & hints[0] & ~needs[1]),
        _outlook(season, blocks - 3, False, True, season.sound & hints[1] & ~needs[0]),
        _outlook(both, blocks - 4, True, True, both.sound & hints[0] & hints[1]),
    ]


def _fit_all(past: Numbers, days: int) -> tuple[tuple[Numbers, Numbers], tuple[_Fit, _Fit, _Fit, _Fit]]:
    """Fit the four models; give what trend and season gain, and the fits."""
    blocks, total = past.shape[1], past.sum(axis=1)
    years = blocks * days / _YEAR_DAYS
    may_trend = (total >= _TREND_COUNT) & (years >= _TREND_YEARS) & (blocks >= _TREND_BLOCKS)
    may_season = (total >= _SEASON_COUNT) & (years >= _SEASON_YEARS)
    level = _fit_level(past)
    trend = _fit(past, days, may_trend, True, False)
    season = _fit(past, days, may_season, False, True)
    both = _fit(past, days, may_trend & may_season, True, True)
    by_trend = np.maximum(_gain(level, trend, blocks - 2), _gain(season, both, blocks - 4))
    by_season = np.maximum(_gain(level, season, blocks - 3), _gain(trend, both, blocks - 4))
    return (by_trend, by_season), (level, trend, season, both)


def _outlook(fit: _Fit, freedom: int, trend: bool, season: bool, stands: Flags) -> Outlook:
    free = np.full(len(stands), float(max(1, freedom)))
    return Outlook(fit.expected, fit.log_variance, fit.pearson, free, trend, season, stands)


def _fit_level(past: Numbers) -> _Fit:
    """Fit what has neither trend nor season: the mean."""
    mean, total = past.mean(axis=1), past.sum(axis=1)
    fitted = np.maximum(np.repeat(mean[:, None], past.shape[1], axis=1), 1e-12)
    log_variance = 1 / np.maximum(total, 1e-12)
    return _Fit(
        _deviance(past, fitted), _pearson(past, fitted), mean, log_variance, np.ones(len(past), dtype=bool)
    )


def _fit(past: Numbers, days: int, which: Flags, trend: bool, season: bool) -> _Fit:
    """Fit some of the series by iteratively reweighted least squares; what does not settle is not sound."""
    count = len(past)
    zeros = np.zeros((4, count))
    out = _Fit(zeros[0], zeros[1], zeros[2], zeros[3], np.zeros(count, dtype=bool))
    rows = np.flatnonzero(which)
    if not len(rows):
        return out
    design, ahead = _design(past.shape[1], days, trend, season)
    chosen = past[rows]
    coefficients = np.zeros((len(rows), design.shape[1]))
    coefficients[:, 0] = np.log(np.maximum(chosen.mean(axis=1), 1e-9))
    settled = np.zeros(len(rows), dtype=bool)
    for _ in range(_STEPS):
        fitted = np.exp(np.clip(coefficients @ design.T, -20, 20))
        information = np.einsum("sk,ki,kj->sij", fitted, design, design)
        information += 1e-9 * np.eye(design.shape[1])
        step = np.linalg.solve(information, ((chosen - fitted) @ design)[:, :, None])[:, :, 0]
        coefficients += np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
        settled = np.abs(step).max(axis=1) < 1e-6
        if settled.all():
            break
    fitted = np.exp(np.clip(coefficients @ design.T, -20, 20))
    out.deviance[rows], out.pearson[rows] = _deviance(chosen, fitted), _pearson(chosen, fitted)
    out.expected[rows] = np.exp(np.clip(coefficients @ ahead, -20, 20))
    out.log_variance[rows] = np.einsum("sij,i,j->s", np.linalg.inv(information), ahead, ahead)
    out.sound[rows] = settled
    return out


def _design(blocks: int, days: int, trend: bool, season: bool) -> tuple[Numbers, Numbers]:
    """Give the columns of a fit, for the past, and for the block ahead."""
    at = np.arange(-blocks, 1, dtype=np.float64)
    columns = [np.ones(blocks + 1)]
    if trend:
        columns.append(at / blocks)
    if season:
        turn = 2 * np.pi * at * days / _YEAR_DAYS
        columns += [np.cos(turn), np.sin(turn)]
    whole = np.stack(columns, axis=1)
    return whole[:-1], whole[-1]


def _gain(simple: _Fit, rich: _Fit, freedom: int) -> Numbers:
    """Give by how much the deviance falls, over the over-dispersion; 0 where a model was not fitted."""
    dispersion = np.maximum(1.0, rich.pearson / max(1, freedom))
    return np.where(simple.sound & rich.sound, (simple.deviance - rich.deviance) / dispersion, 0.0)


def _deviance(past: Numbers, fitted: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(past > 0, past * np.log(past / fitted), 0.0)
    deviance: Numbers = 2 * (logs - (past - fitted)).sum(axis=1)
    return deviance


def _pearson(past: Numbers, fitted: Numbers) -> Numbers:
    pearson: Numbers = ((past - fitted) ** 2 / fitted).sum(axis=1)
    return pearson
