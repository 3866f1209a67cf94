"""Looking through the audit log: newest first, in pages, of one kind, one member, one case, one period."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from uuid import UUID

from casework.domain.permissions import Permission
from casework.services.auditing.entries import Opened, Reader, find_first_since, walk_back
from casework.services.auditing.groups import Group, group_of
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.vault.auditbody import AuditBody

PAGE_SIZE = 60
DEFAULT_DAYS = 30

# So many entries are opened for one page, at a fifth of a millisecond each; then one is asked to go on.
_LOOKED_AT = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """What to look for; an empty field does not narrow it, days are those where the organization is.

    `before` is an entry's number: where an earlier page ended.
    """

    group: Group | None = None
    member: UUID | None = None
    case: UUID | None = None
    first_day: date | None = None
    last_day: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """Entries newest first. `older` is where the next page begins, None at the end of the period.

    `looked_until` is set where so many entries were looked at that the reader has to ask for more.
    """

    lines: Sequence[Opened]
    older: int | None
    looked_until: datetime | None


def browse(context: Context, wanted: LogFilter) -> LogPage:
    """Return a page of the log; an entry says that it was read. Raises Forbidden."""
    context.require(Permission.READ_AUDIT)
    with transaction(context, "audit.read") as opened:
        newest = opened.head.audit_sequence
    reader = Reader(context.keyring)
    begin = _begin(context, reader, wanted, newest + 1)
    since = _midnight(context, wanted.first_day) if wanted.first_day else None
    lines: list[Opened] = []
    last: Opened | None = None
    for entry in islice(_until(walk_back(reader, begin), since), _LOOKED_AT):
        if len(lines) == PAGE_SIZE:
            return LogPage(lines, (last or entry).sequence, None)
        last = entry
        if entry.body is None or _fits(entry.body, wanted):
            lines.append(entry)
    return _end(context, reader, lines, last, since)


def default_first_day(context: Context) -> date:
    """Return where a look begins that names no period."""
    return context.runtime.today() - timedelta(days=DEFAULT_DAYS)


def _begin(context: Context, reader: Reader, wanted: LogFilter, end: int) -> int:
    """Return the number before which the page begins."""
    if wanted.last_day:
        after = _midnight(context, wanted.last_day + timedelta(days=1))
        end = find_first_since(reader, after, end)
    return min(end, wanted.before) if wanted.before else end


def _end(
    context: Context, reader: Reader, lines: list[Opened], last: Opened | None, since: datetime | None
) -> LogPage:
    """Return the last page there is, or say how far the look went."""
    if last is None or next(_until(walk_back(reader, last.sequence), since), None) is None:
        return LogPage(lines, None, None)
    at = last.body.at if last.body else context.runtime.now()
    return LogPage(lines, last.sequence, at)


def _until(entries: Iterator[Opened], since: datetime | None) -> Iterator[Opened]:
    for entry in entries:
        if since and entry.body and entry.body.at < since:
            return
        yield entry


def _midnight(context: Context, day: date) -> datetime:
    return datetime.combine(day, time.min, context.runtime.timezone)


def _fits(body: AuditBody, wanted: LogFilter) -> bool:
    if wanted.group and group_of(body.event) is not wanted.group:
        return False
    if wanted.member and wanted.member != body.member and body.fields.get("member") != wanted.member.hex:
        return False
    return not wanted.case or _is_about(body, wanted.case)


def _is_about(body: AuditBody, case_id: UUID) -> bool:
    """Return whether an entry names this case, or wrote it together with others."""
    if body.fields.get("case") == case_id.hex:
        return True
    return any(row.id == case_id and row.table == "case" for row in body.rows or ())
