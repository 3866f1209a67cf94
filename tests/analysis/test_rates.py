"""Two rates, compared exactly."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.analysis.rates import compare_rates
from casework.analysis.signals.tails import binomial_tail

COUNTS = st.integers(0, 60)
DAYS = st.integers(1, 3000)


def test_a_worked_example() -> None:
    """5 of 10 has the Clopper–Pearson interval 0.1871 to 0.8129: a ratio from 0.230 to 4.345."""
    found = compare_rates(5, 100, 5, 100)
    assert (found.ratio, found.p_value) == (1.0, 1.0)
    assert found.low == pytest.approx(0.1871 / 0.8129, rel=1e-3)
    assert found.high == pytest.approx(0.8129 / 0.1871, rel=1e-3)


def test_unequal_times_are_unequal_shares() -> None:
    """The same count in half the time is twice the rate; so are the ends of the interval."""
    same, half = compare_rates(5, 100, 5, 100), compare_rates(5, 100, 5, 50)
    assert half.ratio == 2.0
    assert [half.low, half.high] == pytest.approx([2 * same.low, 2 * same.high])
    # Given ten, each lies in the second stretch with one chance in three.
    assert half.p_value == pytest.approx(2 * binomial_tail(5, 10, 1 / 3))


def test_nothing_on_one_side_bounds_only_the_other() -> None:
    """Five after nothing: at least so many times; nothing after five: at most."""
    assert compare_rates(0, 100, 0, 100).ratio is None
    rising, falling = compare_rates(0, 100, 5, 100), compare_rates(5, 100, 0, 100)
    assert (rising.ratio, rising.high, falling.ratio, falling.low) == (inf, inf, 0.0, 0.0)
    assert rising.low == pytest.approx(1 / falling.high)


@given(COUNTS, DAYS, COUNTS, DAYS)
def test_the_interval_holds_the_ratio_and_both_ways_agree(
    before: int, before_days: int, after: int, after_days: int
) -> None:
    """Seen from the other side it is the same; and outside the interval p is below one in twenty."""
    found = compare_rates(before, before_days, after, after_days)
    back = compare_rates(after, after_days, before, before_days)
    assert found.p_value == pytest.approx(back.p_value, abs=1e-9)
    if found.ratio is not None:
        assert found.low <= found.ratio <= found.high
        assert (found.low <= 1 <= found.high) == (found.p_value >= 0.05) or found.p_value == pytest.approx(
            0.05
        )
    if found.low > 0:
        assert found.low == pytest.approx(1 / back.high, rel=1e-6)
