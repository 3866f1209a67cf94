"""Bringing over what waits: the keepers of earlier shares enter them once more, after new ones came."""

from casework.domain.permissions import Permission
from casework.errors import ShareRefused
from casework.services.context import Context
from casework.services.recovery.entering import get_entered, keep_entered
from casework.services.recovery.record import find_record
from casework.services.recovery.resealing import Resealed, reseal
from casework.services.recovery.shareentry import Entered
from casework.services.transactions import transaction
from casework.store.database import empty_log

_KIND = "earlier"


def get_earlier(context: Context, cookie: str) -> Entered:
    """Return the earlier shares that this member has entered in this browser so far; none is no fault."""
    return get_entered(context, cookie, _KIND)


def enter_earlier(context: Context, cookie: str, typed: str) -> tuple[str, Entered]:
    """Take one more; returns what the cookie has to carry, and all that are entered by now.

    Raises ShareRefused as `Entered.add` does, and for `current`: one of the shares in force.
    """
    entered = get_earlier(context, cookie).add(typed)
    record = find_record(context)
    if record is not None and entered.shares[-1].split == record.split:
        raise ShareRefused("current", entered.numbers[-1])
    return keep_entered(context, cookie, _KIND, entered), entered


def bring_over(context: Context, entered: Entered) -> Resealed:
    """Seal to the shares in force what waits and opens with these.

    Raises ShareRefused as `Entered.combine` does, and for `idle`: nothing that waits opens with them.
    """
    context.require(Permission.MANAGE_RECOVERY)
    secret = entered.combine()
    with transaction(context, "recovery.brought_over") as opened:
        done = reseal(context, secret, opened.generation)
        if not done.cases and not done.drafts:
            raise ShareRefused("idle")
        opened.note(cases=done.cases, drafts=done.drafts)
    # The seals to the earlier shares must not wait in the log for the next checkpoint.
    empty_log()
    return done
