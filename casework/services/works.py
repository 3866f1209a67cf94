"""What is done in the background, in this order: each step is one small transaction."""

import logging
import time
from collections.abc import Callable

from casework.errors import Conflict
from casework.eventlog import Event, record
from casework.services.attachments.sweeping import erase_removed_file
from casework.services.context import Context
from casework.services.drafts import drop_orphans
from casework.services.erasing import erase_some, note_overwritten
from casework.services.followups.purging import purge_some
from casework.services.importing.wizard import import_some
from casework.services.index.folding import fold_some
from casework.services.membership.rotation import rewrap_some
from casework.services.merging.purging import purge_people
from casework.services.recovery.seals import seal_own_drafts, seal_restricted_case
from casework.services.restricted.renewal import renew_own_cases
from casework.services.retention import announce_some, bin_some
from casework.services.runtime import Runtime
from casework.services.signing_in.sessions import borrow
from casework.store.database import db, empty_log

Step = Callable[[Context], bool]
"""Does one transaction's worth for who holds the keys; returns whether there may be more."""

WORKS: tuple[Step, ...] = (
    rewrap_some,
    renew_own_cases,
    seal_own_drafts,
    seal_restricted_case,
    announce_some,
    bin_some,
    erase_some,
    purge_some,
    purge_people,
    erase_removed_file,
    note_overwritten,
    drop_orphans,
    import_some,
    fold_some,
)

# So that members' own saves come in between.
_PAUSE_SECONDS = 0.02
_CONFLICTS = 50


def work_through(runtime: Runtime, cookie: str) -> None:
    """Do all that is due, with the keys of this session, for as long as it is open."""
    for step in WORKS:
        try:
            _repeat(runtime, cookie, step)
        except Exception as error:
            db.session.rollback()
            # One kind of work that fails must not keep the others from being done.
            record(logging.ERROR, Event.WORK_FAILED, error=type(error).__name__, task=step.__name__)
    empty_log()


def do_all(context: Context) -> None:
    """Do all that is due, now and here; at a terminal, say."""
    for step in WORKS:
        while step(context):
            pass


def _repeat(runtime: Runtime, cookie: str, step: Step) -> None:
    conflicts = 0
    while (context := borrow(runtime, cookie)) is not None:
        try:
            if not step(context):
                return
        except Conflict:
            # Somebody has changed the roster since: look again with new keys.
            conflicts += 1
            if conflicts > _CONFLICTS:
                raise
        time.sleep(_PAUSE_SECONDS)
