"""What still stands between this installation and real people's records."""

from enum import StrEnum

from casework.domain.permissions import Permission
from casework.errors import VaultError
from casework.services.context import Context
from casework.services.membership.members import count_coordinators
from casework.services.organization import is_demonstration
from casework.services.recovery.record import find_record
from casework.store import backups as store

_COORDINATORS = 2


class Step(StrEnum):
    """What coordinators have to do first, in this order."""

    SECOND_COORDINATOR = "second_coordinator"
    DRILL = "drill"
    BACKUP = "backup"


def list_missing_steps(context: Context) -> list[Step]:
    """Return what is still to be done; nothing in the demonstration, and for who could not do it."""
    if is_demonstration() or not context.may(Permission.INVITE_MEMBERS):
        return []
    done = {
        Step.SECOND_COORDINATOR: count_coordinators(context) >= _COORDINATORS,
        Step.DRILL: _has_drilled(context),
        Step.BACKUP: bool(store.list_known()),
    }
    return [step for step in Step if not done[step]]


def _has_drilled(context: Context) -> bool:
    try:
        record = find_record(context)
    except VaultError:
        return False
    return record is not None and record.drilled_on is not None
