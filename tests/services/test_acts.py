"""Acts of a pathway: who may write them, what is refused, what becomes of answers and of what is removed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from casework.domain.act import ActTexts
from casework.domain.incident import IncidentNarrative
from casework.errors import Conflict, Forbidden, Invalid, NotFound
from casework.services import acts, bin, cases, incidents, lists
from casework.services.acts import get_act, record_act
from casework.services.context import Context
from casework.services.drafts import keep_draft, list_drafts
from casework.services.incidents import IncidentDraft, Logged, get_incident, log_incident
from casework.services.restricted.restricting import choose_access
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import act_draft, incident_draft


def _log(founded: Founded, **options: object) -> Logged:
    return log_incident(founded.context(CASEWORKER), incident_draft(**options))  # type: ignore[arg-type]


def _later(context: Context, days: int) -> Context:
    later = context.runtime.now() + timedelta(days=days)
    return replace(context, runtime=replace(context.runtime, now=lambda: later))


def _again(
    draft: IncidentDraft, view: incidents.IncidentView, **answers: str | tuple[str, ...]
) -> IncidentDraft:
    people = tuple(incidents.PersonDraft(person_id=one.id, version=one.version, roles=("victim",))
                   for one in view.people)  # fmt: skip
    return replace(draft, answers={**draft.answers, **answers}, people=people)


def test_what_was_recorded_is_read(founded: Founded) -> None:
    """The act and its texts come back; its code is an answer; the case counts as touched; drafts go."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    person = get_incident(context, logged.incident_id).people[0].id
    draft_id = keep_draft(context, None, "act", f"/incidents/{logged.incident_id}/acts/new", {"badge": ["1"]})
    late = _later(context, 3)
    act_id = record_act(late, logged.incident_id, act_draft(people=(person,)), [draft_id])
    view = get_act(founded.context(COLLEAGUE), logged.incident_id, act_id)
    assert view.texts == act_draft().texts
    assert (view.act.kind, view.act.code, view.act.people) == ("cbsa_action", "attended", (person,))
    assert (view.act.added_by, view.act.version) == (context.member_id, 1)
    assert view.incident.facts.cbsa_actions == ("attended",)
    assert view.incident.narrative.text == incident_draft().narrative.text
    assert cases.get_case(context, logged.case_id).facts.touched_on == late.runtime.today()
    assert list_drafts(context) == []


def test_several_acts_of_each_kind(founded: Founded) -> None:
    """Two referrals and two actions of one incident stand beside each other, each with its own texts."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    for badge, what in enumerate(("referral:status_check", "referral:status_check", "cbsa_action:attended",
                                  "cbsa_action:removed", "contact:traffic_stop")):  # fmt: skip
        draft = replace(act_draft(what), texts=ActTexts(badge=str(badge)))
        record_act(context, logged.incident_id, draft)
    view = get_incident(context, logged.incident_id)
    assert [view.narrative.of_act(act.id).badge for act in view.facts.acts] == list("01234")
    assert view.facts.cbsa_actions == ("attended", "removed")
    assert view.facts.contact_type == "traffic_stop"


def test_strangers_and_readers(founded: Founded) -> None:
    """A case of another team is not there; an advocate, who reads no case, is refused."""
    logged = _log(founded, team_only=True)
    act_id = record_act(founded.context(CASEWORKER), logged.incident_id, act_draft())
    deeds: list[Callable[[Context], object]] = [
        lambda context: record_act(context, logged.incident_id, act_draft()),
        lambda context: acts.change_act(context, logged.incident_id, act_id, 1, act_draft()),
        lambda context: acts.remove_act(context, logged.incident_id, act_id),
        lambda context: acts.restore_act(context, logged.incident_id, act_id),
        lambda context: get_act(context, logged.incident_id, act_id),
    ]
    for deed in deeds:
        with pytest.raises(NotFound):
            deed(founded.context(COLLEAGUE))
        with pytest.raises(Forbidden):
            deed(founded.context(ADVOCATE))
    other = _log(founded)
    for misplaced in (acts.remove_act, acts.restore_act, get_act):
        with pytest.raises(NotFound):
            misplaced(founded.context(CASEWORKER), other.incident_id, act_id)
    assert len(get_incident(founded.context(COORDINATOR), logged.incident_id).facts.acts) == 1


def test_the_slower_of_two_is_told(founded: Founded) -> None:
    """Of one act; another member's act, or a change of the incident, is in nobody's way."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    act_id = record_act(context, logged.incident_id, act_draft())
    record_act(founded.context(COLLEAGUE), logged.incident_id, act_draft("consequence:job_loss"))
    acts.change_act(
        founded.context(COLLEAGUE), logged.incident_id, act_id, 1, act_draft("cbsa_action:removed")
    )
    with pytest.raises(Conflict):
        acts.change_act(context, logged.incident_id, act_id, 1, act_draft())
    view = get_incident(context, logged.incident_id)
    assert view.facts.cbsa_actions == ("removed",)
    assert view.facts.consequences == ("job_loss",)


@pytest.mark.parametrize(
    ("what", "when", "people", "field"),
    [
        ("cbsa_action:not_asked", "unknown", (), "what"),
        ("cbsa_action:attended", "2199", (), "date"),
        ("cbsa_action:attended", "unknown", (UUID(int=5),), "people"),
    ],
)
def test_what_is_wrong_is_named(
    founded: Founded, what: str, when: str, people: tuple[UUID, ...], field: str
) -> None:
    """By field, and nothing is written."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    with pytest.raises(Invalid) as refusal:
        record_act(context, logged.incident_id, act_draft(what, when, people))
    assert set(refusal.value.faults) == {field}
    assert get_incident(context, logged.incident_id).version == 1


def test_removed_and_back(founded: Founded) -> None:
    """Its code goes and comes with it, its texts too; a day later it goes for good with the next writing."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    act_id = record_act(context, logged.incident_id, act_draft())
    acts.remove_act(context, logged.incident_id, act_id)
    assert get_incident(context, logged.incident_id).facts.cbsa_actions == ("not_asked",)
    for deed in (acts.remove_act, get_act):
        with pytest.raises(NotFound):
            deed(context, logged.incident_id, act_id)
    with pytest.raises(NotFound):
        acts.change_act(context, logged.incident_id, act_id, 1, act_draft())
    acts.restore_act(context, logged.incident_id, act_id)
    assert get_act(context, logged.incident_id, act_id).texts.badge == "4711"
    assert get_incident(context, logged.incident_id).facts.cbsa_actions == ("attended",)
    acts.remove_act(context, logged.incident_id, act_id)
    record_act(_later(context, 1), logged.incident_id, act_draft("referral:status_check"))
    view = get_incident(context, logged.incident_id)
    assert [act.kind for act in view.facts.acts] == ["referral"]
    assert [act for act, _texts in view.narrative.acts] == [view.facts.acts[0].id]
    with pytest.raises(NotFound):
        acts.restore_act(context, logged.incident_id, act_id)


def test_the_form_of_the_incident_keeps_them(founded: Founded) -> None:
    """A change of the incident loses no act; unticking what an act says is refused by field."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    act_id = record_act(context, logged.incident_id, act_draft())
    view = get_incident(context, logged.incident_id)
    draft = replace(incident_draft("Other words"), narrative=IncidentNarrative("Other words"))
    with pytest.raises(Invalid) as refusal:
        incidents.change_incident(context, view.id, view.version, _again(draft, view))
    assert set(refusal.value.faults) == {"cbsa_actions"}
    ticked = _again(draft, view, cbsa_actions=("investigation", "attended"))
    incidents.change_incident(context, view.id, view.version, ticked)
    seen = get_act(context, logged.incident_id, act_id)
    assert (seen.texts.plate, seen.incident.narrative.text) == ("FAX 123", "Other words")
    assert seen.incident.facts.cbsa_actions == ("investigation", "attended")


def test_restricted_cases_and_the_bin(founded: Founded) -> None:
    """All lies in the incident's documents: sealed anew with them, gone with them, found by who is named."""
    logged, context = _log(founded), founded.context(CASEWORKER)
    act_id = record_act(context, logged.incident_id, act_draft())
    choose_access(context, logged.case_id, 1, frozenset(), restricted=True, team_only=True)
    assert get_act(founded.context(CASEWORKER), logged.incident_id, act_id).texts.badge == "4711"
    record_act(founded.context(CASEWORKER), logged.incident_id, act_draft("consequence:job_loss"))
    with pytest.raises(NotFound):
        get_act(founded.context(COLLEAGUE), logged.incident_id, act_id)
    found = lists.list_incidents(founded.context(CASEWORKER), lists.Filter(mine=False, text="4711"))
    assert found.total == 1
    version = cases.get_case(founded.context(CASEWORKER), logged.case_id).version
    bin.bin_case(founded.context(CASEWORKER), logged.case_id, version)
    with pytest.raises(NotFound):
        record_act(founded.context(CASEWORKER), logged.incident_id, act_draft())


def test_a_plate_is_searched_for(founded: Founded) -> None:
    """What is known of an officer leads to the incidents in which they were."""
    logged, other = _log(founded), _log(founded)
    context = founded.context(CASEWORKER)
    record_act(context, logged.incident_id, act_draft())
    found = lists.list_incidents(context, lists.Filter(mine=False, text="fax 123"))
    assert [line.id for line in found.lines] == [logged.incident_id] != [other.incident_id]


def test_an_incident_that_is_not_there(founded: Founded) -> None:
    """An id that leads nowhere is nothing."""
    with pytest.raises(NotFound):
        record_act(founded.context(CASEWORKER), uuid4(), act_draft())
