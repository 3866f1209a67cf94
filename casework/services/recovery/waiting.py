"""What the shares in force do not open, or would not after new ones, and who can still seal it to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from casework.store import drafts as drafts_store
from casework.store import members as store
from casework.store import restricted as restricted_store
from casework.vault.rosterstate import RosterState

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Restricted cases and drafts that are sealed to other shares than they should be.

    `members` are those who can seal some of it anew by signing in. `lost_cases` and `lost_drafts`, counted
    in the others too, nobody can: only a quorum of the shares that they are sealed to.
    """

    cases: int = 0
    drafts: int = 0
    lost_cases: int = 0
    lost_drafts: int = 0
    members: tuple[UUID, ...] = ()

    @property
    def total(self) -> int:
        """How much there is."""
        return self.cases + self.drafts

    @property
    def lost(self) -> int:
        """How much of it no member can seal anew."""
        return self.lost_cases + self.lost_drafts


def list_waiting(roster: RosterState) -> Waiting:
    """Return what is sealed to earlier shares than those in force."""
    return _gather(roster, lambda number: number < roster.recovery_number)


def list_left_behind(roster: RosterState, member_id: UUID) -> Waiting:
    """Return what would be sealed to earlier shares once this member puts new ones in force.

    That is what the shares in force open and the member does not.
    """
    return _gather(roster, lambda number: number >= roster.recovery_number, without=member_id)


def _gather(roster: RosterState, picks: Callable[[int], bool], without: UUID | None = None) -> Waiting:
    since = _holding_since(roster)
    holders: dict[UUID, set[UUID]] = {}
    for case_id, member_id in restricted_store.list_all_holders():
        if member_id in since:
            holders.setdefault(case_id, set()).add(member_id)
    cases = [
        holders.get(case_id, set())
        for case_id, number in restricted_store.list_recovery_numbers()
        if picks(number)
    ]
    drafts = [
        {row.member_id} if since.get(row.member_id, _NEVER) < row.kept_at else set()
        for row in drafts_store.list_writers()
        if picks(row.recovery_number)
    ]
    cases = [able for able in cases if without not in able]
    drafts = [able for able in drafts if without not in able]
    return Waiting(
        cases=len(cases),
        drafts=len(drafts),
        lost_cases=sum(not able for able in cases),
        lost_drafts=sum(not able for able in drafts),
        members=tuple(sorted(set().union(*cases, *drafts))),
    )


def _holding_since(roster: RosterState) -> Mapping[UUID, datetime]:
    """Return since when each member has had the seed that they sign in with; who has none is left out.

    A draft from before lies under a seed that is gone. Members whose seed is their first are there from the
    beginning of time.
    """
    locked_out = {member.id for member in store.list_members() if not member.seed_sealed}
    since = {
        member_id: datetime.min.replace(tzinfo=UTC)
        for member_id in roster.active
        if member_id not in locked_out
    }
    for invitation in store.list_invitations():
        member_id = invitation.renews_id
        if member_id not in since or invitation.member_id is None:
            continue
        if invitation.closed_at is None:  # has a new seed, and waits to be admitted with it
            del since[member_id]
        else:
            since[member_id] = max(since[member_id], invitation.closed_at)
    return since
