"""Sealed files that nothing refers to any more go: half ones, those of erased cases, removed ones in time."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from uuid import UUID

from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound, VaultError
from casework.services import records
from casework.services.access import get_case_row, may_see
from casework.services.casekeyring import open_case_keys
from casework.services.context import Context
from casework.services.runtime import Runtime
from casework.services.transactions import transaction
from casework.store import attachments as store
from casework.store.database import db
from casework.store.organization import find_organization
from casework.store.revisions import list_revisions_of
from casework.store.sealedfiles import FilesAway

GRACE_SECONDS = 3600.0
"""So long a file may lie there before its row is written, or its next piece arrives."""


def sweep_files(runtime: Runtime, grace_seconds: float = GRACE_SECONDS) -> int:
    """Delete what was left behind half, and whole files without a row; returns how many of those there were.

    Where there is no organization nothing is known, and nothing is deleted. Raises FilesAway.
    """
    runtime.files.sweep_parts(grace_seconds)
    found = set(runtime.files.find_abandoned(grace_seconds))
    if not found or find_organization() is None:
        db.session.rollback()
        return 0
    left = found - store.keep_known(found)
    db.session.rollback()
    delete_files(runtime, left)
    return len(left)


def delete_files(runtime: Runtime, attachment_ids: Iterable[UUID]) -> None:
    """Delete the sealed files of attachments whose rows are gone, or never came.

    What a store does not delete now is swept once it answers: nothing refers to it, and nothing opens it.
    """
    with suppress(FilesAway):
        for attachment_id in attachment_ids:
            runtime.files.delete(attachment_id)


def erase_removed_file(context: Context) -> bool:
    """Erase one file that was removed long enough ago, with anybody's keys who opens its case.

    Returns whether there may be more. One of a case on hold, or that does not open, stays.
    """
    if not context.may(Permission.EDIT_CASES):
        return False
    due_before = _due_before(context)
    return any(_erase(context, *place, due_before) for place in _list_due(context, due_before))


def _list_due(context: Context, due_before: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Return case and id of files to try: looking at one for good takes the lock, each time again."""
    places = store.list_removed_before(due_before)
    if not places:
        return ()
    cases = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds()).cases
    free = {
        case_id
        for case_id in {case_id for case_id, _attachment_id in places} & cases.keys()
        if cases[case_id].facts.hold_since is None and may_see(context, cases[case_id])
    }
    return [place for place in places if place[0] in free]


def _due_before(context: Context) -> datetime:
    day = context.runtime.today() - timedelta(days=context.runtime.limits.bin_days)
    return datetime.combine(day, time.min, context.runtime.timezone)


def _erase(context: Context, case_id: UUID, attachment_id: UUID, due_before: datetime) -> bool:
    try:
        with transaction(context, "attachment.erased") as opened:
            case, row = get_case_row(context, case_id), store.find_attachment(attachment_id)
            if row is None or records.open_case(context, case).hold_since is not None:
                raise NotFound("attachment")
            facts = records.open_attachment(open_case_keys(context, case_id), row)
            if facts.removed_on is None or facts.removed_on >= due_before.date():
                raise NotFound("attachment")  # nobody has removed it, or not then: the row alone says so
            # With what its history kept of it: what was removed goes for good.
            for one in (*list_revisions_of(attachment_id), row):
                db.session.delete(one)
            opened.note(case=case_id, attachment=attachment_id)
    except (NotFound, Invalid, VaultError):
        return False
    delete_files(context.runtime, [attachment_id])
    return True
