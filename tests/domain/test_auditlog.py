"""What is kept beside the audit log is read as it was written; months are those of the calendar."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.auditlog import LogAnchor, LogHold, LogRecord
from casework.domain.months import months_before
from casework.errors import Invalid

HASHES, NUMBERS = st.binary(min_size=32, max_size=32), st.integers(0, 2**60)
ANCHORS = st.builds(LogAnchor, NUMBERS, HASHES, st.dates(), st.sampled_from(["", "log_cut"]))
HOLDS = st.builds(LogHold, st.uuids(), st.dates(), st.none() | st.dates())
RECORDS = st.builds(LogRecord, NUMBERS, HASHES, st.none() | HOLDS)


@given(ANCHORS)
def test_an_anchor_is_read_as_it_was_written(anchor: LogAnchor) -> None:
    """Entry, day and fault."""
    assert LogAnchor.from_document(anchor.to_document()) == anchor


@given(RECORDS)
def test_a_record_is_read_as_it_was_written(record: LogRecord) -> None:
    """Held or not, expired or not."""
    assert LogRecord.from_document(record.to_document()) == record


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2},
        {"more": 1},
        {"expired_through": -1},
        {"expired_through": True},
        {"expired_hash": "ab"},
        {"held_since": "2026-01-01"},
        {"held_by": "x"},
    ],
)
def test_another_shape_is_refused(change: dict[str, object]) -> None:
    """Nothing is guessed."""
    with pytest.raises(Invalid):
        LogRecord.from_document(LogRecord().to_document() | change)


def test_a_hold_ends_after_its_last_day() -> None:
    """The day that was named is in it; without one it does not end."""
    hold = LogHold(UUID(int=1), date(2026, 1, 1), date(2026, 3, 1))
    assert hold.is_in_force(date(2026, 3, 1)) and not hold.is_in_force(date(2026, 3, 2))
    assert LogHold(hold.by, hold.since, None).is_in_force(date(2099, 1, 1))


@pytest.mark.parametrize(
    ("months", "day"),
    [
        (0, date(2028, 3, 31)),
        (1, date(2028, 2, 29)),
        (3, date(2027, 12, 31)),
        (13, date(2027, 2, 28)),
        (24, date(2026, 3, 31)),
    ],
)
def test_months_go_back_in_the_calendar(months: int, day: date) -> None:
    """To the same day, or the month's last."""
    assert months_before(datetime(2028, 3, 31, 8, tzinfo=UTC), months).date() == day
