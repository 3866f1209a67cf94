"""The backups that there are: how long they are kept, who takes a copy with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.backups.archive import describe_file
from casework.services.backups.folder import BACKUP, list_files, read_expiry, read_stamp
from casework.services.context import Context
from casework.services.recovery.record import find_record
from casework.services.runtime import Runtime
from casework.services.transactions import transaction
from casework.store import backups as store
from casework.store.database import db

OVERDUE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BackupLine:
    """A backup in the list; `is_here` unless somebody moved its file away.

    `shares_before`: it opens only with recovery shares from before new ones were made on that day; one of
    the very day may open with either.
    """

    id: UUID
    made_at: datetime
    expires_at: datetime
    size_bytes: int
    is_downloaded: bool
    is_here: bool
    shares_before: date | None
    is_of_that_day: bool


@dataclass(frozen=True, slots=True)
class LastExpiry:
    """Until when older backups may still hold what is destroyed now.

    `expires_at` is None where there is no older backup. `downloaded` copies never expire by themselves.
    """

    expires_at: datetime | None
    downloaded: int


def list_kept(runtime: Runtime) -> Sequence[tuple[datetime, datetime]]:
    """Return when each backup was made and expires: by the files, and by the rows of those elsewhere."""
    files = list_files(runtime.backup_folder, BACKUP)
    here = [(read_stamp(file), read_expiry(file, runtime.limits.backup_days)) for file in files]
    rows = [row for row in store.list_backups() if row.made_at not in dict(here)]
    return here + [(row.made_at, _expiry_elsewhere(runtime, row)) for row in rows]


def last_expiry(kept: Sequence[tuple[datetime, datetime]], before: datetime) -> LastExpiry:
    """Return when the last backup older than this moment expires; the next one made then deletes it."""
    older = [expires_at for made_at, expires_at in kept if made_at < before]
    return LastExpiry(max(older, default=None), store.count_downloaded(before))


def list_backups(context: Context) -> Sequence[BackupLine]:
    """Return the kept backups, newest first."""
    context.require(Permission.MAKE_BACKUPS)
    files, expiry = _files(context.runtime), dict(list_kept(context.runtime))
    renewed_on = _find_renewal(context)
    return [
        BackupLine(
            row.id,
            row.made_at,
            expiry[row.made_at],
            row.size_bytes,
            row.is_downloaded,
            row.made_at in files,
            renewed_on if renewed_on and _day(context, row.made_at) <= renewed_on else None,
            _day(context, row.made_at) == renewed_on,
        )
        for row in store.list_backups()
    ]


def _day(context: Context, moment: datetime) -> date:
    return moment.astimezone(context.runtime.timezone).date()


def _find_renewal(context: Context) -> date | None:
    """Return when the shares in force took the place of others; None for those of the first run."""
    record = find_record(context)
    return record.made_on if record and context.roster.recovery_number > 1 else None


def is_overdue(runtime: Runtime, backups: Sequence[BackupLine]) -> bool:
    """Return whether the newest backup is older than seven days, or there is none."""
    return not backups or backups[0].made_at < runtime.now() - OVERDUE


def get_backup(context: Context, backup_id: UUID) -> BackupLine:
    """Return one of them; raises NotFound where there is none, or its file is gone."""
    found = next((line for line in list_backups(context) if line.id == backup_id and line.is_here), None)
    if found is None:
        raise NotFound("backup")
    return found


def take_copy(context: Context, backup_id: UUID) -> Path:
    """Note that a copy leaves, and return the file to give out.

    Raises NotFound, and Forbidden for who has not shown a moment ago who they are.
    """
    context.require(Permission.MAKE_BACKUPS)
    context.require_confirmed()
    with transaction(context, "backup.downloaded") as opened:
        row = store.find_backup(backup_id)
        file = _files(context.runtime).get(row.made_at) if row else None
        if row is None or file is None:
            raise NotFound("backup")
        row.version += 1
        row.is_downloaded = True
        opened.note(backup=backup_id)
    return file


def _files(runtime: Runtime) -> dict[datetime, Path]:
    """Return the backups that lie in the folder, newest first, by when they were made."""
    return {read_stamp(file): file for file in list_files(runtime.backup_folder, BACKUP)}


def _expiry_elsewhere(runtime: Runtime, row: store.Backup) -> datetime:
    """Return until when a file that is not here may lie where it is: what is said never ends too soon."""
    return max(row.expires_at, row.made_at + timedelta(days=runtime.limits.backup_days))


def add_backup(runtime: Runtime, file: Path, size_bytes: int, file_hash: bytes) -> UUID:
    """Note a new file; the caller's transaction commits it."""
    backup_id = uuid4()
    db.session.add(
        store.Backup(
            id=backup_id,
            version=1,
            made_at=read_stamp(file),
            expires_at=read_expiry(file, runtime.limits.backup_days),
            size_bytes=size_bytes,
            file_hash=file_hash,
            is_downloaded=False,
            is_deleted=False,
        )
    )
    return backup_id


def adopt_files(runtime: Runtime, but: datetime) -> None:
    """Note the files that nobody noted: their maker was killed, or this database was restored since."""
    known = store.list_known()
    for made_at, file in _files(runtime).items():
        if made_at != but and made_at not in known:
            described = describe_file(file)
            add_backup(runtime, file, described.size_bytes, described.sha256)


def delete_expired(runtime: Runtime, now: datetime) -> int:
    """Delete the files whose time has come, and mark their rows; the caller's transaction commits it.

    The files alone say which: a date that somebody has written into a row deletes nothing. The newest stays,
    as a rule the one just made. A file that lies elsewhere, on a disk that is not there now, may still hold
    what was erased: its row counts until it expires.
    """
    files, keep_days = list_files(runtime.backup_folder, BACKUP), runtime.limits.backup_days
    due = [file for file in files[1:] if read_expiry(file, keep_days) <= now]
    for file in due:
        file.unlink(missing_ok=True)
    here, went = set(map(read_stamp, files)), set(map(read_stamp, due))
    rows = store.list_backups()
    gone = [row for row in rows if row.made_at not in here and _expiry_elsewhere(runtime, row) <= now]
    gone += [row for row in rows if row.made_at in went]
    for row in gone:
        row.version += 1
        row.is_deleted = True
    return len(gone)
