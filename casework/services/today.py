"""What the start page shows: what waits, and where the member left off."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.domain.permissions import Permission
from casework.services.context import Context
from casework.services.drafts import DraftView, count_closed_drafts, list_drafts
from casework.services.lists import CaseLine, Filter, list_cases
from casework.services.membership.invitations import Invitee, list_invitees
from casework.services.membership.members import get_own_profile
from casework.services.recovery.overview import is_drill_due
from casework.services.retention import RetentionLine, list_announced

_RECENT = 8


@dataclass(frozen=True, slots=True)
class Today:
    """What the start page shows. `recent` are the member's own cases, or the newest where there is none."""

    display_name: str
    drafts: Sequence[DraftView]
    closed_drafts: int
    waiting: Sequence[Invitee]
    recent: Sequence[CaseLine]
    is_mine: bool
    case_count: int
    is_drill_due: bool
    damaged: int
    announced: Sequence[RetentionLine]


def look_at_today(context: Context) -> Today:
    """Gather the start page; raises Forbidden for who may not read cases."""
    context.require(Permission.READ_CASES)
    coordinates = context.may(Permission.INVITE_MEMBERS)
    mine = list_cases(context, Filter())
    found = mine if mine.total else list_cases(context, Filter(mine=False))
    return Today(
        display_name=get_own_profile(context).display_name,
        drafts=list_drafts(context),
        closed_drafts=count_closed_drafts(context),
        waiting=[one for one in list_invitees(context) if one.has_joined] if coordinates else [],
        recent=found.lines[:_RECENT],
        is_mine=bool(mine.total),
        case_count=found.total,
        is_drill_due=is_drill_due(context),
        damaged=found.damaged,
        announced=list_announced(context),
    )
