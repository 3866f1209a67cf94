"""Periods of whole quarters."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.dates import VagueDate
from casework.domain.period import Period, read_quarter, write_quarter
from casework.errors import Invalid

quarters = st.tuples(st.integers(1900, 2199), st.integers(1, 4))


def test_a_period_runs_from_the_first_day_to_the_last() -> None:
    """Both quarters are included, December too."""
    period = Period((2024, 2), (2025, 4))
    assert (period.first_day, period.last_day) == (date(2024, 4, 1), date(2025, 12, 31))


@given(quarters, quarters)
def test_quarters_follow_each_other_without_a_gap(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Each quarter begins on the day after the one before has ended, and the ends are those asked for."""
    period = Period(min(one, other), max(one, other))
    listed = period.quarters()
    assert (listed[0], listed[-1]) == (period.first, period.last)
    for before, after in pairwise(listed):
        assert (Period(after, after).first_day - Period(before, before).last_day).days == 1


@given(quarters)
def test_a_quarter_reads_as_it_was_written(quarter: tuple[int, int]) -> None:
    """The form in an address leads back to the quarter."""
    assert read_quarter(write_quarter(quarter)) == quarter


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-Q0", "2024-Q5", "2024-q1", "0024-Q1", " 2024-Q1", "2024-Q1\n"]
)
def test_any_other_form_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Invalid):
        read_quarter(text)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    """The fault is under the end."""
    with pytest.raises(Invalid) as invalid:
        Period((2025, 1), (2024, 4))
    assert set(invalid.value.faults) == {"last"}


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("2024-04-01", True),
        ("2024-03-31", False),
        ("2024-06", True),
        ("2024-summer", True),
        ("2024-winter", False),
        ("2025-winter", True),
        ("2024", False),
        ("2025", True),
        ("2026-01", False),
        ("unknown", False),
    ],
)
def test_a_period_holds_only_what_lies_in_it_for_certain(written: str, held: bool) -> None:
    """A vague date that may lie outside does not count."""
    assert Period((2024, 2), (2025, 4)).holds(VagueDate.parse(written)) is held


def test_the_months_of_a_year_end_with_the_period() -> None:
    """A year that the period cuts is told apart from a whole one."""
    period = Period((2024, 2), (2026, 3))
    assert [period.months_of(year) for year in period.years()] == [(4, 12), (1, 12), (1, 9)]
