"""How often signals are false, and how late true ones come: `python -m benchmarks.signals`.

Simulated series with fixed seeds. False alarms: families of 1,000 series of which none changed, by what else
is in them, so many days and blocks of past each. Delay: one series of a family of 60 doubles on a day;
looked at once a week, in the two windows that the page looks at. `--small` repeats a few times only.
"""

import sys
from collections.abc import Callable, Iterator

import numpy as np

from casework.analysis.signals.counting import Dated, Integers, Span, count_past, count_rows, place
from casework.analysis.signals.fitting import Numbers
from casework.analysis.signals.judging import adjust, judge

SEED = 20261126
LEVEL = 0.05
FEWEST_IN_ALL, FEWEST_SEEN = 6, 3
SHAPES = ((30, 60), (30, 12), (90, 20), (90, 8))
_FAMILY = 60

Draw = Callable[[np.random.Generator, Numbers], Numbers]


def _poisson(chance: np.random.Generator, mean: Numbers) -> Numbers:
    return chance.poisson(mean).astype(float)


def _dispersed(times: float) -> Draw:
    def draw(chance: np.random.Generator, mean: Numbers) -> Numbers:
        return chance.negative_binomial(mean / (times - 1), 1 / times).astype(float)

    return draw


def _mixed(chance: np.random.Generator, mean: Numbers) -> Numbers:
    times = chance.choice([1.0001, 1.5, 2.5], (len(mean), 1))
    return chance.negative_binomial(mean / (times - 1), 1 / times + 0 * mean).astype(float)


def make_null(kind: str, days: int, blocks: int, chance: np.random.Generator, count: int = 1000) -> Numbers:
    """Give series of which none stands out: a row each, the last column the newest block."""
    at = np.arange(-blocks, 1)
    mean = np.exp(chance.uniform(np.log(0.1), np.log(12), (count, 1))) * days / 30 * np.ones(blocks + 1)
    if kind == "all grow alike":
        mean = mean * np.exp(at / blocks)
    if kind == "trends of their own":
        mean = mean * np.exp(chance.uniform(-1, 1.5, (count, 1)) * at / blocks)
    if kind == "seasons of their own":
        turn = 2 * np.pi * at * days / 365.25 + chance.uniform(0, 2 * np.pi, (count, 1))
        mean = mean * np.exp(0.5 * np.cos(turn))
    draws = {"variance 1.5 times": _dispersed(1.5), "variance 2.5 times": _dispersed(2.5)}
    return draws.get(kind, _mixed if kind == "variances mixed" else _poisson)(chance, mean)


KINDS = (
    "nothing but chance",
    "all grow alike",
    "trends of their own",
    "seasons of their own",
    "variance 1.5 times",
    "variance 2.5 times",
    "variances mixed",
)


def count_false(kind: str, days: int, blocks: int, families: int, seed: int = SEED) -> tuple[float, float]:
    """Give the share of null series with p ≤ 5 %, and of families of 1,000 with any signal at all."""
    chance, low, alarmed = np.random.default_rng(seed), list[float](), 0
    for _ in range(families):
        series = make_null(kind, days, blocks, chance)
        series = series[series.sum(axis=1) >= FEWEST_IN_ALL]
        verdicts = judge(series[:, :-1], series[:, -1], days)
        low.append(float((verdicts.p_values <= LEVEL).mean()))
        alarmed += bool(((adjust(verdicts.p_values) <= LEVEL) & (series[:, -1] >= FEWEST_SEEN)).any())
    return float(np.mean(low)), alarmed / families


def _draw_incidents(
    chance: np.random.Generator, rates: Numbers, days: int, late: float
) -> tuple[Dated, Integers]:
    """Draw incidents, so many a day in each series (a row each, a column a day), logged late on average."""
    series, on = np.nonzero(many := chance.poisson(rates))
    series, on = np.repeat(series, many[series, on]), np.repeat(on, many[series, on])
    logged = on + np.floor(chance.exponential(late, len(on))).astype(np.int64) if late else on
    return Dated(on, on, logged), series


def find_delay(monthly: float, times: float, late: float, seed: int, years: int = 3) -> int | None:
    """Give after how many days a series that changes is first a signal, None within a year not.

    `monthly` incidents in 30 days become `times` as many; those of the others are between 0.1 and 12.
    Incidents are logged `late` days later on average.
    """
    chance, begins = np.random.default_rng(seed), years * 365
    monthlies = np.exp(chance.uniform(np.log(0.1), np.log(12), _FAMILY))
    monthlies[0] = monthly
    rates = np.repeat(monthlies[:, None] / 30, begins + 365, axis=1)
    rates[0, begins:] *= times
    dated, series = _draw_incidents(chance, rates, begins + 365, late)
    for day in range(7, 365, 7):
        if _is_signal(dated, series, begins + day):
            return day
    return None


def _is_signal(dated: Dated, series: Integers, today: int) -> bool:
    """Tell whether the first series is a signal on a day, as things are known then."""
    known = dated.logged <= today
    then = Dated(dated.first[known], dated.last[known], dated.logged[known])
    p_values, seen = list[Numbers](), list[Numbers]()
    for days, most in ((30, 60), (90, 20)):
        span = Span(today, days, min(most, today // days - 1))
        placed = place(then, span, as_known_then=True)
        past = count_past(placed, series[known], _FAMILY, span.blocks)
        seen.append(count_rows(placed.within, series[known], _FAMILY).astype(float))
        p_values.append(judge(past, seen[-1], days).p_values)
    found = (adjust(np.concatenate(p_values)) <= LEVEL) & (np.concatenate(seen) >= FEWEST_SEEN)
    return bool(found[0] or found[_FAMILY])


def list_delays(monthly: float, times: float, late: float, runs: int) -> Iterator[int | None]:
    """Go through the delays of so many simulated families."""
    for run in range(runs):
        yield find_delay(monthly, times, late, SEED + run)


def main() -> None:
    """Print both."""
    small = "--small" in sys.argv
    families, runs = (20, 10) if small else (100, 40)
    print(f"False alarms, {families} families of 1,000 null series each:")
    for days, blocks in SHAPES:
        for kind in KINDS:
            low, family = count_false(kind, days, blocks, families)
            print(
                f"  {days} days, {blocks:2} blocks of past, {kind + ':':22} p at most 5 % in {low:.1%} of"
                f" series, any signal in {family:.1%} of families"
            )
    print(f"Delay, {runs} families of {_FAMILY} series, one of which changes, looked at once a week:")
    for late in (0.0, 21.0):
        for monthly in (2, 4, 8, 16):
            for times in (2, 3):
                found = list(list_delays(monthly, times, late, runs))
                days_late = sorted(one for one in found if one is not None)
                half = f"{days_late[runs // 2]} days" if len(days_late) > runs // 2 else "more than a year"
                print(
                    f"  {monthly:2} in 30 days become {times} times as many, logged {late:.0f} days late:"
                    f" half found within {half}; {len(days_late) / runs:.0%} within a year"
                )


if __name__ == "__main__":
    main()
