"""One of each deed on follow-ups, for the tests that break deeds."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from casework.services import incidents
from casework.services.followups import purging, writing
from tests.services.deed import Deed
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import incident_draft, task_draft


def _case(founded: Founded) -> UUID:
    return incidents.log_incident(founded.context(CASEWORKER), incident_draft()).case_id


def _task(founded: Founded) -> tuple[UUID, UUID]:
    case_id = _case(founded)
    return case_id, writing.add_follow_up(founded.context(CASEWORKER), case_id, task_draft())


def add(founded: Founded) -> Deed:
    """Add a task."""
    case_id, context = _case(founded), founded.context(COLLEAGUE)
    return Deed(
        lambda: writing.add_follow_up(context, case_id, task_draft()),
        COLLEAGUE,
        {"case", "follow_up", "revision"},
    )


def change(founded: Founded) -> Deed:
    """Change it."""
    place, context = _task(founded), founded.context(COLLEAGUE)
    return Deed(
        lambda: writing.change_follow_up(context, *place, 1, task_draft("Ask again")),
        COLLEAGUE,
        {"case", "follow_up", "revision"},
    )


def tick_off(founded: Founded) -> Deed:
    """Say that it is done."""
    place, context = _task(founded), founded.context(COLLEAGUE)
    return Deed(lambda: writing.tick_off(context, *place), COLLEAGUE, {"case", "follow_up", "revision"})


def take_up_again(founded: Founded) -> Deed:
    """Say that it is not done after all."""
    place = _task(founded)
    writing.tick_off(founded.context(CASEWORKER), *place)
    context = founded.context(COLLEAGUE)
    return Deed(lambda: writing.take_up_again(context, *place), COLLEAGUE, {"case", "follow_up", "revision"})


def delete(founded: Founded) -> Deed:
    """Delete it."""
    place, context = _task(founded), founded.context(COLLEAGUE)
    return Deed(lambda: writing.delete_follow_up(context, *place), COLLEAGUE, {"follow_up", "revision"})


def restore(founded: Founded) -> Deed:
    """Bring it back."""
    place = _task(founded)
    writing.delete_follow_up(founded.context(CASEWORKER), *place)
    context = founded.context(COLLEAGUE)
    return Deed(
        lambda: writing.restore_follow_up(context, *place), COLLEAGUE, {"case", "follow_up", "revision"}
    )


def purge(founded: Founded) -> Deed:
    """Let what was deleted long ago go for good."""
    writing.delete_follow_up(founded.context(CASEWORKER), *_task(founded))
    context, later = founded.context(CASEWORKER), founded.runtime.now() + timedelta(days=40)
    context = replace(context, runtime=replace(context.runtime, now=lambda: later))
    return Deed(lambda: purging.purge_some(context), CASEWORKER, {"follow_up", "revision"})
