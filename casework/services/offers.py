"""What the form of an incident offers beside the code lists: patterns, a team, what is commonest here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.domain.permissions import Permission, may
from casework.services.access import opens_to
from casework.services.context import Context
from casework.services.lists import list_frequent
from casework.services.membership.members import MemberView, list_members
from casework.services.patterns import PatternView, list_patterns

_SERVICES = 6
_PLACES = 8


@dataclass(frozen=True, slots=True)
class Offers:
    """All patterns, retired ones too; `colleagues` are the other members who may open cases."""

    patterns: Sequence[PatternView]
    colleagues: Sequence[MemberView]
    police_services: tuple[str, ...]
    places: tuple[str, ...]


def get_offers(context: Context) -> Offers:
    """Return what the form of an incident offers this member."""
    context.require(Permission.READ_CASES)
    return Offers(
        list_patterns(context),
        list_colleagues(context),
        list_frequent(context, "police_service", _SERVICES),
        list_frequent(context, "place", _PLACES),
    )


def list_colleagues(context: Context) -> list[MemberView]:
    """Return the members whom a team may hold, without the one who asks."""
    return list_accompaniers(context, but=context.member_id)


def list_accompaniers(
    context: Context, but: UUID | None = None, among: Collection[UUID] | None = None
) -> list[MemberView]:
    """Return the members who may accompany a case, without this one; of a restricted one, among its named."""
    return [
        member
        for member in list_members(context)
        if member.id != but
        and may(member.roles, Permission.READ_CASES)
        and (among is None or member.id in among)
    ]


def list_able(
    context: Context, team_only: bool, team: Collection[UUID], restricted: bool = False
) -> list[MemberView]:
    """Return the members who may open a case with this team: of a restricted one, who has its keys."""
    return [
        member
        for member in list_members(context)
        if opens_to(member.id, member.roles, team_only, team, restricted)
    ]
