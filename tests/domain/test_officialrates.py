"""Rates, shares, changes and sums: exact, within one source, and no more certain than what they come from."""

from calendar import isleap
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from casework.domain.bounds import Amount, Bound, Computed
from casework.domain.official import OfficialCount, Source
from casework.domain.officialrates import (
    compare,
    differs,
    list_changes,
    list_shares,
    list_sums,
    places_of,
    rates,
    share,
    whole_months,
    whole_years,
    years_of,
)
from casework.domain.sidebyside import falls_together, side_by_side
from tests.domain.strategies import official_counts
from tests.domain.test_official import count

EXACT = st.integers(0, 10**6).map(lambda value: Amount(Decimal(value)))
SEEN = st.lists(st.tuples(st.integers(2000, 2030), EXACT), min_size=1, max_size=6)


@given(official_counts)
def test_a_rate_times_its_days_is_the_count(made: OfficialCount) -> None:
    found = rates(made)
    assert found is not None
    assert found.per_day.value * made.days == Fraction(made.amount.value)
    assert found.per_week.value == 7 * found.per_day.value
    assert (found.per_day.bound is Bound.EXACT) is (made.amount.bound is Bound.EXACT)


@given(st.dates(date(1901, 1, 1), date(2190, 12, 31)), st.integers(1, 5), EXACT)
def test_a_rate_a_year_over_whole_years_is_the_count_divided(first: date, years: int, amount: Amount) -> None:
    """Wherever the years begin, leap years or not: twelve months are one."""
    end = _same_day(first, years)
    whole = count(first=first, last=end - timedelta(days=1), amount=amount)
    assert rates(whole).per_year.value * years == Fraction(amount.value)  # type: ignore[union-attr]
    longer = replace(whole, last=end)
    of_next = (_same_day(first, years + 1) - end).days
    assert years_of(longer.first, longer.last) == years + Fraction(1, of_next)
    assert of_next in (365, 366)


def _same_day(day: date, years: int) -> date:
    is_missing = (day.month, day.day) == (2, 29) and not isleap(day.year + years)
    return date(day.year + years, 3, 1) if is_missing else day.replace(year=day.year + years)


@given(st.dates(date(1901, 1, 1), date(2190, 12, 31)), st.integers(0, 3000))
def test_a_day_more_is_a_little_more_of_a_year(first: date, days: int) -> None:
    """Never two rules: the years of a period grow by a 365th or a 366th with each of its days."""
    last = first + timedelta(days=days)
    grown = years_of(first, last + timedelta(days=1)) - years_of(first, last)
    assert grown in (Fraction(1, 365), Fraction(1, 366))


def test_years_are_calendar_years_only_where_they_are() -> None:
    assert whole_years(date(2015, 1, 1), date(2016, 12, 31)) == 2
    assert whole_years(date(2015, 1, 1), date(2016, 12, 30)) == 0
    assert whole_months(date(2014, 11, 1), date(2015, 10, 31)) == 12
    assert years_of(date(2014, 11, 1), date(2015, 10, 31)) == 1  # 4,254 of twelve months are 4,254 a year
    assert years_of(date(2014, 11, 4), date(2015, 6, 28)) == Fraction(237, 365)
    assert years_of(date(2020, 11, 28), date(2021, 11, 28)) == 1 + Fraction(1, 365)


def test_rates_are_rounded_in_one_way() -> None:
    """As many decimals as a rate of its size has, whatever it is a rate of; a whole number has none.

    What is not 0 never reads as 0."""
    small = {Fraction(1, 8): "0.13", Fraction(9, 10): "0.90", Fraction(999, 1000): "1.0"}
    large = {Fraction(9996, 100): "100", Fraction(10001, 100): "100", Fraction(100007, 20): "5000"}
    tiny = {Fraction(1, 365): "0.003", Fraction(1, 10**6): "0.000001", Fraction(0): "0"}
    written = small | tiny | {Fraction(138, 10): "13.8", Fraction(87): "87"} | large
    for value, said in written.items():
        assert str(Computed(value).rounded(places_of(Computed(value)))) == said


def test_a_share_has_no_rate() -> None:
    assert rates(count(unit="per_cent", amount=Amount(Decimal("83.4")), measure="share_suspicion")) is None


@given(EXACT, EXACT)
def test_shares_of_a_whole_are_a_hundred(one: Amount, other: Amount) -> None:
    whole = Amount(one.value + other.value)
    if not whole.value:
        assert share(one, whole) is None
        return
    found = [share(part, whole) for part in (one, other)]
    assert sum(part.value for part in found if part) == 100


@given(SEEN)
def test_changes_join_each_period_to_the_next_of_one_source(seen: list[tuple[int, Amount]]) -> None:
    """Undone, a change gives the count back; another source's figures, or another unit's, change nothing."""
    counts = [
        count(first=date(year, 1, 1), last=date(year, 12, 31), amount=amount)
        for year, amount in dict(seen).items()
    ]
    changes = list(list_changes(counts))
    for one in changes:
        before, after = Fraction(one.before.amount.value), Fraction(one.after.amount.value)
        assert before * (1 + one.per_cent.value / 100) == after
        assert one.before.last < one.after.first
        assert not one.by_day
    countable = sorted(counts, key=lambda made: made.first)[:-1]
    assert len(changes) == sum(bool(made.amount.value) for made in countable)
    others = [replace(made, source=Source(publisher="Another")) for made in counts]
    mixed = list(list_changes([*counts, *others]))
    assert len(mixed) == 2 * len(changes)
    assert all(one.before.source == one.after.source for one in mixed)


@given(st.dates(date(2001, 1, 2), date(2020, 1, 1)), st.integers(1, 900), st.integers(1, 900), EXACT)
def test_periods_of_unequal_length_are_compared_by_the_day(
    middle: date, before: int, after: int, amount: Amount
) -> None:
    """As many a day before and after is no change, however long either was."""
    first = count(
        first=middle - timedelta(days=before),
        last=middle - timedelta(days=1),
        amount=Amount(amount.value * before),
    )
    second = count(first=middle, last=middle + timedelta(days=after - 1), amount=Amount(amount.value * after))
    for change in list_changes([first, second]):
        if change.by_day:
            assert change.per_cent.value == 0


def test_bounds_on_both_sides_give_no_change() -> None:
    years = [
        count(first=date(year, 1, 1), last=date(year, 12, 31), amount=Amount(Decimal(100), Bound.AT_LEAST))
        for year in (2015, 2016)
    ]
    assert not list(list_changes(years))
    years[0] = replace(years[0], amount=Amount(Decimal(80)))
    (change,) = list_changes(years)
    assert change.per_cent == Computed(Fraction(25), Bound.AT_LEAST)


@given(st.lists(EXACT, min_size=2, max_size=5))
def test_only_what_a_source_says_is_additive_is_added(amounts: list[Amount]) -> None:
    services = ("spvm", "tps", "sq", "opp", "spvq")
    parts = [
        count(service=service, amount=amount, additive=True)
        for service, amount in zip(services, amounts, strict=False)
    ]
    (total,) = list_sums(parts)
    assert total.whole.value == sum(Fraction(part.amount.value) for part in parts)
    if total.whole.value:
        assert abs(sum(list_shares(total).values(), Decimal()) - 100) <= Decimal("0.05") * len(parts)
    assert not list(list_sums([replace(part, additive=False) for part in parts]))
    elsewhere = [replace(parts[0], source=Source(publisher="Another")), *parts[1:]]
    assert all(total.parts[0] not in one.parts for one in list_sums(elsewhere))
    assert not list(list_sums([replace(part, unit="per_cent", amount=Amount(Decimal(1))) for part in parts]))
    twice = [parts[0], replace(parts[0], amount=Amount(Decimal(7)))]
    assert not list(list_sums(twice))  # one service twice is told twice, not two parts


@given(st.decimals(3, 1000, places=1), st.sampled_from(Bound))
def test_what_a_source_computes_rightly_is_not_flagged(value: Decimal, bound: Bound) -> None:
    """Rounded to what was quoted it agrees; with an exact number twice as large it disagrees."""
    quoted = Amount(value, bound)
    # More than 5 is quoted of something above 5, and almost 5 of something not above it.
    seen = Fraction(value) + (Fraction(1, 1000) if bound is Bound.MORE_THAN else 0)
    assert not differs(quoted, Computed(seen))
    if bound not in (Bound.AT_LEAST, Bound.MORE_THAN):
        assert differs(quoted, Computed(2 * seen))
    if bound is not Bound.AT_MOST:
        assert differs(quoted, Computed(seen / 2))


def test_a_bound_contradicts_only_what_it_excludes() -> None:
    """At least five a day agrees with any more that is quoted, and with no less."""
    at_least = Computed(Fraction(5), Bound.AT_LEAST)
    assert not differs(Amount(Decimal(9)), at_least)
    assert differs(Amount(Decimal(4)), at_least)
    assert differs(Amount(Decimal(4), Bound.AT_MOST), at_least)
    assert differs(Amount(Decimal(5), Bound.MORE_THAN), Computed(Fraction(5)))


@given(st.lists(official_counts, max_size=6))
def test_what_stands_side_by_side_is_told_as_it_was(told: list[OfficialCount]) -> None:
    """Every group is of one service and one thing, of figures that were given, none of them changed."""
    made = [
        replace(one, service="spvm", service_words="", measure="calls_all", measure_words="") for one in told
    ]
    for group in side_by_side(made):
        assert len(group.counts) > 1
        assert all(one in made for one in group.counts)
        assert all(
            any(falls_together(one, other) for other in group.counts if other is not one)
            for one in group.counts
        )
    assert not list(side_by_side(made[:1]))


def test_a_year_and_the_next_do_not_stand_side_by_side() -> None:
    years = [count(first=date(year, 1, 1), last=date(year, 12, 31)) for year in (2020, 2021)]
    assert isleap(2020)
    assert not list(side_by_side(years))
    across = count(first=date(2020, 11, 28), last=date(2021, 11, 28))
    (group,) = side_by_side([*years, across])
    assert group.counts == (across, years[1])
    assert not group.agree


def test_nothing_is_compared_where_a_source_quotes_nothing() -> None:
    assert compare(count()) == ()
