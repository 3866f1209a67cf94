"""A story from its case to the world: consent, the second person, withdrawal, erasure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from casework.domain.storychecks import ITEMS, Kept, key_of
from casework.domain.storydraft import Details, StoryTexts
from casework.errors import Conflict, Forbidden, Invalid, NotFound, Tampered, Undecided
from casework.services import bin, cases, erasing
from casework.services.cases import get_case
from casework.services.context import Context
from casework.services.duplicates.deciding import tell_same
from casework.services.incidents import log_incident
from casework.services.restricted import restricting
from casework.services.stories import approving, reading, writing
from casework.services.stories.files import give_file
from casework.services.stories.reading import StoryLines
from casework.services.stories.telling import list_asked, mark_of
from casework.store import stories as store
from casework.store.cases import list_people
from casework.store.database import db
from casework.store.restoration import doubt_stories
from tests.services.stories.written import (
    CHECKS,
    DETAILS,
    TEXTS,
    answer,
    approve,
    draft,
    log,
    publish,
    submit,
)
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.records import incident_draft

NAMED = draft(texts=TEXTS | {"en": StoryTexts("Home", "Then Teodor had to wait.")})


def test_from_a_draft_to_an_approved_story(founded: Founded) -> None:
    """Whoever holds no key to narratives reads it once it is approved, and sees nothing of its case."""
    case_id = log(founded)
    story_id = submit(founded, case_id)
    with pytest.raises(Forbidden):
        reading.get_story(founded.context(ADVOCATE), case_id, story_id)
    assert reading.list_published(founded.context(ADVOCATE)).views == []
    assert reading.list_on_their_way(founded.context(ADVOCATE)) == StoryLines()
    assert [one.id for one in reading.list_on_their_way(founded.context(COORDINATOR)).lines] == [story_id]
    assert approve(founded, case_id, story_id) == 1
    published = reading.get_published(founded.context(ADVOCATE), story_id).story
    assert published.draft == draft()
    document = str(published.to_document())
    assert case_id.hex not in document
    assert not any(player.id.hex in document for player in founded.players.values())
    assert reading.list_on_their_way(founded.context(COORDINATOR)).lines == []
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
    assert reading.find_standing(founded.context(ADVOCATE), [story_id]) == set()
    answer(founded, other_id, "refused")
    assert reading.find_standing(founded.context(ADVOCATE), [story_id]) == {story_id}
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


def test_nobody_waits_while_a_text_is_gone_through(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked for comes after the transaction that says that the case was read."""
    case_id = log(founded)
    story_id = submit(founded, case_id)
    monkeypatch.setattr(reading, "trace", lambda *_of: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        reading.get_story(founded.context(), case_id, story_id)
    assert open_log(founded.context())[-1]["event"] == "case.read"


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


def test_a_detail_that_was_corrected_meanwhile_is_not_published(founded: Founded) -> None:
    """Not submitted, and not approved by whoever looks at it afterwards; until the story is changed."""
    case_id = log(founded)
    drafted = writing.create_story(founded.context(CASEWORKER), case_id, draft())
    submitted = submit(founded, case_id)
    context = founded.context(CASEWORKER)
    person = cases.get_case(context, case_id).people[0]
    facts = replace(person.facts, region_of_origin="eastern_asia")
    cases.change_person(context, case_id, person.id, person.version, facts, person.identity)
    steps: tuple[Callable[[], object], ...] = (
        lambda: writing.submit_story(context, case_id, drafted, 1, CHECKS),
        lambda: approve(founded, case_id, submitted),
    )
    for step in steps:
        with pytest.raises(Invalid) as caught:
            step()
        assert list(caught.value.faults) == ["region"]
    assert store.list_published() == []
    told = draft(details=replace(DETAILS, region="asia"))
    writing.change_story(context, case_id, submitted, 2, told)
    writing.submit_story(context, case_id, submitted, 3, CHECKS)
    assert approve(founded, case_id, submitted) == 1


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
    assert reading.list_on_their_way(stranger) == StoryLines([], [])
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
    assert reading.find_standing(founded.context(ADVOCATE), [story_id]) == set()
    answer(founded, case_id, "withdrawn")
    assert reading.find_standing(founded.context(ADVOCATE), [story_id]) == {story_id}
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


def test_no_number_is_given_again_after_a_restore(founded: Founded) -> None:
    """Stories approved since the backup have numbers that nobody here knows: a hundred of its own begins.

    Brought back a day later, from the same backup, it is another hundred.
    """
    case_id, _story = publish(founded)
    numbers = []
    for restored_at in (datetime(2026, 11, 26, 23, tzinfo=UTC), datetime(2026, 11, 27, 1, tzinfo=UTC)):
        doubt_stories(restored_at)
        db.session.commit()
        numbers += [approve(founded, case_id, submit(founded, case_id)) for _ in range(2)]
    assert numbers == [32901, 32902, 33001, 33002]
    doubt_stories(datetime(2026, 1, 1, tzinfo=UTC))
    assert approve(founded, case_id, submit(founded, case_id)) == 33003


def test_roles_that_read(founded: Founded) -> None:
    """Advocates and coordinators read what was published, and take its files; a caseworker does neither."""
    _case, story_id = publish(founded)
    reads: tuple[Callable[[Context], object], ...] = (
        reading.list_published,
        lambda context: reading.get_published(context, story_id),
        lambda context: give_file(context, story_id, "story-1-en.txt"),
    )
    for read in reads:
        for login in (ADVOCATE, COORDINATOR):
            assert read(founded.context(login))
        with pytest.raises(Forbidden):
            read(founded.context(CASEWORKER))


def test_who_does_not_open_does_not_agree(founded: Founded) -> None:
    """One damaged record keeps nobody from other stories, nor from withdrawing or taking along this one."""
    case_id, story_id = publish(founded)
    _other, sound = publish(founded)
    (person,) = list_people(case_id)
    person.coded_sealed = _hurt(person.coded_sealed)
    db.session.commit()
    context = founded.context()
    told = {view.id: view.is_standing for view in reading.list_published(context).views}
    assert told == {story_id: True, sound: False}
    assert give_file(context, story_id, "story-1-en.txt")
    view = reading.get_published(context, story_id)
    assert view.is_standing
    approving.withdraw_story(context, story_id, view.version, "They asked us to.")


def test_one_story_asks_in_one_case(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its page asks nobody of another case, and its files ask nobody at all."""
    case_id, story_id = publish(founded)
    publish(founded)
    asked: list[UUID] = []

    def agree(_context: Context, case: UUID) -> bool:
        asked.append(case)
        return True

    monkeypatch.setattr(reading, "all_agree", agree)
    give_file(founded.context(ADVOCATE), story_id, "story-1-en.txt")
    assert asked == []
    reading.get_published(founded.context(ADVOCATE), story_id)
    assert asked == [case_id]


def test_what_is_approved_is_not_opened_to_list_what_is_on_its_way(founded: Founded) -> None:
    """A story whose words are damaged in its case stays out of the way of others of the same case."""
    case_id, story_id = publish(founded)
    waiting = submit(founded, case_id)
    row = store.find_story(story_id)
    assert row is not None
    row.narrative_sealed = _hurt(row.narrative_sealed)
    db.session.commit()
    assert [line.id for line in reading.list_on_their_way(founded.context()).lines] == [waiting]


def test_a_damaged_story_is_named_and_closes_no_list(founded: Founded) -> None:
    """The others are there: of those that were approved, of those on their way, and of its case."""
    _case, broken = publish(founded)
    _case, sound = publish(founded)
    case_id = log(founded)
    torn, waiting = submit(founded, case_id), submit(founded, case_id)
    published, story = store.find_published(broken), store.find_story(torn)
    assert published and story
    published.content_sealed = _hurt(published.content_sealed)
    story.narrative_sealed = _hurt(story.narrative_sealed)
    db.session.commit()
    context = founded.context()
    approved, coming = reading.list_published(context), reading.list_on_their_way(context)
    assert ([view.id for view in approved.views], approved.damaged) == ([sound], [1])
    case = get_case(context, case_id)
    assert ([line.id for line in coming.lines], coming.damaged) == ([waiting], [case.facts.reference])
    of_case = reading.find_stories(context, case)
    assert ([line.id for line in of_case.lines], of_case.damaged) == ([waiting], 1)
    with pytest.raises(Tampered):
        reading.get_published(context, broken)


def _hurt(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


@pytest.mark.parametrize(
    "told",
    [
        "It was near Rivard then.",
        "It was in the rue Rivard.",
        "They found 514-555-0132 on a paper.",
        "It was on the fifteenth of August.",
        "They came at 9:15 pm.",
        "He was 31 then, and he is 31.",
        "Dans la mi-trentaine, on a peur.",
        "Appelez le cinq cent quatorze, cinq cinq cinq, zéro un trente-trois.",
        "It was at the Jarry metro.",
        "Il sortait du métro Jean-Talon.",
        "It was at Jarry, they say.",
        "The ticket no. 88231 says so.",
        "It was in Laval.",
    ],
)
def test_what_the_case_has_keeps_a_story_back(founded: Founded, told: str) -> None:
    """A street, a phone number, a date, a time, an age, a ticket, a town: whatever was ticked."""
    case_id = log(founded, place="laval")
    texts = {"fr": StoryTexts("Un retour", told)}
    story_id = writing.create_story(founded.context(CASEWORKER), case_id, draft(texts=texts))
    seen = reading.get_story(founded.context(COORDINATOR), case_id, story_id)
    everything = dict.fromkeys(list_asked(seen.story.draft, seen.traces), "public")
    with pytest.raises(Invalid) as caught:
        writing.submit_story(founded.context(CASEWORKER), case_id, story_id, 1, CHECKS, everything)
    assert list(caught.value.faults) == ["account_fr"]


def test_who_let_a_word_stay_and_why_is_kept(founded: Founded) -> None:
    """For the approver, and after it; no other reason counts, nor that of another word."""
    case_id = log(founded)
    told = draft(texts={"fr": StoryTexts("Un rêve", "Mars est une planète, et il en rêvait.")})
    story_id = writing.create_story(founded.context(CASEWORKER), case_id, told)
    context = founded.context(COLLEAGUE)
    (key,) = reading.get_story(context, case_id, story_id).asked
    wrong: list[dict[str, str]] = [{}, {key: ""}, {key: "because"}, {key_of("like_date", "mai"): "plain"}]
    for version, reasons in zip((1, 2, 2, 2), wrong, strict=True):  # the list is decided once
        with pytest.raises(Invalid) as caught:
            writing.submit_story(context, case_id, story_id, version, CHECKS, reasons)
        assert list(caught.value.faults) == ["stays"]
    writing.submit_story(context, case_id, story_id, 2, CHECKS, {key: "plain"})
    seen = reading.get_story(founded.context(), case_id, story_id)
    kept = Kept("Mars", "like_date", "plain", founded.players[COLLEAGUE].id)
    assert dict(seen.story.stays) == {key: kept}
    with pytest.raises(Invalid):
        approving.approve_story(founded.context(), case_id, story_id, 3, seen.mark, ITEMS)
    approving.approve_story(founded.context(), case_id, story_id, 3, seen.mark, [*ITEMS, key])
    story = reading.get_story(founded.context(CASEWORKER), case_id, story_id).story
    assert (dict(story.stays), story.approver) == ({key: kept}, founded.players[COORDINATOR].id)


def test_who_decided_what_may_stay_does_not_approve_it(founded: Founded) -> None:
    """Two people go through the list: who submits what somebody else wrote is one of its writers."""
    case_id = log(founded)
    story_id = writing.create_story(founded.context(CASEWORKER), case_id, draft())
    writing.submit_story(founded.context(COORDINATOR), case_id, story_id, 1, CHECKS)
    with pytest.raises(Forbidden):
        approve(founded, case_id, story_id)
    story = reading.get_story(founded.context(), case_id, story_id).story
    assert story.writers == tuple(founded.players[one].id for one in (CASEWORKER, COORDINATOR))


def test_what_was_decided_is_not_lost_where_some_of_it_is_missing(founded: Founded) -> None:
    """Nor when the text is changed after that; without consent nothing is written."""
    case_id = log(founded)
    story_id = writing.create_story(founded.context(CASEWORKER), case_id, draft())
    half = {"names": "absent", "places": "changed", "work": "perhaps"}
    with pytest.raises(Invalid):
        writing.submit_story(founded.context(CASEWORKER), case_id, story_id, 1, half)
    writing.change_story(founded.context(CASEWORKER), case_id, story_id, 2, NAMED)
    story = reading.get_story(founded.context(CASEWORKER), case_id, story_id).story
    assert dict(story.checks) == {"names": "absent", "places": "changed"}
    answer(founded, case_id, "withdrawn")
    with pytest.raises(Invalid):
        writing.submit_story(founded.context(CASEWORKER), case_id, story_id, 3, CHECKS)
    row = store.find_story(story_id)
    assert row is not None and row.version == 3


def test_who_decides_nothing_has_written_nothing(founded: Founded) -> None:
    """A slip of the button costs nobody the right to approve it."""
    case_id = log(founded)
    story_id = writing.create_story(founded.context(CASEWORKER), case_id, draft())
    with pytest.raises(Undecided):
        writing.submit_story(founded.context(COORDINATOR), case_id, story_id, 1, {})
    row = store.find_story(story_id)
    assert row is not None and row.version == 1
    story = reading.get_story(founded.context(), case_id, story_id).story
    assert story.writers == (founded.players[CASEWORKER].id,)


def test_a_place_by_its_other_name_keeps_a_story_back(founded: Founded) -> None:
    """NDG is where it was, in another case a town that is asked about."""
    for place, kind in (("cote_des_neiges_notre_dame_de_grace", "place"), ("laval", "town")):
        case_id = log(founded, place=place)
        told = draft(texts={"fr": StoryTexts("Un retour", "Il rentrait à NDG.")})
        story_id = writing.create_story(founded.context(CASEWORKER), case_id, told)
        traces = reading.get_story(founded.context(CASEWORKER), case_id, story_id).traces
        assert [one.kind for one in traces["fr"].all] == [kind]
