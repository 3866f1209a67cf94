"""Which cases a member may open: all, or those of their teams, coordinators too; or those they are named in.

For teams this is a rule of the services, no cryptography: the threat model says so. A restricted case opens
to those whom its keys are sealed to, and this rule keeps the others from knowing of it.
"""

from collections.abc import Collection, Set
from itertools import chain
from uuid import UUID

from casework.domain.messages import N_
from casework.domain.permissions import Permission, Role, may
from casework.errors import Conflict, Invalid, NotFound
from casework.services.books import FactBook, OpenedCase
from casework.services.context import Context
from casework.store import cases as store
from casework.store.restricted import list_holders


def opens_to(
    member_id: UUID,
    roles: Collection[Role],
    team_only: bool,
    team: Collection[UUID],
    restricted: bool = False,
) -> bool:
    """Return whether a case with this team opens to who has these roles: the one place that says so.

    Of a restricted case the team are those who have its keys.
    """
    if not may(roles, Permission.READ_CASES):
        return False
    if restricted:
        return member_id in team
    return not team_only or member_id in team or Role.COORDINATOR in roles


def may_open(context: Context, team_only: bool, team: Collection[UUID], restricted: bool = False) -> bool:
    """Return whether the member may open a case with this team."""
    return opens_to(context.member_id, context.roles, team_only, team, restricted)


def may_another_open(
    context: Context, member_id: UUID, team_only: bool, team: Collection[UUID], restricted: bool = False
) -> bool:
    """Return whether somebody may open a case with this team; nobody who is no member now."""
    member = context.roster.active.get(member_id)
    roles = frozenset(map(Role, member.roles)) if member else frozenset[Role]()
    return opens_to(member_id, roles, team_only, team, restricted)


def list_readers(context: Context, row: store.Case) -> frozenset[UUID]:
    """Return the members who may open a case now."""
    team = team_of(row)
    return frozenset(
        member_id
        for member_id in context.roster.active
        if may_another_open(context, member_id, row.team_only, team, row.restricted)
    )


def find_readers(context: Context) -> frozenset[int]:
    """Return the numbers of the members who may open cases at all: ids take five times as long to look up."""
    members = context.roster.active.items()
    return frozenset(id_.int for id_, one in members if may(map(Role, one.roles), Permission.READ_CASES))


def may_see(context: Context, case: OpenedCase) -> bool:
    """Return whether the member may know of this case."""
    return may_open(context, case.team_only, case.team, case.restricted)


def list_hidden(context: Context, facts: FactBook) -> frozenset[UUID]:
    """Return the cases, but those in the bin, that the member may not know of; raises Forbidden.

    For lists: what is every caseworker's, nearly all, is not asked about; the rest once for each team.
    """
    context.require(Permission.READ_CASES)
    closed = (
        group.values()
        for guard, group in facts.groups.guarded.items()
        if not may_open(context, guard.team_only, guard.team, guard.restricted)
    )
    return frozenset(case.id for case in chain.from_iterable(closed))


def get_case_row(context: Context, case_id: UUID) -> store.Case:
    """Return the case's row; raises NotFound alike where there is none, in the bin, or not the member's."""
    row = _find_case_row(context, case_id)
    if row is None or row.binned_at is not None:
        raise NotFound("case")
    return row


def get_case_row_as_read(context: Context, case_id: UUID, version: int) -> store.Case:
    """Return the case's row; raises Conflict where somebody changed it since, NotFound as `get_case_row`."""
    row = get_case_row(context, case_id)
    if row.version != version:
        raise Conflict("case")
    return row


def get_binned_row(context: Context, case_id: UUID) -> store.Case:
    """Return the row of a case in the bin; raises NotFound alike for one that is not, or not the member's."""
    row = _find_case_row(context, case_id)
    if row is None or row.binned_at is None:
        raise NotFound("case")
    return row


def _find_case_row(context: Context, case_id: UUID) -> store.Case | None:
    context.require(Permission.READ_CASES)
    row = store.find_record(store.Case, case_id)
    return row if row and may_open(context, row.team_only, team_of(row), row.restricted) else None


def get_incident_row(context: Context, incident_id: UUID) -> store.Incident:
    """Return the incident's row; raises NotFound as `get_case_row` does."""
    row = store.find_record(store.Incident, incident_id)
    if row is None:
        context.require(Permission.READ_CASES)
        raise NotFound("incident")
    get_case_row(context, row.case_id)
    return row


def team_of(row: store.Case) -> Collection[UUID]:
    """Return the case's team: of a restricted one, who has its keys; nobody where all may open it."""
    if row.restricted:
        return list_holders(row.id)
    return store.list_team(row.id) if row.team_only else ()


def require_members(context: Context, team: Set[UUID]) -> None:
    """Raise Invalid naming `team` unless everybody in it is a member."""
    if not team <= context.roster.active.keys():
        raise Invalid(team=N_("Choose members of the organisation."))
