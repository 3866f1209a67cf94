"""A form that writes a new record is saved once: by its id, by who sends it, and where it was sent to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest

from casework.services import acts, newcomers
from casework.services.acts import record_act, remove_act
from casework.services.context import Context
from casework.services.followups.reading import read_follow_ups
from casework.services.followups.writing import add_follow_up, delete_follow_up
from casework.services.incidents import Logged, get_incident, log_incident
from casework.services.newcomers import add_person
from casework.services.once import SavedBefore
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import act_draft, incident_draft, person_draft, task_draft


@dataclass(frozen=True)
class Kind:
    """A kind of record: saving it of a form, saving other words, and how many there are."""

    save: Callable[[Context, Logged, UUID], UUID]
    save_otherwise: Callable[[Context, Logged, UUID], UUID]
    count: Callable[[Context, Logged], int]


KINDS = {
    "act": Kind(
        lambda context, at, form: record_act(context, at.incident_id, act_draft(), form_id=form),
        lambda context, at, form: record_act(
            context, at.incident_id, replace(act_draft(), by="police_officer"), form_id=form
        ),
        lambda context, at: sum(
            act.removed_on is None for act in get_incident(context, at.incident_id).facts.acts
        ),
    ),
    "follow-up": Kind(
        lambda context, at, form: add_follow_up(context, at.case_id, task_draft(), form_id=form),
        lambda context, at, form: add_follow_up(context, at.case_id, task_draft("Call"), form_id=form),
        lambda context, at: len(read_follow_ups(context, at.case_id).ahead),
    ),
    "person": Kind(
        lambda context, at, form: add_person(
            context, at.case_id, at.incident_id, replace(person_draft(), form_id=form)
        ),
        lambda context, at, form: add_person(
            context, at.case_id, at.incident_id, replace(person_draft(), roles=("witness",), form_id=form)
        ),
        lambda context, at: len(get_incident(context, at.incident_id).people) - 1,
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_form_is_saved_once(founded: Founded, name: str) -> None:
    """The second time it says as what it was saved, and whether it said something else then."""
    kind, form = KINDS[name], uuid4()
    at = log_incident(founded.context(CASEWORKER), incident_draft())
    saved = kind.save(founded.context(CASEWORKER), at, form)
    for again, differs in ((kind.save, False), (kind.save_otherwise, True)):
        with pytest.raises(SavedBefore) as before:
            again(founded.context(CASEWORKER), at, form)
        assert (before.value.record_id, before.value.differs) == (saved, differs)
    assert kind.count(founded.context(CASEWORKER), at) == 1


@pytest.mark.parametrize("name", KINDS)
def test_another_form_member_or_case_saves_its_own(founded: Founded, name: str) -> None:
    """So nobody finds out, or gets in the way of, what somebody else has saved."""
    kind, form = KINDS[name], uuid4()
    at, elsewhere = (log_incident(founded.context(CASEWORKER), incident_draft()) for _case in range(2))
    ids = {
        kind.save(founded.context(CASEWORKER), at, form),
        kind.save(founded.context(CASEWORKER), at, uuid4()),
        kind.save(founded.context(COLLEAGUE), at, form),
        kind.save(founded.context(CASEWORKER), elsewhere, form),
    }
    assert len(ids) == 4
    assert kind.count(founded.context(CASEWORKER), at) == 3
    assert kind.count(founded.context(CASEWORKER), elsewhere) == 1


@pytest.mark.parametrize("name", ["act", "follow-up"])
def test_what_was_deleted_is_saved_anew_and_once(founded: Founded, name: str) -> None:
    """Each time it is deleted, the form may be saved one more time."""
    kind, form, ids = KINDS[name], uuid4(), set[UUID]()
    at = log_incident(founded.context(CASEWORKER), incident_draft())
    for times in (1, 2, 3):
        saved = kind.save(founded.context(CASEWORKER), at, form)
        ids.add(saved)
        with pytest.raises(SavedBefore):
            kind.save(founded.context(CASEWORKER), at, form)
        if name == "act":
            remove_act(founded.context(CASEWORKER), at.incident_id, saved)
        else:
            delete_follow_up(founded.context(CASEWORKER), at.case_id, saved)
        assert len(ids) == times
    assert kind.count(founded.context(CASEWORKER), at) == 0


def test_somebody_is_added_though_others_save_the_incident(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays as it is otherwise, so its newest version is as good as the one that was read."""
    at = log_incident(founded.context(CASEWORKER), incident_draft())
    late = [True, True]

    def read_too_early(context: Context, incident_id: UUID) -> object:
        view = get_incident(context, incident_id)
        if late and late.pop():
            acts.record_act(founded.context(COLLEAGUE), incident_id, act_draft())
        return view

    monkeypatch.setattr(newcomers, "get_incident", read_too_early)
    add_person(founded.context(CASEWORKER), at.case_id, at.incident_id, person_draft("Zoë"))
    view = get_incident(founded.context(CASEWORKER), at.incident_id)
    assert (len(view.people), len(view.facts.acts)) == (2, 2)
