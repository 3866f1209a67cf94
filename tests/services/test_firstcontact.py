"""What is known of the officers when an incident is logged is the first act of its pathway."""

from dataclasses import replace
from uuid import uuid4

import pytest

from casework.domain.act import ActTexts
from casework.services.acts import change_act, get_act
from casework.services.incidents import IncidentDraft, Logged, get_incident, log_incident
from tests.support.application import CASEWORKER, Founded
from tests.support.records import act_draft, incident_draft

OFFICERS = ActTexts("Two, in plain clothes", "4711, 4712", "Station 31", "FAX 123", "“Papers.”")


def _told() -> IncidentDraft:
    return replace(incident_draft(), officers=OFFICERS)


def _log(founded: Founded, draft: IncidentDraft, form_id: object = None) -> Logged:
    return log_incident(founded.context(CASEWORKER), draft, form_id=form_id)  # type: ignore[arg-type]


def test_the_officers_stand_in_the_first_act(founded: Founded) -> None:
    """It is the contact, of the incident's date and people; it changes no answer and can be changed."""
    context = founded.context(CASEWORKER)
    logged = _log(founded, _told())
    view = get_incident(context, logged.incident_id)
    (act,) = view.facts.acts
    assert (act.kind, act.code, act.when.date) == ("contact", "traffic_stop", view.facts.date)
    assert act.people == logged.people
    assert view.narrative.of_act(act.id) == OFFICERS
    assert view.facts.besides == ()
    changed = act_draft("contact:traffic_stop", "2026-05-04")
    change_act(context, logged.incident_id, act.id, 1, changed)
    assert get_act(context, logged.incident_id, act.id).texts == changed.texts


def test_nothing_known_of_them_is_no_act(founded: Founded) -> None:
    """An incident without officers has no act."""
    view = get_incident(founded.context(CASEWORKER), _log(founded, incident_draft()).incident_id)
    assert (view.facts.acts, view.narrative.acts) == ((), ())


@pytest.mark.parametrize("badge", ["4711, 4712", "4713"])
def test_a_form_with_officers_is_saved_once(founded: Founded, badge: str) -> None:
    """Posted again it is told from one that says something else of them."""
    form_id = uuid4()
    first = _log(founded, _told(), form_id)
    again = _log(founded, replace(_told(), officers=replace(OFFICERS, badge=badge)), form_id)
    assert (again.incident_id, again.repeated) == (first.incident_id, True)
    assert again.differs == (badge != OFFICERS.badge)
