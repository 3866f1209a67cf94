"""A story: its states, its checklist, its details made coarse, and its documents."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from casework.domain.approval import State
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts
from casework.domain.person import PersonFacts
from casework.domain.story import PublishedStory, Story
from casework.domain.storychecks import ITEMS, Kept, key_of
from casework.domain.storydraft import (
    Details,
    StoryDraft,
    StoryTexts,
    coarsen,
    offer_details,
    require_offered,
)
from casework.errors import Conflict, Forbidden, Invalid

ANA, BEN = UUID(int=1), UUID(int=2)
TOLD = StoryDraft(texts={"en": StoryTexts("Home", "We drove home."), "fr": StoryTexts()})
CHECKS = dict.fromkeys(ITEMS, "changed")
KEPT = Kept("Mars", "like_date", "plain", ANA)


def _story() -> Story:
    return Story(draft=TOLD, writers=(ANA,))


def test_the_way_to_approval() -> None:
    """Submitted with a decision about each kind, looked at again, approved; then nothing changes it."""
    approved = _story().edited(TOLD, BEN).submitted(CHECKS).approved(3, UUID(int=3), ITEMS)
    assert (approved.state, approved.number, approved.writers) == (State.APPROVED, 3, (ANA, BEN))
    steps: tuple[Callable[[], object], ...] = (
        lambda: approved.edited(TOLD, ANA),
        approved.pulled_back,
        lambda: approved.submitted(CHECKS),
        lambda: approved.returned("why", UUID(int=3)),
    )
    for step in steps:
        with pytest.raises(Conflict):
            step()


def test_who_wrote_any_of_it_does_not_approve_it() -> None:
    both = _story().edited(TOLD, BEN).submitted(CHECKS)
    for member in (ANA, BEN):
        with pytest.raises(Forbidden):
            both.approved(3, member, ITEMS)


def test_a_story_is_as_far_as_stories_get() -> None:
    """Its row in the case is never withdrawn or replaced: it goes."""
    for state in ("withdrawn", "replaced", "lost"):
        with pytest.raises(Invalid):
            Story.from_document(_story().to_document() | {"state": state})


@pytest.mark.parametrize("item", ITEMS)
def test_each_kind_needs_a_decision(item: str) -> None:
    """One left out, or decided otherwise than is offered, is named."""
    for checks in ({k: v for k, v in CHECKS.items() if k != item}, CHECKS | {item: "perhaps"}):
        with pytest.raises(Invalid) as caught:
            _story().submitted(checks)
        assert list(caught.value.faults) == [f"check_{item}"]


def test_all_that_is_undecided_is_named() -> None:
    """Kinds and words together: who sends it off learns of all at once."""
    with pytest.raises(Invalid) as caught:
        _story().submitted({}, ["a"], {"b": KEPT})
    assert set(caught.value.faults) == {"stays", *(f"check_{item}" for item in ITEMS)}


def test_a_word_stays_for_a_reason_and_is_looked_at_again() -> None:
    """One of those offered; and the approver goes through it too. Of another word nobody said anything."""
    for reason in ("", "because"):
        with pytest.raises(Invalid):
            _story().submitted(CHECKS, ["a"], {"a": replace(KEPT, reason=reason)})
    submitted = _story().submitted(CHECKS, ["a"], {"a": KEPT, "b": KEPT})
    assert dict(submitted.stays) == {"a": KEPT}
    for looked, asked in ((ITEMS, ["a"]), ([*ITEMS, "a", "b"], ["a", "b"])):
        with pytest.raises(Invalid) as caught:
            submitted.approved(1, BEN, looked, asked)
        assert list(caught.value.faults) == ["looked"]
    assert submitted.approved(1, BEN, [*ITEMS, "a"], ["a"]).number == 1


def test_words_that_stayed_before_reasons_were_asked_for() -> None:
    """They are read, may be approved, and have to be said anew once the story is submitted again."""
    document = _story().submitted(CHECKS).to_document()
    old = Story.from_document(document | {"schema": 2, "stays": ["like_name will", "town new york"]})
    key = key_of("town", "new york")
    assert old.stays[key] == Kept("new york", "town", "", None)
    assert Story.from_document(old.to_document()) == old
    assert old.approved(1, BEN, [*ITEMS, key], [key]).number == 1
    with pytest.raises(Invalid):
        old.pulled_back().submitted(CHECKS, [key], old.stays)
    older = {name: value for name, value in document.items() if name != "stays"} | {"schema": 1}
    assert Story.from_document(older).stays == {}


def test_no_name_stays() -> None:
    """Of names there is no decision to leave them."""
    with pytest.raises(Invalid) as caught:
        _story().submitted(CHECKS | {"names": "stays"})
    assert list(caught.value.faults) == ["check_names"]


def test_the_approver_goes_through_all_of_it() -> None:
    """One kind that was not looked at keeps it from being approved."""
    with pytest.raises(Invalid):
        _story().submitted(CHECKS).approved(1, BEN, ITEMS[:-1])


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        ({}, "account_en"),
        ({"en": StoryTexts("Home", "")}, "account_en"),
        ({"fr": StoryTexts("Retour", "On rentrait."), "es": StoryTexts("", "Íbamos.")}, "title_es"),
    ],
)
def test_a_language_has_title_and_account(texts: dict[str, StoryTexts], name: str) -> None:
    """What is told by half is not submitted."""
    with pytest.raises(Invalid) as caught:
        Story(draft=StoryDraft(texts=texts), writers=(ANA,)).submitted(CHECKS)
    assert name in caught.value.faults or name == "account_en"


@pytest.mark.parametrize("season", ["2026-05", "2026-05-04"])
def test_nothing_finer_than_a_season(season: str) -> None:
    """A month or a day is refused, also from a sealed document."""
    with pytest.raises(Invalid):
        Details(season=season)
    document = StoryDraft(texts={}).to_document()
    document["details"]["season"] = season
    with pytest.raises(Invalid):
        StoryDraft.from_document(document)


@pytest.mark.parametrize(
    ("when", "coarse"),
    [
        ("2026-05-04", ("2026-spring", "2026")),
        ("2025-12", ("2026-winter", "2025")),
        ("2026-01-15", ("2026-winter", "2026")),
        ("2026-11", ("2026-autumn", "2026")),
        ("2026-winter", ("2026-winter",)),
        ("2026", ("2026",)),
        ("unknown", ()),
    ],
)
def test_dates_are_made_coarse(when: str, coarse: tuple[str, ...]) -> None:
    """A winter ends in its year, and decides no year of its own."""
    assert coarsen(VagueDate.parse(when)) == coarse


def test_details_are_those_of_the_case() -> None:
    """Made coarser; what is not known is not offered, and what the case does not say is refused."""
    person = PersonFacts(age_band="25_34", region_of_origin="western_africa")
    incident = IncidentFacts(
        date=VagueDate.parse("2026-05-04"),
        contact_type="traffic_stop",
        police_service="spvm",
        place="laval",
        logged_on=date(2026, 5, 5),
        logged_by=ANA,
    )
    offer = offer_details([person, PersonFacts()], [incident])
    assert offer["age_band"] == ("25_34",)
    assert offer["region"] == ("africa",)
    assert offer["province"] == ("quebec",)
    assert offer["season"] == ("2026-spring", "2026")
    require_offered(Details(age_band="25_34", season="2026"), offer)
    with pytest.raises(Invalid) as caught:
        require_offered(Details(region="asia"), offer)
    assert list(caught.value.faults) == ["region"]


def test_documents_are_read_as_they_were_written() -> None:
    """Both kinds; and anything else is refused."""
    story = _story().submitted(CHECKS, ["a"], {"a": KEPT}).approved(1, BEN, [*ITEMS, "a"], ["a"])
    assert Story.from_document(story.to_document()) == story
    published = PublishedStory(number=1, approved_in="2026-11", organization="Traverse", draft=TOLD)
    gone = published.withdrawn("They asked us.", "2026-12")
    for one in (published, gone):
        assert PublishedStory.from_document(one.to_document()) == one
    assert gone.draft.languages == ()
    wrong: tuple[dict[str, Any], ...] = (
        {"schema": 2},
        {"more": 1},
        {"approved_in": "2026-11-03"},
        {"number": -1},
    )
    for changed in wrong:
        with pytest.raises(Invalid):
            PublishedStory.from_document(published.to_document() | changed)
    wrong = (
        {"stays": ["a"]},
        {"stays": {"a": {}}},
        {"checks": {"names": 1}},
        {"state": "gone"},
        {"writers": ["x"]},
    )
    for changed in wrong:
        with pytest.raises(Invalid):
            Story.from_document(story.to_document() | changed)
