"""The drill: a quorum of shares comes together and proves that it opens; nothing changes but the date."""

from casework.domain.permissions import Permission
from casework.domain.recovery import RecoveryRecord
from casework.services.context import Context
from casework.services.organization import get_organization
from casework.services.recovery import entering
from casework.services.recovery.quorumkeys import Opened, open_all
from casework.services.recovery.record import find_record, write_record
from casework.services.recovery.shareentry import Entered
from casework.services.transactions import transaction

_KIND = "drill"


def begin_entering(context: Context) -> Entered:
    """Return that no share is entered yet, and which ones are expected."""
    context.require(Permission.MANAGE_RECOVERY)
    record = find_record(context)
    return Entered(split=record.split if record else 0)


def get_entered(context: Context, cookie: str) -> Entered:
    """Return the shares that this member has entered in this browser so far; none is no fault."""
    return entering.get_entered(context, cookie, _KIND, begin_entering(context).split)


def enter_share(context: Context, cookie: str, typed: str) -> tuple[str, Entered]:
    """Take one more share; returns what the cookie has to carry, and all that are entered by now.

    Raises ShareRefused as `Entered.add` does; those entered before stay.
    """
    entered = get_entered(context, cookie).add(typed)
    return entering.keep_entered(context, cookie, _KIND, entered), entered


def drill(context: Context, entered: Entered) -> Opened:
    """Prove that these shares open everything that is sealed to them, and write down the date.

    Where something does not open nothing is written. What is sealed to earlier shares is told, not tried.
    Raises ShareRefused as `Entered.open` does.
    """
    context.require(Permission.MANAGE_RECOVERY)
    opened = open_all(entered.open(context.roster.recovery_public), context.roster)
    if opened.failed:
        return opened
    today = context.runtime.today()
    with transaction(context, "recovery.drilled"):
        known = find_record(context) or _read_off(entered)
        write_record(context.keyring, get_organization(), known.drilled(today, context.member_id))
    return opened


def _read_off(entered: Entered) -> RecoveryRecord:
    """Return what the shares themselves say, where nothing was written down when they were made."""
    return RecoveryRecord(entered.threshold, entered.shares[0].split)
