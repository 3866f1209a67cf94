"""What the start page shows: what waits, and where the member left off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.domain.permissions import Permission
from casework.services.bin import BinLine
from casework.services.context import Context
from casework.services.drafts import DraftView, count_closed_drafts, list_drafts
from casework.services.followups.agenda import SOON, WEEK, Agenda, look_ahead
from casework.services.lists import CaseLine, Filter, list_cases
from casework.services.membership.invitations import Invitee, list_invitees
from casework.services.membership.members import get_own_profile, name_everybody
from casework.services.official.requests import AccessRequestView, list_overdue
from casework.services.recovery.overview import find_waiting, is_drill_due
from casework.services.recovery.waiting import Waiting
from casework.services.releases.drafting import count_to_approve
from casework.services.releases.standing import count_newly_withdrawn
from casework.services.retention import RetentionLine, list_announced, list_swept
from casework.services.signals.dismissing import sort_signals
from casework.services.stories.reading import list_to_approve
from casework.services.unaccompanied import Unaccompanied, list_unaccompanied

_RECENT = 8


@dataclass(frozen=True, slots=True)
class Today:
    """What the start page shows. `recent` are the member's own cases, or the newest where there is none.

    For coordinators: `unsealed`, what the recovery shares in force do not open, if there is anything, and how
    many people newly withdrew consent whose figures stand in releases; `to_approve` and `stories`, how many
    releases and stories wait for the member's approval; `overdue_requests`, those for access to information
    that nobody answered; `signals`, how many series stand out
    and were not dismissed.
    """

    display_name: str
    drafts: Sequence[DraftView]
    closed_drafts: int
    waiting: Sequence[Invitee]
    recent: Sequence[CaseLine]
    is_mine: bool
    case_count: int
    is_drill_due: bool
    unsealed: Waiting | None
    damaged: int
    announced: Sequence[RetentionLine]
    swept: Sequence[BinLine]
    unaccompanied: Sequence[Unaccompanied]
    agenda: Agenda
    coordinates: bool
    newly_withdrawn: int
    to_approve: int
    stories: int
    overdue_requests: Sequence[AccessRequestView]
    signals: int
    members: Mapping[UUID, str]

    @property
    def late_reviews(self) -> int:
        """How many detention reviews are overdue."""
        return sum(line.review is not None for line in self.agenda.overdue)

    @property
    def soon_ends(self) -> datetime:
        """When the next 48 hours are over."""
        return self.agenda.now + SOON

    @property
    def week_ends(self) -> datetime:
        """When the next seven days are over."""
        return self.agenda.now + WEEK


def look_at_today(context: Context, everybodys: bool = False, whole: bool = False) -> Today:
    """Gather the start page; raises Forbidden for who may not read cases.

    Coordinators may ask for what is due for everybody; `whole` shows all that is due.
    """
    context.require(Permission.READ_CASES)
    coordinates = context.may(Permission.INVITE_MEMBERS)
    mine = list_cases(context, Filter())
    found = mine if mine.total else list_cases(context, Filter(mine=False))
    stories = list_to_approve(context)
    return Today(
        display_name=get_own_profile(context).display_name,
        drafts=list_drafts(context),
        closed_drafts=count_closed_drafts(context),
        waiting=[one for one in list_invitees(context) if one.has_joined] if coordinates else [],
        recent=found.lines[:_RECENT],
        is_mine=bool(mine.total),
        case_count=found.total,
        is_drill_due=is_drill_due(context),
        unsealed=find_waiting(context),
        damaged=found.damaged + len(stories.damaged),
        announced=list_announced(context),
        swept=list_swept(context),
        unaccompanied=list_unaccompanied(context),
        agenda=look_ahead(context, everybodys and coordinates, whole),
        coordinates=coordinates,
        newly_withdrawn=count_newly_withdrawn(context),
        to_approve=count_to_approve(context),
        stories=len(stories.lines),
        overdue_requests=list_overdue(context),
        signals=len(sort_signals(context).standing) if coordinates else 0,
        members=name_everybody(context),
    )
