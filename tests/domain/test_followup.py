"""Follow-ups: sealed as they are, refused where they say too little, and the detentions among them."""

from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.dates import VagueDate
from casework.domain.followup import (
    FollowUpFacts,
    FollowUpTexts,
    detentions_of,
    handed_on,
    places_of_detention,
    validate_follow_up,
    validate_order,
)
from casework.domain.moments import Moment
from casework.errors import Invalid
from tests.domain.strategies import follow_ups

ZONE = ZoneInfo("America/Toronto")
TODAY, ME = date(2026, 11, 24), UUID(int=1)
NOTHING, SOMETHING = FollowUpTexts(), FollowUpTexts(title="Ask for the ticket")


def facts(kind: str, when: str = "2026-11-24T14:05", **given_facts: object) -> FollowUpFacts:
    """Make a follow-up of a kind."""
    return FollowUpFacts(kind=kind, when=Moment.parse(when), added_on=TODAY, added_by=ME, **given_facts)  # type: ignore[arg-type]


@given(follow_ups)
def test_facts_are_read_as_they_were_written(given_facts: FollowUpFacts) -> None:
    """The document says all of it, and nothing else is taken for one."""
    document = given_facts.to_document()
    assert FollowUpFacts.from_document(document) == given_facts
    for changed in ({"schema": 2}, {"more": 1}, {"kind": "party"}, {"when": "yesterday"}, {"person": "x"}):
        with pytest.raises(Invalid):
            FollowUpFacts.from_document(document | changed)


@given(st.text(max_size=30), st.text(max_size=60), st.text(max_size=30))
def test_texts_are_read_as_they_were_written(title: str, words: str, rule: str) -> None:
    """Tidied once, they come back the same."""
    texts = FollowUpTexts(title, words, rule)
    assert FollowUpTexts.from_document(texts.to_document()) == texts


@pytest.mark.parametrize(
    ("given_facts", "texts", "fields"),
    [
        (facts("note"), NOTHING, {"words"}),
        (facts("note"), SOMETHING, set()),
        (facts("note"), FollowUpTexts(words="She called."), set()),
        (facts("other"), NOTHING, {"words"}),
        (facts("party"), SOMETHING, {"kind"}),
        (facts("unknown"), SOMETHING, {"kind"}),
        (facts("task"), NOTHING, {"title"}),
        (facts("task"), SOMETHING, set()),
        (facts("hearing"), SOMETHING, {"due_day"}),
        (facts("hearing", due=Moment.on(TODAY)), SOMETHING, set()),
        (facts("detention"), NOTHING, set()),
        (facts("detention", "unknown"), NOTHING, {"day"}),
        (facts("detention", "2026"), NOTHING, set()),
        (facts("detention", "2026-11-25"), NOTHING, {"day"}),
        (facts("detention", place="detained_holding_centre"), NOTHING, set()),
        (facts("detention", place="removed"), NOTHING, {"place"}),
        (facts("detention_review"), NOTHING, {"outcome"}),
        (facts("detention_review", outcome="party"), NOTHING, {"outcome"}),
        (facts("detention_review", outcome="kept_detained"), NOTHING, set()),
        (facts("release", "unknown"), NOTHING, {"day"}),
    ],
)
def test_what_is_missing_is_named(given_facts: FollowUpFacts, texts: FollowUpTexts, fields: set[str]) -> None:
    """Each fault stands under the field of the form that it is about."""
    try:
        validate_follow_up(given_facts, texts, ZONE)
    except Invalid as invalid:
        assert invalid.faults.keys() == fields
    else:
        assert fields == set()


def test_a_review_is_not_before_its_detention() -> None:
    """Where both are known well enough to tell."""
    detained = facts("detention")
    for when in ("2026-11-24T14:04", "2026-11-23", "2026-10"):
        with pytest.raises(Invalid) as refused:
            validate_order(facts("detention_review", when), detained, ZONE)
        assert refused.value.faults.keys() == {"day"}
    for when in ("2026-11-24T14:05", "2026-11-24", "2026-11", "2026"):
        validate_order(facts("detention_review", when), detained, ZONE)


def test_places_are_those_where_somebody_is_held() -> None:
    """The codes of CBSA actions, which incidents use too."""
    assert places_of_detention() == (
        "held_by_police", "detained_holding_centre", "detained_provincial_jail", "detained_elsewhere",
    )  # fmt: skip


def test_reviews_and_releases_go_with_their_detention() -> None:
    """Two people, two clocks; a deleted review or detention counts for nothing."""
    first, second, review, release = (UUID(int=number) for number in range(10, 14))
    case = {
        first: facts("detention", "2026-11-20T09:00"),
        second: facts("detention", "2026-11-21"),
        review: facts("detention_review", "2026-11-22T08:00", detention=first, outcome="kept_detained"),
        release: facts("release", "2026-11-23", detention=second),
        UUID(int=20): facts("note"),
        UUID(int=21): facts("detention_review", detention=UUID(int=99), outcome="released"),
    }
    one, two = detentions_of(case)
    assert (one.id, two.id, one.is_over, two.is_over) == (first, second, False, True)
    assert two.next_review(ZONE) is None
    due = one.next_review(ZONE)
    assert due is not None and due.number == 2
    case[review] = replace(case[review], deleted_on=TODAY)
    case[second] = replace(case[second], deleted_on=TODAY)
    (one,) = detentions_of(case)
    due = one.next_review(ZONE)
    assert due is not None and due.number == 1


@pytest.mark.parametrize(
    ("outcome", "number"),
    [("kept_detained", 2), ("unknown", 2), ("other", 2), ("adjourned", 1), ("released", None)],
)
def test_the_outcome_decides_what_is_next(outcome: str, number: int | None) -> None:
    """An adjourned review was not held, so the same stays due; released, the clock ends."""
    held = facts("detention_review", "2026-11-25", detention=UUID(int=1), outcome=outcome)
    (one,) = detentions_of({UUID(int=1): facts("detention"), UUID(int=2): held})
    due = one.next_review(ZONE)
    assert (due.number if due else None) == number


def test_a_task_is_late_when_its_day_is_over() -> None:
    """With a time, from its minute on."""
    day = facts("task", "unknown", due=Moment.on(TODAY))
    assert str(day.due_at(ZONE)) == "2026-11-25 05:00:00+00:00"
    exact = facts("task", "unknown", due=Moment.parse("2026-11-24T14:05"))
    assert str(exact.due_at(ZONE)) == "2026-11-24 19:05:00+00:00"
    assert facts("task", "unknown").due_at(ZONE) is None


def test_open_is_what_has_to_be_done_and_was_not() -> None:
    """Only tasks and hearings are; not done, not deleted."""
    task = facts("task", "unknown", assigned_to=ME)
    assert task.is_open
    assert not replace(task, done_on=TODAY).is_open
    assert not replace(task, deleted_on=TODAY).is_open
    assert not facts("note").is_open
    assert handed_on(task, ME).assigned_to is None
    assert handed_on(task, UUID(int=2)) == task
    assert VagueDate.unknown() == task.when.date
