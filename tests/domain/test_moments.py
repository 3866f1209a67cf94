"""Moments: as well known as they are, and never more."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from casework.domain.dates import VagueDate
from casework.domain.moments import Moment
from casework.errors import Invalid
from tests.domain.strategies import exact_moments, moments, zones

TORONTO = ZoneInfo("America/Toronto")


@given(moments)
def test_a_moment_is_read_as_it_was_written(moment: Moment) -> None:
    """Writing and reading gives the same moment, with the same precision."""
    assert Moment.parse(moment.encode()) == moment


@pytest.mark.parametrize(
    "text",
    ["2026-11-15T", "2026-11-15T9:05", "2026-11-15T24:00", "2026-11-15T14:60", "2026-11T14:05", "T14:05",
     "2026-11-15 14:05", "2026-11-15T14:05:00", "unknownT14:05", "2026-11-15T14:05Z", ""],
)  # fmt: skip
def test_another_spelling_is_refused(text: str) -> None:
    """There is one way to write a moment."""
    with pytest.raises(Invalid):
        Moment.parse(text)


def test_a_time_needs_its_day() -> None:
    """An hour of a month is no moment."""
    with pytest.raises(Invalid) as refused:
        Moment(VagueDate.parse("2026-11"), time(14, 5))
    assert refused.value.faults.keys() == {"time"}


@given(moments, zones)
def test_what_it_can_mean_has_a_first_and_a_last(moment: Moment, zone: ZoneInfo) -> None:
    """The bounds are in order and in UTC; of the unknown there are none."""
    earliest, latest = moment.earliest(zone), moment.latest(zone)
    if earliest is None or latest is None:
        assert (earliest, latest) == (None, None) and moment.date.span() is None
    else:
        assert earliest.tzinfo is UTC and latest.tzinfo is UTC
        assert earliest <= latest


@given(exact_moments, zones)
def test_a_known_time_lies_in_its_vaguer_readings(moment: Moment, zone: ZoneInfo) -> None:
    """Who forgets the time, or the day, gets bounds that hold what they forgot."""
    day, known = moment.date, (moment.earliest(zone), moment.latest(zone))
    for text in (day.encode(), day.encode()[:7], day.encode()[:4]):
        vaguer = Moment(VagueDate.parse(text))
        first, last = vaguer.earliest(zone), vaguer.latest(zone)
        assert None not in (*known, first, last)
        assert first <= known[0] <= known[1] <= last  # type: ignore[operator]


@pytest.mark.parametrize(
    ("at", "earliest", "latest"),
    [
        (time(14, 5), "2026-11-01T19:05", "2026-11-01T19:05"),  # winter time, five hours behind
        (time(1, 30), "2026-11-01T05:30", "2026-11-01T06:30"),  # the clocks show it twice
        (None, "2026-11-01T04:00", "2026-11-02T05:00"),  # a day of 25 hours
    ],
)
def test_the_night_when_clocks_go_back(at: time | None, earliest: str, latest: str) -> None:
    """An hour that comes twice is both."""
    moment = Moment.on(date(2026, 11, 1), at)
    assert moment.earliest(TORONTO) == datetime.fromisoformat(earliest).replace(tzinfo=UTC)
    assert moment.latest(TORONTO) == datetime.fromisoformat(latest).replace(tzinfo=UTC)


def test_an_hour_that_the_clocks_skip_is_within_the_hour() -> None:
    """Somebody's clock showed it all the same: not put forward yet, or already."""
    moment = Moment.on(date(2026, 3, 8), time(2, 30))
    earliest, latest = moment.earliest(TORONTO), moment.latest(TORONTO)
    assert earliest is not None and latest is not None
    assert latest - earliest == timedelta(hours=1)
    assert earliest < datetime(2026, 3, 8, 7, tzinfo=UTC) < latest


@pytest.mark.parametrize(
    ("text", "is_past"),
    [
        ("2026-11-15T12:00", True),
        ("2026-11-15T12:01", False),
        ("2026-11-15", True),
        ("2026-11-16", False),
        ("2026-11", True),
        ("2026-12", False),
        ("unknown", True),
    ],
)
def test_a_moment_to_come_is_told_from_one_that_may_have_been(text: str, is_past: bool) -> None:
    """Of a day or a month that has begun it may be over; what begins later cannot be."""
    noon, moment = datetime(2026, 11, 15, 17, tzinfo=UTC), Moment.parse(text)
    if is_past:
        moment.require_past(noon, TORONTO)
        return
    with pytest.raises(Invalid) as refused:
        moment.require_past(noon, TORONTO)
    assert refused.value.faults.keys() == {"time"}
