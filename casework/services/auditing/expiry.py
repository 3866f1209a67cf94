"""Entries of the audit log expire after some months, oldest first, unless the log is held."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from casework.domain.auditlog import LogHold, LogRecord
from casework.domain.messages import N_
from casework.domain.months import months_before
from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid
from casework.services.auditing.entries import Reader, find_first_since, walk_back
from casework.services.auditing.state import get_record, write_record
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.store import audit as store
from casework.store.head import find_head
from casework.vault.audit import AuditLink, follows

# So many entries go in one transaction: others write in between.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Due:
    """Entries that have expired: how many, the last of them, and from when the oldest and the last are."""

    count: int
    through: int
    oldest: datetime
    newest: datetime


def find_due(context: Context) -> Due | None:
    """Return what has expired and is still there; None where nothing has, or the log is held."""
    context.require(Permission.READ_AUDIT)
    record = get_record(context.keyring)
    if record.hold and record.hold.is_in_force(context.runtime.today()):
        return None
    reader, start = Reader(context.keyring), record.expired_through
    oldest = next(walk_back(reader, start + 2, chunk=1), None)
    limit = months_before(context.runtime.now(), context.runtime.limits.audit_months)
    if oldest is None or oldest.body is None or oldest.body.at >= limit:
        return None
    through = find_first_since(reader, limit, find_head().audit_sequence + 1) - 1
    newest = next(one.body.at for one in walk_back(reader, through + 1, chunk=1) if one.body)
    return Due(through - start, through, oldest.body.at, newest)


def expire(context: Context, through: int) -> int:
    """Remove the expired entries up to this one, in small transactions with an entry each; returns how many.

    Raises Conflict where the log is held, the entry has not expired, or the log does not follow from its
    beginning: what was tampered with is not removed.
    """
    due = find_due(context)
    if due is None or not 0 < through <= due.through:
        raise Conflict("audit log")
    begun = get_record(context.keyring).expired_through
    while (reached := get_record(context.keyring).expired_through) < through:
        _expire_batch(context, min(reached + _BATCH, through))
    return through - begun


def hold_log(context: Context, until: date | None) -> None:
    """Keep every entry until this day, or without end; raises Invalid naming `until` for a past one."""
    context.require(Permission.READ_AUDIT)
    today = context.runtime.today()
    if until is not None and until < today:
        raise Invalid(until=N_("This day is past. Name a later one, or none to hold the log without end."))
    with transaction(context, "audit.held"):
        hold = LogHold(context.member_id, today, until)
        write_record(context.keyring, replace(get_record(context.keyring), hold=hold))


def release_log(context: Context) -> None:
    """Let entries expire again."""
    context.require(Permission.READ_AUDIT)
    with transaction(context, "audit.released"):
        write_record(context.keyring, replace(get_record(context.keyring), hold=None))


def find_hold(context: Context) -> LogHold | None:
    """Return the hold in force, if there is one. Raises Forbidden."""
    context.require(Permission.READ_AUDIT)
    hold = get_record(context.keyring).hold
    return hold if hold and hold.is_in_force(context.runtime.today()) else None


def _expire_batch(context: Context, through: int) -> None:
    with transaction(context, "audit.expired") as opened:
        record = get_record(context.keyring)
        if record.hold and record.hold.is_in_force(context.runtime.today()):
            raise Conflict("audit log")
        hash_ = _follow(record, through)
        store.delete_entries_through(through)
        write_record(context.keyring, replace(record, expired_through=through, expired_hash=hash_))
        opened.note(through=through, hash=hash_.hex())


def _follow(record: LogRecord, through: int) -> bytes:
    """Return the hash of the last entry to expire, if all follow each other up to there."""
    sequence, hash_ = record.expired_through, record.expired_hash
    for row in store.list_entries_after(sequence, through - sequence):
        link = AuditLink(*row)
        if link.sequence != sequence + 1 or not follows(hash_, link):
            raise Conflict("audit log")
        sequence, hash_ = link.sequence, link.hash
    if sequence != through:
        raise Conflict("audit log")
    return hash_
