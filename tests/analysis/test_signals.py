"""Signals: what is a surprise, how many surprises are chance, and what a past counts."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.signals import KINDS, count_false, list_delays
from casework.analysis.signals.counting import Dated, Span, count_past, count_rows, place
from casework.analysis.signals.fitting import Numbers
from casework.analysis.signals.judging import adjust, judge
from casework.analysis.signals.series import Repeats, cross
from casework.analysis.signals.tails import binomial_tail, negative_binomial_tail


def dated(*spans: tuple[int, int, int]) -> Dated:
    """Make incidents of (first day, last day, day of logging)."""
    return Dated(*(np.array(column, dtype=np.int64) for column in zip(*spans, strict=True)))


@given(st.integers(0, 40), st.integers(0, 45), st.floats(0.01, 0.99))
def test_the_tail_of_a_binomial_is_its_sum(trials: int, seen: int, share: float) -> None:
    """Held against the plain sum."""
    plain = sum(
        comb(trials, k) * share**k * (1 - share) ** (trials - k)
        for k in range(min(seen, trials + 1), trials + 1)
    )
    assert binomial_tail(seen, trials, share) == pytest.approx(plain, rel=1e-9, abs=1e-13)


@given(st.integers(0, 30), st.integers(1, 30), st.integers(1, 12))
def test_the_exact_test_of_two_counts_is_the_tail_of_a_negative_binomial(
    seen: int, before: int, blocks: int
) -> None:
    """The identity that `judge` rests on: one more in the past makes the prediction the conditional test."""
    conditional = binomial_tail(seen, before + seen, 1 / (blocks + 1))
    predicted = negative_binomial_tail(seen, (before + 1) / blocks, before + 1)
    assert predicted == pytest.approx(conditional, rel=1e-9, abs=1e-13)


def test_a_negative_binomial_without_bounds_is_a_poisson() -> None:
    """The chance of 3 or more where 1 is expected: 1 − 2.5/e."""
    assert negative_binomial_tail(3, 1.0, float("inf")) == pytest.approx(1 - 2.5 / np.e)


def test_q_values_are_those_of_benjamini_and_hochberg() -> None:
    """The first of five at 0.01: 0.05; the last two as large as the largest of them."""
    q_values = adjust(np.array([0.04, 0.01, 0.03, 0.9, 0.8]))
    assert q_values == pytest.approx([0.2 / 3, 0.05, 0.2 / 3, 0.9, 0.9])
    assert adjust(np.zeros(0)).size == 0


def test_a_past_without_anything_makes_no_certainty() -> None:
    """Twelve empty blocks and then three incidents: rare, and not impossible."""
    past = np.vstack([np.zeros(12), np.full(12, 2.0)])
    verdicts = judge(past, np.array([3.0, 2.0]), 30)
    assert 0 < verdicts.p_values[0] < 0.01
    assert verdicts.expected[0] == 0
    assert verdicts.p_values[1] > 0.3


def test_no_more_than_expected_is_no_surprise() -> None:
    """Whatever the model, a quiet month has p = 1."""
    assert judge(np.full((1, 24), 5.0), np.array([4.0]), 30).p_values[0] == 1.0


def test_growth_that_goes_on_is_no_alarm_and_the_same_count_after_a_steady_past_is() -> None:
    """From 2 to 20 a month over five years, then 21; and 11 a month, then 35."""
    growing = np.round(2 * 10 ** (np.arange(60) / 60))
    steady = np.tile([10.0, 12.0], 30)
    verdicts = judge(np.vstack([growing, steady]), np.array([21.0, 35.0]), 30)
    assert verdicts.trend[0]
    assert verdicts.expected[0] == pytest.approx(20, rel=0.05)
    assert verdicts.p_values[0] > 0.2
    assert verdicts.p_values[1] < 1e-5


def test_a_season_that_comes_back_is_no_alarm() -> None:
    """Ten more each January of five years: the sixth is expected to have them."""
    months = np.arange(61)
    counts = np.round(10 + 8 * np.cos(2 * np.pi * (months - 60) * 30 / 365.25))
    verdicts = judge(counts[None, :-1], counts[-1:], 30)
    assert verdicts.season[0]
    assert verdicts.p_values[0] > 0.2


def test_ups_and_downs_raise_what_may_be_seen() -> None:
    """The same mean and the same month, after a calm and after a wild past."""
    calm, wild = np.tile([4.0, 6.0], 18), np.tile([0.0, 0.0, 15.0], 12)
    quiet, loud = (judge(past[None], np.array([12.0]), 30) for past in (calm, wild))
    assert loud.dispersion[0] > 3 > quiet.dispersion[0]
    assert quiet.p_values[0] < 0.05 < loud.p_values[0]


@pytest.mark.parametrize("kind", KINDS)
def test_false_alarms_are_held(kind: str) -> None:
    """1,000 null series, a fixed seed: at most one in twenty with p ≤ 5 %, and hardly a family with a signal.

    The bound on families is the stated 5 % and what thirty families may deviate from it.
    """
    for days, blocks in ((30, 36), (90, 12)):
        low, family = count_false(kind, days, blocks, families=30)
        assert low <= 0.05
        assert family <= 0.1 + 0.05 * (kind == "variances mixed")


def test_a_change_that_is_large_is_found_within_a_quarter_and_not_before_it_began() -> None:
    """Sixteen a month become three times as many: nine in ten families find it within 60 days."""
    delays = list(list_delays(16, 3, 0.0, 10))
    assert sum(one is not None and one <= 60 for one in delays) >= 9
    assert sum(one is not None for one in list_delays(16, 1, 0.0, 3)) == 0


def test_the_window_counts_what_is_certain_and_the_past_shares_of_what_is_not() -> None:
    """A day counts; a span that sticks out of the window may lie in it; in the past it is divided."""
    span = Span(last_day=100, days=10, blocks=2)  # window 91–100, blocks 71–80 and 81–90
    incidents = dated((95, 95, 96), (86, 95, 99), (76, 85, 86), (81, 90, 100), (1, 5, 9))
    placed = place(incidents, span, as_known_then=False)
    assert placed.within.tolist() == [0]
    assert placed.perhaps.tolist() == [1]
    past = count_past(placed, np.zeros(5, dtype=np.int64), 1, 2)
    assert past.tolist() == [[0.5, 0.5 + 0.5 + 1.0]]


def test_a_past_as_it_was_known_then_leaves_out_what_was_logged_later() -> None:
    """Each block counts what had been logged by its own last day."""
    span = Span(last_day=100, days=10, blocks=2)
    incidents = dated((75, 75, 80), (75, 75, 81), (85, 85, 90), (85, 85, 91))
    series = np.array([0, 0, 1, -1])
    past = count_past(place(incidents, span, as_known_then=True), series, 2, 2)
    assert past.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert count_past(place(incidents, span, as_known_then=False), series, 2, 2)[0, 0] == 2
    assert count_rows(np.array([0, 1, 3]), series, 2).tolist() == [2, 0]


def test_every_crossing_is_a_series_and_the_same_incidents_are_one_series() -> None:
    """Two dimensions: all, one, the other, both; the second says no more than the first, so it is not new."""
    first, second = np.array([0, 0, 1, -1]), np.array([7, 7, 5, 5])
    crossings = list(cross([first, second]))
    assert [one.dimensions for one in crossings] == [(), (0,), (1,), (0, 1)]
    assert crossings[3].numbers.tolist() == [1, 1, 0, -1] or crossings[3].numbers.tolist() == [0, 0, 1, -1]
    repeats, rows = Repeats(4), np.arange(4)
    found = [sorted(tuple(one.codes[number]) for number in repeats.find_new(one, rows)) for one in crossings]
    assert found == [[()], [(0,), (1,)], [(5,)], []]


def _exact(past: Numbers, seen: int) -> float:
    return binomial_tail(seen, int(past.sum()) + seen, 1 / (past.size + 1))


def test_without_trend_and_season_the_test_is_at_most_a_little_milder_than_the_exact_one() -> None:
    """A past as even as chance: what over-dispersion adds makes p larger, never smaller."""
    past = np.random.default_rng(3).poisson(3, 10).astype(float)
    for seen in (6, 9, 12):
        p_value = judge(past[None], np.array([float(seen)]), 30).p_values[0]
        assert p_value >= _exact(past, seen) * (1 - 1e-9)
