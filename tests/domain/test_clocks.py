"""The clock of a detention: never told too late, whatever the date, the zone and the clocks on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from casework.domain.clocks import (
    FIRST_WITHIN,
    LATER_WITHIN,
    SECOND_WITHIN,
    DueReview,
    add_days,
    next_review,
)
from casework.domain.dates import VagueDate
from casework.domain.moments import Moment
from tests.domain.strategies import exact_moments, moments, recent_days, zones

TORONTO = ZoneInfo("America/Toronto")
# The date line moved across Samoa at the end of 2011, in summer time: a day there was never on any clock.
MOST_THAT_CLOCKS_MOVE = timedelta(hours=25)


def _next(detained: Moment, *held: Moment, zone: ZoneInfo = TORONTO) -> DueReview:
    due = next_review(detained, held, zone)
    assert due is not None
    return due


def _start(moment: Moment, zone: ZoneInfo) -> datetime:
    earliest = moment.earliest(zone)
    assert earliest is not None
    return earliest


def _on(text: str) -> Moment:
    return Moment.parse(text)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(exact_moments, zones)
def test_the_first_review_is_due_48_elapsed_hours_later(detained: Moment, zone: ZoneInfo) -> None:
    """Whatever the clocks on the wall did in between."""
    due = _next(detained, zone=zone)
    assert (due.number, due.is_exact) == (1, True)
    assert due.due_at - _start(detained, zone) == FIRST_WITHIN == timedelta(hours=48)


@given(exact_moments, zones, st.booleans())
def test_what_is_known_less_closely_is_due_no_later(moment: Moment, zone: ZoneInfo, reviewed: bool) -> None:
    """A detention or a review without its hour, or its day, moves no due time back."""
    before = (Moment.on(date(2004, 12, 1)),) if reviewed else ()

    def due(known: Moment) -> DueReview:
        return _next(before[0], known, zone=zone) if before else _next(known, zone=zone)

    exact = due(moment)
    for text in (moment.date.encode(), moment.date.encode()[:7], moment.date.encode()[:4]):
        vaguer = due(Moment(VagueDate.parse(text)))
        assert vaguer.due_at <= exact.due_at
        assert not vaguer.is_exact


@given(exact_moments, st.lists(exact_moments, min_size=1, max_size=6, unique=True), zones)
def test_a_review_moves_the_next(detained: Moment, held: list[Moment], zone: ZoneInfo) -> None:
    """Seven days after the first, thirty after each later one, counted from the last, in whatever order."""
    due = _next(detained, *held, zone=zone)
    last = max(_start(moment, zone) for moment in held)
    within = SECOND_WITHIN if len(held) == 1 else LATER_WITHIN
    assert due.number == len(held) + 1
    assert last + within - MOST_THAT_CLOCKS_MOVE <= due.due_at <= last + within
    assert due == _next(detained, *reversed(held), zone=zone)


@given(exact_moments, st.lists(exact_moments, min_size=1, max_size=4, unique=True), zones)
def test_the_clock_on_the_wall_shows_no_more(detained: Moment, held: list[Moment], zone: ZoneInfo) -> None:
    """Counted in days: at the due time no clock there is past the hour at which the last review was."""
    due, last = _next(detained, *held, zone=zone), max(_start(moment, zone) for moment in held)
    within = SECOND_WITHIN if len(held) == 1 else LATER_WITHIN
    wall = (last.astimezone(zone).replace(tzinfo=None) + within).replace(tzinfo=zone)
    assert due.due_at <= max(wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC))


@given(moments, moments, zones)
def test_a_missed_review_stays_due(detained: Moment, now: Moment, zone: ZoneInfo) -> None:
    """However late it is, the same review is due, and overdue from its time on."""
    assume(detained.earliest(zone) is not None and now.earliest(zone) is not None)
    due = _next(detained, zone=zone)
    assert due.is_overdue(_start(now, zone)) == (_start(now, zone) >= due.due_at)
    assert due.number == 1


@given(recent_days, zones)
def test_a_detention_without_its_hour_counts_from_the_start_of_the_day(day: date, zone: ZoneInfo) -> None:
    """The earliest that it can have been."""
    due = _next(Moment.on(day), zone=zone)
    assert not due.is_exact
    assert due.due_at == min(_next(Moment.on(day, time(hour)), zone=zone).due_at for hour in range(24))


def test_of_an_unknown_date_there_is_no_clock() -> None:
    """Nothing can be counted from it; the form asks for at least a year."""
    assert next_review(Moment.unknown(), [], TORONTO) is None
    assert _next(_on("2026-11-24T14:05"), Moment.unknown()).number == 1


@pytest.mark.parametrize(
    ("detained", "held", "due"),
    [
        ("2026-11-24T14:05", [], "2026-11-26T19:05"),
        # Two days with the clocks put forward: 14:05 becomes 15:05 on the wall.
        ("2026-03-07T14:05", [], "2026-03-09T19:05"),
        # And with the clocks put back: 13:05.
        ("2026-10-31T14:05", [], "2026-11-02T18:05"),
        # Both times when the clock shows 01:30 are possible; the first one counts.
        ("2026-11-01T01:30", [], "2026-11-03T05:30"),
        ("2026-11-24", [], "2026-11-26T05:00"),
        ("2026-11", [], "2026-11-03T04:00"),
        ("2026-winter", [], "2025-12-03T05:00"),
        ("2026-11-09T09:00", ["2026-11-09T10:00"], "2026-11-16T15:00"),
        ("2026-11-09T09:00", ["2026-11-11"], "2026-11-18T05:00"),
        # Seven days in which the clocks go back end an hour earlier on the wall, where elapsed time is less.
        ("2026-10-27T09:00", ["2026-10-29T10:00"], "2026-11-05T14:00"),
        # And where they go forward the wall says so first.
        ("2026-03-03T09:00", ["2026-03-05T10:00"], "2026-03-12T14:00"),
        ("2026-10-01T09:00", ["2026-10-02T10:00", "2026-10-08T10:00"], "2026-11-07T14:00"),
        ("2026-10-01T09:00", ["2026-10-08T10:00", "2026-10-02T10:00", "2026-11-05"], "2026-12-05T05:00"),
    ],
)
def test_worked_examples(detained: str, held: list[str], due: str) -> None:
    """In Toronto, counted by hand; due times in UTC."""
    assert _next(_on(detained), *map(_on, held)).due_at == _utc(due)


@given(exact_moments, st.integers(0, 400), zones)
@example(Moment.parse("2011-09-01T00:00"), 120, ZoneInfo("Pacific/Apia"))
def test_days_are_never_longer_than_elapsed_ones(moment: Moment, days: int, zone: ZoneInfo) -> None:
    """And shorter by what the clocks moved at most."""
    instant = _start(moment, zone)
    later = add_days(instant, days, zone)
    assert timedelta(0) <= instant + timedelta(days=days) - later <= MOST_THAT_CLOCKS_MOVE
