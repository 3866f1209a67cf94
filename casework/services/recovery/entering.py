"""Shares as they are entered in a browser, one a page, kept sealed until there are enough."""

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services import unfinished
from casework.services.context import Context
from casework.services.recovery.shareentry import Entered


def get_entered(context: Context, cookie: str, kind: str, split: int = 0) -> Entered:
    """Return the shares that this member has entered here for one purpose so far; none is no fault.

    `split` is that of the shares that are expected, 0 where it is not known.
    """
    context.require(Permission.MANAGE_RECOVERY)
    try:
        document = unfinished.load(cookie, kind)
    except NotFound:
        return Entered(split=split)
    if document["member"] != context.member_id.hex:
        return Entered(split=split)
    return Entered.of(document["shares"], split)


def keep_entered(context: Context, cookie: str, kind: str, entered: Entered) -> str:
    """Keep them; returns what the cookie has to carry."""
    document = {
        "schema": 1,
        "kind": kind,
        "member": context.member_id.hex,
        "shares": [share.words for share in entered.shares],
    }
    return unfinished.keep(context.runtime, cookie, document)


def forget_entered(cookie: str) -> None:
    """Forget the shares that were entered in this browser."""
    unfinished.forget(cookie)
