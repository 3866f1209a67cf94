"""What follows from a published figure alone, and from several of one source: rates, shares, changes, sums.

Nothing is computed across sources. Days are counted inclusively. All arithmetic is exact, and rounded last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

from .bounds import Amount, Bound, Computed, add, combine
from .months import end_of_month
from .official import PER_CENT, OfficialCount, Quoted, QuotedAs

_NO_DECIMALS = 100
_NEAR_ENOUGH = Fraction(1, 20)
_FAR = Fraction(10**18)
_FLOORS = frozenset({Bound.AT_LEAST, Bound.MORE_THAN})
_CEILINGS = frozenset({Bound.AT_MOST, Bound.ALMOST})


@dataclass(frozen=True, slots=True)
class Rates:
    """How many a day, a week and a year, all on average over the whole period."""

    per_day: Computed
    per_week: Computed
    per_year: Computed


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a source says in other words, beside what its own counts make; `differs` where these disagree.

    `computed` is None where its counts do not allow any answer.
    """

    quoted: Quoted
    computed: Computed | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Change:
    """From one period to the next one that the same source counted, in per cent of the earlier.

    `by_day` where the periods are not equally long: then of the rates a day, otherwise of the counts.
    """

    before: OfficialCount
    after: OfficialCount
    per_cent: Computed
    by_day: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """Additive figures of one source, measure, unit and period, and their sum.

    `left_out` are those alike in all that, of which their source does not say that they may be added.
    """

    parts: tuple[OfficialCount, ...]
    whole: Computed
    left_out: tuple[OfficialCount, ...] = ()


def rates(count: OfficialCount) -> Rates | None:
    """Compute a figure's rates; None for a share, of which there is none.

    Always the count by how long its period is: in days, in weeks of seven, in years by `years_of`.
    """
    if count.unit == PER_CENT:
        return None
    value, bound = Fraction(count.amount.value), _softened(count.amount.bound)
    daily = value / count.days
    return Rates(
        *(Computed(one, bound) for one in (daily, daily * 7, value / years_of(count.first, count.last)))
    )


def places_of(rate: Computed) -> int:
    """Give with how many decimals a rate is written: two below 1, one below 100, otherwise none.

    A whole number has none; where two would read as none at all there are more.
    """
    if rate.value.denominator == 1 or abs(rate.rounded(1)) >= _NO_DECIMALS:
        return 0
    if abs(rate.rounded(2)) >= 1:
        return 1
    places = 2
    while not rate.rounded(places):
        places += 1
    return places


def years_of(first: date, last: date) -> Fraction:
    """Count the years of a period, both days included: twelve months are one, wherever they begin.

    A year lasts until the day before its anniversary; of what remains each day is a part of the year that it
    lies in, which has 365 or 366. A year from February 29 ends on the last day of February.
    """
    end = last + timedelta(days=1)
    whole = end.year - first.year
    if _anniversary(first, whole) > end:
        whole -= 1
    begun, next_one = _anniversary(first, whole), _anniversary(first, whole + 1)
    return whole + Fraction((end - begun).days, (next_one - begun).days)


def _anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # February 29
        return date(day.year + years, 3, 1)


def whole_years(first: date, last: date) -> int:
    """Count the calendar years that a period is made of; 0 where it is not of whole ones."""
    is_whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return last.year - first.year + 1 if is_whole else 0


def whole_months(first: date, last: date) -> int:
    """Count the months that a period is made of; 0 where it is not of whole ones."""
    if first.day != 1 or last != end_of_month(last):
        return 0
    return (last.year - first.year) * 12 + last.month - first.month + 1


def share(part: Amount, whole: Amount) -> Computed | None:
    """Compute how many per cent of `whole` `part` is; None where nothing can be said."""
    bound = combine(((part.bound, 1), (whole.bound, -1)))
    if bound is None or not whole.value:
        return None
    return Computed(100 * Fraction(part.value) / Fraction(whole.value), bound)


def compare(count: OfficialCount) -> tuple[Comparison, ...]:
    """Hold what a source quotes against its own counts."""
    return tuple(_compare(one, _compute(count, one)) for one in count.quotes)


def list_changes(counts: Iterable[OfficialCount]) -> Iterator[Change]:
    """Compute from each period to the next, of one source, service, measure and unit.

    Periods that share a day, and counts of which one is 0 or none can be said, give no change.
    """
    for _key, series in groupby(sorted(counts, key=_series_key), key=_series):
        for before, after in pairwise(series):
            if (change := _change(before, after)) is not None:
                yield change


def list_sums(counts: Iterable[OfficialCount]) -> Iterator[Sum]:
    """Add what a source says may be added: additive figures of several services, alike in all else."""
    told = [one for one in counts if one.unit != PER_CENT]
    for _key, alike in groupby(sorted(told, key=_sum_key), key=_sum_key):
        fitting = tuple(alike)
        parts = tuple(one for one in fitting if one.additive)
        whole = add(part.amount for part in parts)
        if whole is not None and len({part.who for part in parts}) == len(parts) > 1:
            yield Sum(parts, whole, tuple(one for one in fitting if not one.additive))


def differs(quoted: Amount, computed: Computed) -> bool:
    """Tell whether a quoted number disagrees with what was computed of the same source's counts.

    They disagree where no number fits both: an exact one is itself, give or take half its last decimal as it
    was quoted; one that is near may be off by a twentieth; a bound is open at one end.
    """
    value, rounding = Fraction(quoted.value), Fraction(1, 2 * 10**quoted.places)
    low, high = _reach(quoted.bound, value, rounding)
    least, most = _reach(computed.bound, computed.value, Fraction())
    is_short = quoted.bound is Bound.MORE_THAN and most == value
    return high < least or most < low or is_short


def _reach(bound: Bound, value: Fraction, rounding: Fraction) -> tuple[Fraction, Fraction]:
    """Give between which numbers the true one lies."""
    slack = rounding if bound is Bound.EXACT else value * _NEAR_ENOUGH
    low = -_FAR if bound is Bound.AT_MOST else value if bound in _FLOORS else value - slack
    high = _FAR if bound in _FLOORS else value if bound in _CEILINGS else value + slack
    return low, high


def _softened(bound: Bound) -> Bound:
    """Give the bound of what is one figure times a number."""
    return combine([(bound, 1)]) or Bound.ABOUT


def _compute(count: OfficialCount, quoted: Quoted) -> Computed | None:
    if quoted.kind is QuotedAs.SHARE:
        return None if quoted.whole is None else share(count.amount, quoted.whole)
    made = rates(count)
    return None if made is None else getattr(made, quoted.kind)


def _compare(quoted: Quoted, computed: Computed | None) -> Comparison:
    return Comparison(quoted, computed, computed is not None and differs(quoted.amount, computed))


def _change(before: OfficialCount, after: OfficialCount) -> Change | None:
    bound = combine(((after.amount.bound, 1), (before.amount.bound, -1)))
    if bound is None or not before.amount.value or after.first <= before.last:
        return None
    earlier, later = Fraction(before.amount.value), Fraction(after.amount.value)
    by_day = _length(before) != _length(after)
    if by_day and before.unit != PER_CENT:
        earlier, later = earlier / before.days, later / after.days
    return Change(before, after, Computed(100 * (later - earlier) / earlier, bound), by_day)


def _length(count: OfficialCount) -> tuple[str, int]:
    """Give how long a period is: whole months where it is made of them, otherwise days."""
    months = whole_months(count.first, count.last)
    return ("months", months) if months else ("days", count.days)


def _series(count: OfficialCount) -> Sequence[str]:
    source = count.source
    named = source.publisher, source.title, source.published.encode(), source.number
    return (*named, count.who, count.measure or count.measure_words, count.unit)


def _series_key(count: OfficialCount) -> tuple[Sequence[str], date, date]:
    return _series(count), count.first, count.last


def _sum_key(count: OfficialCount) -> tuple[Sequence[str], date, date]:
    named = [*_series(count)]
    del named[4]  # whose counts it adds
    return tuple(named), count.first, count.last


def list_shares(whole: Sum) -> Mapping[str, Decimal]:
    """Give each part's share of a sum in per cent, as `Computed.as_per_cent`, where something can be said."""
    shares = {}
    for part in whole.parts:
        others = [other.amount for other in whole.parts if other is not part]
        rest = add(others)
        bound = combine(((part.amount.bound, 1), (rest.bound, -1))) if rest else None
        if bound is Bound.EXACT and whole.whole.value:
            shares[part.who] = Computed(100 * Fraction(part.amount.value) / whole.whole.value).as_per_cent()
    return shares
