"""When somebody could be counted: what later changes of their answer make of it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from casework.domain.countable import Countable
from casework.domain.person import Consent, PersonFacts

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def after(hours: float) -> datetime:
    """Return a moment so many hours after the start."""
    return START + timedelta(hours=hours)


def tell(*answers: str) -> PersonFacts:
    """Return somebody whose answers were written down an hour apart, from the start on."""
    person = None
    for hour, answer in enumerate(answers):
        person = PersonFacts(consents={"statistics": Consent(answer)}).noted(person, after(hour))
    assert person is not None
    return person


@pytest.mark.parametrize(
    ("answers", "counted"),
    [
        (["given"], [False, True, True, True, True]),
        (["not_asked", "given"], [False, False, True, True, True]),
        (["given", "withdrawn"], [False, True, False, False, False]),
        (["given", "refused"], [False, True, False, False, False]),
        (["given", "not_asked"], [False, True, False, False, False]),
        (["given", "given", "withdrawn", "refused"], [False, True, True, False, False]),
        (["refused"], [False] * 5),
        (["not_asked", "refused"], [False] * 5),
        # Given again: a table of the time between is taken to count them too.
        (["given", "withdrawn", "given", "withdrawn"], [False, True, True, True, False]),
        # First written down as withdrawn: since when they had agreed, nobody knows.
        (["withdrawn"], [True, False, False, False, False]),
        (["not_asked", "withdrawn"], [True, True, False, False, False]),
    ],
)
def test_a_table_counts_whom_the_records_said_so_of(answers: list[str], counted: list[bool]) -> None:
    """Half an hour before the first answer, and then after each hour."""
    person = tell(*answers)
    assert [person.was_counted(after(hour - 0.5)) for hour in range(5)] == counted


@pytest.mark.parametrize(
    ("answers", "gone"),
    [
        (["given"], False), (["refused"], False), (["not_asked"], False), (["withdrawn"], True),
        (["given", "withdrawn"], True), (["given", "refused"], True), (["given", "not_asked"], True),
        (["given", "withdrawn", "given"], False), (["given", "withdrawn", "refused"], True),
    ],
)  # fmt: skip
def test_who_agreed_once_and_does_so_no_longer(answers: list[str], gone: bool) -> None:
    """It is the yes that went which matters, not what the answer is called now."""
    assert tell(*answers).no_longer_counts is gone


def test_a_moment_is_kept_in_utc_to_the_second() -> None:
    """Whatever zone a clock runs in."""
    here = datetime(2026, 5, 1, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-4)))
    assert Countable().noted("not_asked", "given", here).since == datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_without_a_day_a_guess_says_nothing() -> None:
    """And only of a withdrawal there is one to make."""
    assert Countable.guessed("withdrawn", None) == Countable.guessed("given", date(2026, 1, 1)) == Countable()
