"""What coordinators see of the recovery shares: what is known of them, and what is due."""

from dataclasses import dataclass
from uuid import UUID

from casework.domain.permissions import Permission
from casework.domain.quorum import Quorum
from casework.domain.recovery import RecoveryRecord
from casework.services.context import Context
from casework.services.membership.members import list_members
from casework.services.membership.rotation import Rotation, look_at_rotation
from casework.services.recovery.record import find_record
from casework.services.recovery.waiting import Waiting, list_waiting


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """The shares in force; names are empty for who is a member no more, `record` None where unknown.

    `waiting` is sealed to earlier shares; `waiting_for` are the names of who seals it anew by
    signing in. `rotation`: the case keys that earlier epochs still open.
    """

    record: RecoveryRecord | None
    made_by: str
    drilled_by: str
    is_drill_due: bool
    waiting: Waiting
    waiting_for: tuple[str, ...]
    rotation: Rotation

    @property
    def quorum(self) -> Quorum | None:
        """How many there are, and how many open; None where the first of it was not written down."""
        if self.record is None or self.record.shares is None:
            return None
        return Quorum(self.record.threshold, self.record.shares)


def look_at_recovery(context: Context) -> RecoveryView:
    """Gather what the page of the recovery shares says."""
    context.require(Permission.MANAGE_RECOVERY)
    record, waiting = find_record(context), list_waiting(context.roster)
    names = {member.id: member.display_name for member in list_members(context)}

    def name(member_id: UUID | None) -> str:
        return names.get(member_id, "") if member_id else ""

    return RecoveryView(
        record,
        name(record.made_by if record else None),
        name(record.drilled_by if record else None),
        is_drill_due(context),
        waiting,
        tuple(sorted(filter(None, map(name, waiting.members)))),
        look_at_rotation(context),
    )


def is_drill_due(context: Context) -> bool:
    """Return whether a coordinator should be reminded: never tried, or not for half a year."""
    if not context.may(Permission.MANAGE_RECOVERY):
        return False
    record = find_record(context)
    return record is None or record.is_drill_due(context.runtime.today())


def find_waiting(context: Context) -> Waiting | None:
    """Return what is not sealed to the shares in force, for who looks after them; None where nothing is."""
    if not context.may(Permission.MANAGE_RECOVERY):
        return None
    waiting = list_waiting(context.roster)
    return waiting if waiting.total else None
