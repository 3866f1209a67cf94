"""Dates of a release: a code for every date, the same in all releases, and every sum named by its period."""

from datetime import date, timedelta

import pytest

from casework.domain.dates import VagueDate
from casework.domain.period import Period
from casework.domain.timelabels import label_period
from casework.services.releases.timescale import (
    OUTSIDE,
    code_of,
    list_codes,
    time_scale,
    whole_scale,
)

YEAR = Period((2025, 1), (2025, 4))
HALVES = Period((2024, 3), (2025, 2))
WRITTEN = [
    *(str(date(2024, 1, 1) + timedelta(days=7 * week)) for week in range(104)),
    *("2024", "2025", "2024-winter", "2024-spring", "2024-summer", "2024-autumn", "2024-07"),
    *("2025-winter", "2025-spring", "2025-summer", "2025-autumn", "2025-12"),
]


@pytest.mark.parametrize("period", [YEAR, HALVES, Period((2024, 1), (2025, 4)), Period((2025, 2), (2025, 2))])
def test_a_date_in_a_period_has_one_of_its_codes_and_no_other_has(period: Period) -> None:
    """So what a release counts follows from its codes alone."""
    codes = list_codes(period)
    assert len(set(codes)) == len(codes)
    for written in WRITTEN:
        when = VagueDate.parse(written)
        assert (code_of(when) in codes) == period.holds(when), written


def test_a_quarter_s_line_holds_what_is_known_to_the_quarter() -> None:
    """Seasons lie in no quarter, and a year is more than one: these have a line of their own."""
    found = {category.label: category.codes for category in time_scale("quarter", YEAR).categories}
    assert list(found) == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "unknown 2025", "2025"]
    assert found["unknown 2025"] == ("2025-spring", "2025-summer", "2025-autumn", "2025")
    assert OUTSIDE not in found["2025"]


def test_a_year_s_line_says_which_part_of_it_is_meant() -> None:
    """Half of 2024 is not the 2024 of another release."""
    labels = [category.label for category in time_scale("year", HALVES).categories]
    assert labels == [
        "2024-Q3/2024-Q4",
        "2025-Q1/2025-Q2",
        "unknown 2024-Q3/2025-Q2",
        "2024-Q3/2025-Q2",
    ]


def test_a_single_year_has_one_line() -> None:
    """It is the whole period."""
    assert time_scale("year", YEAR) == whole_scale(YEAR)
    assert label_period(YEAR) == "2025"
