"""Open cases that nobody accompanies: whoever did is no longer there, whatever the cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.domain.case import OPEN
from casework.domain.permissions import Permission, Role
from casework.errors import Conflict, Invalid, NotFound
from casework.services.access import find_readers, may_see
from casework.services.cases import hand_over
from casework.services.context import Context


@dataclass(frozen=True, slots=True)
class Unaccompanied:
    """An open case without a member who accompanies it; a `restricted` one goes to a named member only."""

    id: UUID
    reference: str
    responsible: UUID
    restricted: bool


def list_unaccompanied(context: Context) -> Sequence[Unaccompanied]:
    """Return those that the member may see, who coordinates, or is named in restricted ones."""
    context.require(Permission.READ_CASES)
    able = find_readers(context)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    coordinates = Role.COORDINATOR in context.roles
    found = [
        Unaccompanied(case.id, case.facts.reference, case.facts.responsible, case.restricted)
        for standing, group in facts.groups.standing.items()
        if standing.responsible.int not in able and standing.status == OPEN
        for case in group.values()
        if (coordinates or case.restricted) and may_see(context, case)
    ]
    return sorted(found, key=lambda case: case.reference)


def hand_all_over(context: Context, to: UUID) -> int:
    """Let one member accompany all of them, each in a transaction of its own; returns how many went.

    Left out are restricted cases that the member is not named in, and what somebody changed meanwhile. Raises
    Invalid naming `to` for who may open no case.
    """
    context.require(Permission.REVOKE_MEMBERS)
    given = 0
    for case in list_unaccompanied(context):
        try:
            hand_over(context, [case.id], to, case.responsible)
        except (Conflict, NotFound):
            continue
        except Invalid:
            if not case.restricted:
                raise
        else:
            given += 1
    return given
