"""A story from its case to the world: consent, the second person, withdrawal, erasure."""

from dataclasses import replace
from uuid import uuid4

import pytest

from casework.domain.permissions import Role
from casework.domain.storychecks import ITEMS
from casework.domain.storydraft import Details, StoryTexts
from casework.errors import Conflict, Forbidden, Invalid, NotFound
from casework.services import bin, cases, erasing
from casework.services.duplicates.deciding import tell_same
from casework.services.incidents import log_incident
from casework.services.restricted import restricting
from casework.services.stories import approving, reading, writing
from casework.services.stories.files import give_file
from casework.services.stories.telling import mark_of
from casework.store import stories as store
from tests.services.stories.written import CHECKS, TEXTS, answer, approve, draft, log, publish, submit
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft

NAMED = draft(texts=TEXTS | {"en": StoryTexts("Home", "Then Teodor had to wait.")})


def test_from_a_draft_to_an_approved_story(founded: Founded) -> None:
    """Whoever holds no key to narratives reads it once it is approved, and sees nothing of its case."""
    case_id = log(founded)
    story_id = submit(founded, case_id)
    with pytest.raises(Forbidden):
        reading.get_story(founded.context(ADVOCATE), case_id, story_id)
    assert reading.list_published(founded.context(ADVOCATE)) == []
    assert reading.list_on_their_way(founded.context(ADVOCATE)) == []
    assert [one.id for one in reading.list_on_their_way(founded.context(COORDINATOR))] == [story_id]
    assert approve(founded, case_id, story_id) == 1
    published = reading.get_published(founded.context(ADVOCATE), story_id).story
    assert published.draft == draft()
    document = str(published.to_document())
    assert case_id.hex not in document
    assert not any(player.id.hex in document for player in founded.players.values())
    assert reading.list_on_their_way(founded.context(COORDINATOR)) == []
    with pytest.raises(Conflict):
        writing.change_story(founded.context(CASEWORKER), case_id, story_id, 3, draft())


@pytest.mark.parametrize("said", ["not_asked", "refused", "withdrawn"])
def test_nobody_s_story_without_their_consent(founded: Founded, said: str) -> None:
    """Not begun, not changed, not submitted, not approved: as it stands in that moment."""
    case_id = log(founded, answer=said)
    with pytest.raises(Invalid) as caught:
        writing.create_story(founded.context(CASEWORKER), case_id, draft())
    assert list(caught.value.faults) == ["consent"]
    answer(founded, case_id, "given")
    story_id = writing.create_story(founded.context(CASEWORKER), case_id, draft())
    answer(founded, case_id, said)
    with pytest.raises(Invalid):
        writing.change_story(founded.context(CASEWORKER), case_id, story_id, 1, draft())
    with pytest.raises(Invalid):
        writing.submit_story(founded.context(CASEWORKER), case_id, story_id, 1, CHECKS)
    answer(founded, case_id, "given")
    writing.submit_story(founded.context(CASEWORKER), case_id, story_id, 1, CHECKS)
    answer(founded, case_id, said)
    with pytest.raises(Invalid):
        approve(founded, case_id, story_id)
    assert store.list_published() == []


def test_everybody_in_the_case_has_to_agree(founded: Founded) -> None:
    """Also somebody who was added after it was written."""
    case_id = log(founded)
    story_id = submit(founded, case_id)
    log_incident(founded.context(CASEWORKER), incident_draft(), case_id)
    view = reading.get_story(founded.context(), case_id, story_id)
    assert [one.facts.consent("story").answer for one in view.unasked] == ["not_asked"]
    with pytest.raises(Invalid):
        approve(founded, case_id, story_id)


def test_a_no_in_another_record_of_the_same_person_counts(founded: Founded) -> None:
    """Before it is approved and after; what was said of another purpose does not."""
    case_id, story_id = publish(founded)
    other_id = log(founded, answer="not_asked")
    one, other = (cases.get_case(founded.context(), each).people[0].id for each in (case_id, other_id))
    tell_same(founded.context(), one, other)
    assert reading.find_standing(founded.context(ADVOCATE)) == set()
    answer(founded, other_id, "refused")
    assert reading.find_standing(founded.context(ADVOCATE)) == {story_id}
    with pytest.raises(Invalid) as caught:
        writing.create_story(founded.context(CASEWORKER), case_id, draft())
    assert list(caught.value.faults) == ["consent"]


def test_a_name_of_the_case_keeps_it_back(founded: Founded) -> None:
    """When it is submitted; and when it is approved, where the name came into the case meanwhile."""
    case_id = log(founded)
    story_id = writing.create_story(founded.context(CASEWORKER), case_id, NAMED)
    with pytest.raises(Invalid) as caught:
        writing.submit_story(founded.context(CASEWORKER), case_id, story_id, 1, CHECKS)
    assert list(caught.value.faults) == ["account_en"]
    told = draft(texts={"en": StoryTexts("Home", "Then Bashir had to wait.")})
    other = submit(founded, case_id, told)
    person = cases.get_case(founded.context(CASEWORKER), case_id).people[0]
    identity = replace(person.identity, name="Bashir Vulcan")
    context = founded.context(CASEWORKER)
    cases.change_person(context, case_id, person.id, person.version, person.facts, identity)
    with pytest.raises(Invalid):
        approve(founded, case_id, other)


def test_writers_never_approve(founded: Founded) -> None:
    """Nor does a caseworker; who writes a word of it is a writer from then on, and gives it back neither."""
    case_id = log(founded)
    story_id = writing.create_story(founded.context(COORDINATOR), case_id, draft())
    writing.submit_story(founded.context(CASEWORKER), case_id, story_id, 1, CHECKS)
    with pytest.raises(Forbidden):
        approve(founded, case_id, story_id)
    with pytest.raises(Forbidden):
        writing.return_story(founded.context(), case_id, story_id, 2, "No.")
    seen = reading.get_story(founded.context(COLLEAGUE), case_id, story_id)
    with pytest.raises(Forbidden):
        approving.approve_story(founded.context(COLLEAGUE), case_id, story_id, 2, seen.mark, ITEMS)


def test_it_is_approved_as_it_was_seen(founded: Founded) -> None:
    """Another version, another finding or a list not gone through: nothing is published."""
    case_id = log(founded)
    story_id = submit(founded, case_id)
    seen = reading.get_story(founded.context(), case_id, story_id)
    assert seen.mark == mark_of(seen.story, seen.traces, 2)
    for version, mark, looked, error in (
        (1, seen.mark, ITEMS, Conflict),
        (2, "0" * 64, ITEMS, Conflict),
        (2, seen.mark, ITEMS[1:], Invalid),
    ):
        with pytest.raises(error):
            approving.approve_story(founded.context(), case_id, story_id, version, mark, looked)
    person = cases.get_case(founded.context(CASEWORKER), case_id).people[0]
    identity = replace(person.identity, address="One Evening, Montréal")
    context = founded.context(CASEWORKER)
    cases.change_person(context, case_id, person.id, person.version, person.facts, identity)
    with pytest.raises(Conflict):
        approving.approve_story(founded.context(), case_id, story_id, 2, seen.mark, ITEMS)
    assert store.list_published() == []


def test_given_back_and_taken_back(founded: Founded) -> None:
    """With a note; the words and the writers' decisions stay."""
    case_id = log(founded)
    story_id = submit(founded, case_id)
    writing.return_story(founded.context(), case_id, story_id, 2, "Which car?")
    story = reading.get_story(founded.context(CASEWORKER), case_id, story_id).story
    assert (story.note, dict(story.checks), story.draft) == ("Which car?", CHECKS, draft())
    writing.submit_story(founded.context(CASEWORKER), case_id, story_id, 3, CHECKS)
    writing.pull_back_story(founded.context(CASEWORKER), case_id, story_id, 4)
    writing.discard_story(founded.context(CASEWORKER), case_id, story_id, 5)
    with pytest.raises(NotFound):
        reading.get_story(founded.context(CASEWORKER), case_id, story_id)


def test_details_are_none_that_the_case_does_not_give(founded: Founded) -> None:
    """Neither when it is begun nor when it is changed."""
    case_id = log(founded)
    with pytest.raises(Invalid) as caught:
        writing.create_story(founded.context(CASEWORKER), case_id, draft(details=Details(region="asia")))
    assert list(caught.value.faults) == ["region"]


def test_only_who_may_open_the_case(founded: Founded) -> None:
    """A stranger to a team's case finds no story, and an advocate may not even ask."""
    case_id = log(founded, team_only=True)
    story_id = submit(founded, case_id)
    stranger = founded.context(COLLEAGUE)
    for step in (
        lambda: reading.get_story(stranger, case_id, story_id),
        lambda: writing.create_story(stranger, case_id, draft()),
        lambda: writing.submit_story(stranger, case_id, story_id, 2, CHECKS),
        lambda: writing.discard_story(stranger, case_id, story_id, 2),
        lambda: reading.get_story(founded.context(CASEWORKER), uuid4(), story_id),
        lambda: reading.get_story(founded.context(CASEWORKER), log(founded), story_id),
    ):
        with pytest.raises(NotFound):
            step()
    assert reading.list_on_their_way(stranger) == []
    with pytest.raises(Forbidden):
        writing.create_story(founded.context(ADVOCATE), case_id, draft())


def test_a_restricted_case_is_told_by_nobody(founded: Founded) -> None:
    """What was begun before stays readable to who is named, under the new keys, and goes no further."""
    case_id = log(founded)
    story_id = submit(founded, case_id)
    context = founded.context(CASEWORKER)
    restricting.restrict(context, case_id, 1, frozenset({founded.players[COORDINATOR].id}))
    view = reading.get_story(founded.context(), case_id, story_id)
    assert view.story.draft == draft() and not view.may_go_on
    with pytest.raises(Invalid):
        approve(founded, case_id, story_id)
    with pytest.raises(Invalid):
        writing.create_story(founded.context(CASEWORKER), case_id, draft())


def test_consent_withdrawn_after_it_was_approved(founded: Founded) -> None:
    """It is listed, also for advocates, until it is withdrawn; then its words are nowhere any more."""
    case_id, story_id = publish(founded)
    assert reading.find_standing(founded.context(ADVOCATE)) == set()
    answer(founded, case_id, "withdrawn")
    assert reading.find_standing(founded.context(ADVOCATE)) == {story_id}
    assert reading.get_published(founded.context(ADVOCATE), story_id).is_standing
    with pytest.raises(Forbidden):
        approving.withdraw_story(founded.context(ADVOCATE), story_id, 1, "They asked us to.")
    with pytest.raises(Invalid):
        approving.withdraw_story(founded.context(), story_id, 1, " ")
    approving.withdraw_story(founded.context(), story_id, 1, "They asked us to.")
    gone = reading.get_published(founded.context(ADVOCATE), story_id)
    assert gone.story.is_withdrawn and gone.story.draft.languages == () and not gone.is_standing
    assert store.find_story(story_id) is None
    with pytest.raises(NotFound):
        give_file(founded.context(ADVOCATE), story_id, "story-1-en.txt")
    with pytest.raises(Conflict):
        approving.withdraw_story(founded.context(), story_id, 2, "Again.")


def test_an_erased_case_takes_its_drafts_along(founded: Founded) -> None:
    """What was published stays, and nothing says any more of which case it was."""
    case_id, story_id = publish(founded)
    submit(founded, case_id)
    bin.bin_case(founded.context(), case_id, cases.get_case(founded.context(), case_id).version)
    erasing.erase_case(founded.context(), case_id)
    assert store.list_stories() == []
    view = reading.get_published(founded.context(ADVOCATE), story_id)
    assert view.story.draft == draft() and not view.is_standing
    assert reading.find_case_of(founded.context(), story_id) is None


def test_numbers_go_on(founded: Founded) -> None:
    """Also after one that was withdrawn."""
    case_id, story_id = publish(founded)
    approving.withdraw_story(founded.context(), story_id, 1, "They asked us to.")
    assert approve(founded, case_id, submit(founded, case_id)) == 2


def test_roles_that_read(founded: Founded) -> None:
    """A caseworker alone has no list of what was published; Role names who does."""
    with pytest.raises(Forbidden):
        reading.list_published(founded.context(CASEWORKER))
    assert Role.ADVOCATE in founded.context(ADVOCATE).roles
