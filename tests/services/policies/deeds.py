"""Deeds of policy events."""

from functools import partial

from casework.services.policies.writing import add_event, change_event, retire_event
from tests.services.deed import Deed
from tests.support.application import COORDINATOR, Founded
from tests.support.records import policy_event

TABLES = {"policy_event"}


def add(founded: Founded) -> Deed:
    """Add one."""
    return Deed(partial(add_event, founded.context(), policy_event()), COORDINATOR, TABLES)


def change(founded: Founded) -> Deed:
    """Change one."""
    event_id = add_event(founded.context(), policy_event())
    deed = partial(change_event, founded.context(), event_id, 1, policy_event("Nobody may ask"))
    return Deed(deed, COORDINATOR, TABLES)


def retire(founded: Founded) -> Deed:
    """Retire one."""
    event_id = add_event(founded.context(), policy_event())
    return Deed(partial(retire_event, founded.context(), event_id, 1, True), COORDINATOR, TABLES)


def restore(founded: Founded) -> Deed:
    """Bring a retired one back."""
    event_id = add_event(founded.context(), policy_event())
    retire_event(founded.context(), event_id, 1, True)
    return Deed(partial(retire_event, founded.context(), event_id, 2, False), COORDINATOR, TABLES)
