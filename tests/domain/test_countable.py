"""When somebody could be counted: what later changes of their answer make of it."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from casework.domain.countable import Countable, join_countable
from casework.domain.person import Consent, PersonFacts, may_count

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


def test_a_no_in_another_record_ends_an_agreement_and_lifting_it_restores_it() -> None:
    """Until when is kept from the first time on; what is no agreement stays as it is."""
    person = tell("given")
    ended = person.settled(True, after(1)).settled(True, after(2))
    assert (ended.countable.since, ended.countable.until) == (START, after(1))
    assert (may_count(ended), ended.is_overruled, ended.no_longer_counts) == (False, True, True)
    assert [ended.was_counted(after(hour)) for hour in (0.5, 1.5)] == [True, False]
    again = ended.settled(False, after(3))
    assert again.countable == person.countable and may_count(again) and not again.is_overruled
    for answer in ("refused", "not_asked", "withdrawn"):
        assert tell(answer).settled(True, after(1)).countable == tell(answer).countable


def test_an_agreement_that_was_ended_stays_so_while_other_answers_change() -> None:
    """Saving the form again is no new agreement; another answer later does not make it last longer."""
    ended = tell("given").settled(True, after(1))
    same = PersonFacts(gender="woman", consents=ended.consents).noted(ended, after(2))
    assert same.countable == ended.countable
    withdrew = PersonFacts(consents={"statistics": Consent("withdrawn")}).noted(ended, after(3))
    assert withdrew.countable == ended.countable


@pytest.mark.parametrize(
    ("records", "answer", "counted"),
    [
        ([("given",), ("not_asked", "given")], "given", [False, True, True, True, True]),
        ([("given",), ("refused",)], "refused", [False, True, True, False, False]),
        ([("given", "withdrawn"), ("not_asked", "given")], "withdrawn", [False, True, True, False, False]),
        ([("given", "withdrawn"), ("refused",)], "refused", [False, True, False, False, False]),
        ([("withdrawn",), ("given",)], "given", [True, True, True, True, True]),
        ([("refused",), ("not_asked",)], "refused", [False] * 5),
        # Its own answer is one that the other case's record gave.
        ([("not_asked",)], "given", [False, False, False, True, True]),
    ],
)
def test_a_record_made_of_others_counted_when_any_of_them_did(
    records: list[tuple[str, ...]], answer: str, counted: list[bool]
) -> None:
    """They are joined two hours after the start."""
    people = [tell(*answers) for answers in records]
    sides = [(one.countable, one.consent("statistics").answer) for one in people]
    made = PersonFacts(
        consents={"statistics": Consent(answer)}, countable=join_countable(sides, answer, after(2))
    )
    assert [made.was_counted(after(hour - 0.5)) for hour in range(5)] == counted
