"""One of each deed on the acts of a pathway, for the tests that break deeds."""

from uuid import UUID

from casework.services import acts, incidents
from tests.services.deed import Deed
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import act_draft, incident_draft

_WRITTEN = {"case", "incident", "revision"}


def _incident(founded: Founded) -> UUID:
    return incidents.log_incident(founded.context(CASEWORKER), incident_draft()).incident_id


def _act(founded: Founded) -> tuple[UUID, UUID]:
    incident_id = _incident(founded)
    return incident_id, acts.record_act(founded.context(CASEWORKER), incident_id, act_draft())


def record(founded: Founded) -> Deed:
    """Record a step."""
    incident_id, context = _incident(founded), founded.context(COLLEAGUE)
    return Deed(lambda: acts.record_act(context, incident_id, act_draft()), COLLEAGUE, _WRITTEN)


def change(founded: Founded) -> Deed:
    """Change it."""
    place, context = _act(founded), founded.context(COLLEAGUE)
    changed = act_draft("cbsa_action:removed")
    return Deed(lambda: acts.change_act(context, *place, 1, changed), COLLEAGUE, _WRITTEN)


def remove(founded: Founded) -> Deed:
    """Remove it."""
    place, context = _act(founded), founded.context(COLLEAGUE)
    return Deed(lambda: acts.remove_act(context, *place), COLLEAGUE, _WRITTEN)


def restore(founded: Founded) -> Deed:
    """Bring it back."""
    place = _act(founded)
    acts.remove_act(founded.context(CASEWORKER), *place)
    context = founded.context(COLLEAGUE)
    return Deed(lambda: acts.restore_act(context, *place), COLLEAGUE, _WRITTEN)
