"""Vague dates: what is known is kept, and nothing is invented."""

from datetime import date

import pytest
from hypothesis import given

from casework.domain.dates import FIRST_YEAR, LAST_YEAR, Precision, Season, VagueDate
from casework.errors import Invalid

from .strategies import days, vague_dates


@given(vague_dates)
def test_every_date_reads_back_as_written(vague: VagueDate) -> None:
    """Parsing what was encoded gives the same date."""
    assert VagueDate.parse(vague.encode()) == vague


@given(days)
def test_a_day_lies_in_every_vaguer_telling_of_it(day: date) -> None:
    """A day is inside the span of its month, its season, its year and itself."""
    season = list(Season)[day.month % 12 // 3]
    season_year = day.year + 1 if day.month == 12 else day.year
    tellings = [VagueDate.on(day), VagueDate.parse(f"{day:%Y-%m}"), VagueDate.parse(f"{day:%Y}")]
    if season_year <= 2199:
        tellings.append(VagueDate(Precision.SEASON, season_year, season=season))
    for telling in tellings:
        span = telling.span()
        assert span is not None
        assert span[0] <= day <= span[1]


@given(vague_dates, vague_dates)
def test_the_order_follows_the_spans(one: VagueDate, other: VagueDate) -> None:
    """What ends before another begins sorts before it, and the unknown after everything known."""
    spans = one.span(), other.span()
    if spans[0] is None or spans[1] is None:
        if spans[0] is None and spans[1] is not None:
            assert one.sort_key() > other.sort_key()
    elif spans[0][1] < spans[1][0]:
        assert one.sort_key() < other.sort_key()


def test_the_more_precise_sorts_first() -> None:
    """Of dates that begin on one day, the more precise comes first."""
    written = ["unknown", "2026", "2026-01", "2026-01-01", "2026-winter"]
    ordered = sorted((VagueDate.parse(text) for text in written), key=VagueDate.sort_key)
    assert [vague.encode() for vague in ordered] == [
        "2026-winter",
        "2026-01-01",
        "2026-01",
        "2026",
        "unknown",
    ]


@given(vague_dates)
def test_a_quarter_is_given_only_when_the_whole_span_is_in_it(vague: VagueDate) -> None:
    """A quarter is told exactly when first and last day share it, and a year likewise."""
    span = vague.span()
    ends = [(day.year, (day.month + 2) // 3) for day in span] if span else []
    assert vague.quarter() == (ends[0] if len(set(ends)) == 1 else None)
    calendar_years = {year for year, _ in ends}
    assert vague.calendar_year() == (calendar_years.pop() if len(calendar_years) == 1 else None)


def test_winter_begins_in_the_december_before() -> None:
    """Winter 2026 is December 2025 to February 2026, and decides neither quarter nor year."""
    winter = VagueDate.parse("2026-winter")
    assert winter.span() == (date(2025, 12, 1), date(2026, 2, 28))
    assert winter.quarter() is None
    assert winter.calendar_year() is None


@pytest.mark.parametrize(
    ("season", "first", "last"),
    [
        ("winter", date(2027, 12, 1), date(2028, 2, 29)),
        ("spring", date(2028, 3, 1), date(2028, 5, 31)),
        ("summer", date(2028, 6, 1), date(2028, 8, 31)),
        ("autumn", date(2028, 9, 1), date(2028, 11, 30)),
    ],
)
def test_the_seasons_of_a_leap_year(season: str, first: date, last: date) -> None:
    """Each season is three whole months and decides no quarter."""
    vague = VagueDate.parse(f"2028-{season}")
    assert vague.span() == (first, last)
    assert vague.quarter() is None


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-00", "2026-02-30", "2026-2", "26-02", "2026-11-15T00", "2026-Winter", " 2026",
     "1899", "2200", "2026-winter-01", "2026-11-", "inconnu", "2026\n", "٢٠٢٦"],
)  # fmt: skip
def test_no_other_spelling_is_read(text: str) -> None:
    """What `encode` never writes is refused, with the field named."""
    with pytest.raises(Invalid) as refusal:
        VagueDate.parse(text)
    assert set(refusal.value.faults) == {"date"}


@pytest.mark.parametrize(
    ("precision", "year", "month", "season", "day"),
    [
        ("day", 2026, 11, None, None),
        ("day", None, 11, None, 3),
        ("month", 2026, None, None, None),
        ("season", 2026, None, None, None),
        ("season", 2026, None, "midwinter", None),
        ("year", None, None, None, None),
        ("decade", 2020, None, None, None),
        ("day", 2026, 4, None, 31),
    ],
)
def test_a_form_with_a_part_missing_is_told_so(
    precision: str, year: int | None, month: int | None, season: str | None, day: int | None
) -> None:
    """A part that the precision needs is asked for, never filled in."""
    with pytest.raises(Invalid):
        VagueDate.from_parts(precision, year, month, season, day)


@pytest.mark.parametrize(
    ("precision", "written"),
    [
        ("day", "2026-11-15"),
        ("month", "2026-11"),
        ("season", "2026-autumn"),
        ("year", "2026"),
        ("unknown", "unknown"),
    ],
)
def test_a_form_keeps_only_what_the_precision_names(precision: str, written: str) -> None:
    """Finer parts that a form still carries are left out."""
    assert VagueDate.from_parts(precision, 2026, 11, "autumn", 15).encode() == written


def test_a_date_more_precise_than_stated_is_refused() -> None:
    """The constructor takes exactly the parts that the precision names."""
    with pytest.raises(Invalid):
        VagueDate(Precision.MONTH, 2026, 11, day=15)


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
def test_a_year_that_is_none_is_told_which_ones_are(year: int) -> None:
    """A year of four digits may be outside, too."""
    with pytest.raises(Invalid) as refused:
        VagueDate(Precision.YEAR, year)
    assert f"from {FIRST_YEAR} to {LAST_YEAR}" in refused.value.faults["date"]
