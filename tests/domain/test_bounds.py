"""Values that are bounds, and what may be computed of them."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casework.domain.bounds import Amount, Bound, Computed, add, combine
from casework.errors import Invalid

DECIMALS = st.decimals(0, 10**9, places=4)
SIDED = {Bound.EXACT: (1, 1), Bound.AT_LEAST: (1, 5), Bound.MORE_THAN: (1, 5), Bound.AT_MOST: (0, 1)}
"""How far the true value may lie from what is said, as a factor; drawn small, to try all."""


@given(DECIMALS)
def test_one_value_is_written_in_one_way(value: Decimal) -> None:
    """Zeros at the end, and an exponent, say nothing."""
    amount = Amount(value)
    assert amount.value == value
    assert str(amount.value) == str(Amount(Decimal(f"{value}00")).value)
    assert "E" not in str(amount.value)


@pytest.mark.parametrize("value", ["-1", "NaN", "Infinity", "1.23456", "10000000000000", "-0"])
def test_what_is_no_count_is_refused(value: str) -> None:
    with pytest.raises(Invalid) as refused:
        Amount(Decimal(value))
    assert list(refused.value.faults) == ["value"]


@given(st.fractions(-(10**6), 10**6, max_denominator=2000), st.integers(0, 4))
def test_halves_are_rounded_away_from_zero(value: Fraction, places: int) -> None:
    rounded = Computed(value).rounded(places)
    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**places)
    assert -rounded == Computed(-value).rounded(places)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(exact) == value:
        assert rounded == exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@given(st.fractions(0, 10**6, max_denominator=2000), st.integers(0, 4))
def test_a_bound_is_rounded_to_its_own_side(value: Fraction, places: int) -> None:
    """What is written of at least 13.87 has to be true too."""
    least, most = (Computed(value, bound).rounded(places) for bound in (Bound.AT_LEAST, Bound.AT_MOST))
    assert least <= value <= most
    assert most - least in (0, Decimal(1).scaleb(-places))


@given(st.fractions(-100, 100), st.sampled_from((Bound.EXACT, Bound.ABOUT, Bound.AT_LEAST, Bound.AT_MOST)))
@example(Fraction(99_999, 1000), Bound.EXACT)
@example(Fraction(1, 400), Bound.AT_LEAST)
def test_a_per_cent_reads_as_none_or_all_only_where_it_is(value: Fraction, bound: Bound) -> None:
    said = Computed(value, bound).as_per_cent()
    assert (said in (0, 100, -100)) == (value in (0, 100, -100))
    assert "." in f"{said:f}"


@given(
    st.lists(st.tuples(st.sampled_from(sorted(SIDED)), st.sampled_from((1, -1))), min_size=1, max_size=3),
)
def test_a_bound_of_what_is_computed_holds_whatever_the_true_values_are(
    parts: list[tuple[Bound, int]],
) -> None:
    """A product of values and of their inverses, with every true value that the bounds allow."""
    bound = combine(parts)
    results = [Fraction(1) for _corner in product(*(SIDED[one] for one, _direction in parts))]
    for at, corner in enumerate(product(*(SIDED[one] for one, _direction in parts))):
        for (_one, direction), factor in zip(parts, corner, strict=True):
            true = Fraction(factor) or Fraction(1, 10)
            results[at] *= true if direction == 1 else 1 / true
    told = {Bound.EXACT: (1, 1), Bound.AT_LEAST: (1, None), Bound.AT_MOST: (None, 1)}
    if bound is None:
        assert min(results) < 1 < max(results)
        return
    least, most = told[bound]
    assert least is None or min(results) >= least
    assert most is None or max(results) <= most


def test_near_values_say_nothing_beside_a_bound() -> None:
    assert combine([(Bound.ALMOST, 1), (Bound.EXACT, -1)]) is Bound.ABOUT
    assert combine([(Bound.ABOUT, 1), (Bound.AT_LEAST, 1)]) is None


@given(st.lists(DECIMALS, max_size=5))
def test_exact_values_add_up_exactly(values: list[Decimal]) -> None:
    assert add(map(Amount, values)) == Computed(sum(map(Fraction, values), Fraction()))
