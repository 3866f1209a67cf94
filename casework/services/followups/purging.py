"""What was deleted goes for good, after as many days as a deleted case has in the bin."""

from datetime import timedelta

from casework.domain.permissions import Permission
from casework.errors import Invalid, VaultError
from casework.services.context import Context
from casework.services.followups.documents import open_facts
from casework.services.transactions import transaction
from casework.store.database import db
from casework.store.followups import FollowUp, find_follow_up

_AT_ONCE = 50


def purge_some(context: Context) -> bool:
    """Delete follow-ups whose days are over, with anybody's keys who edits cases; whether there may be more.

    Those of cases on legal hold stay.
    """
    if not context.may(Permission.EDIT_CASES):
        return False
    due = _list_due(context)[:_AT_ONCE]
    if not due:
        return False
    with transaction(context, "follow_ups.purged") as opened:
        gone = [row for row in due if _is_deleted(context, row)]
        for row in gone:
            db.session.delete(row)
        opened.note(count=len(gone))
    return len(due) == _AT_ONCE


def _list_due(context: Context) -> list[FollowUp]:
    casebook, now = context.runtime.casebook, context.runtime.now_seconds()
    last = context.runtime.today() - timedelta(days=context.runtime.limits.bin_days)
    facts = casebook.facts(context.keyring, now)
    held = {case.id for case in facts.cases.values() if case.facts.hold_since is not None}
    book = casebook.follow_ups(context.keyring, now)
    due = [one for one in book.deleted.values() if one.facts.deleted_on and one.facts.deleted_on < last]
    rows = (find_follow_up(one.id) for one in due if one.case_id in facts.cases.keys() - held)
    return [row for row in rows if row is not None]


def _is_deleted(context: Context, row: FollowUp) -> bool:
    """Look again under the lock: somebody may have brought it back, or it does not open."""
    try:
        return open_facts(context, row).deleted_on is not None
    except (VaultError, Invalid):
        return False
