"""What was deleted goes for good, after as many days as a deleted case has in the bin."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound, VaultError
from casework.services import records
from casework.services.context import Context
from casework.services.followups.documents import open_facts
from casework.services.transactions import transaction
from casework.store.cases import Case, find_record
from casework.store.database import db
from casework.store.followups import FollowUp, find_follow_up
from casework.store.revisions import list_revisions_of

_AT_ONCE = 50


def purge_some(context: Context) -> bool:
    """Delete follow-ups whose days are over, with anybody's keys who edits cases; whether there may be more.

    Those of cases on legal hold stay.
    """
    if not context.may(Permission.EDIT_CASES):
        return False
    last = context.runtime.today() - timedelta(days=context.runtime.limits.bin_days)
    due = _list_due(context, last)[:_AT_ONCE]
    if not due:
        return False
    try:
        with transaction(context, "follow_ups.purged") as opened:
            gone = [row for row in map(find_follow_up, due) if row and _is_due(context, row, last)]
            if not gone:
                raise NotFound("follow_up")
            for row in gone:
                # With what its history kept of it: what was deleted goes for good.
                for one in (*list_revisions_of(row.id), row):
                    db.session.delete(one)
            opened.note(count=len(gone))
    except NotFound:
        return False
    return len(due) == _AT_ONCE


def _list_due(context: Context, last: date) -> Sequence[UUID]:
    casebook, now = context.runtime.casebook, context.runtime.now_seconds()
    facts = casebook.facts(context.keyring, now)
    held = {case.id for case in facts.cases.values() if case.facts.hold_since is not None}
    deleted = casebook.follow_ups(context.keyring, now).deleted.values()
    return [
        one.id
        for one in deleted
        if one.facts.deleted_on
        and one.facts.deleted_on < last
        and one.case_id in facts.cases
        and one.case_id not in held
    ]


def _is_due(context: Context, row: FollowUp, last: date) -> bool:
    """Look again under the lock: it may be back, or deleted anew, its case held or binned, or not open."""
    case = find_record(Case, row.case_id)
    try:
        deleted_on = open_facts(context, row).deleted_on
        held = case is None or case.binned_at or records.open_case(context, case).hold_since
    except (VaultError, Invalid):
        return False
    return deleted_on is not None and deleted_on < last and not held
