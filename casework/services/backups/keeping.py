"""The backups that there are: how long they are kept, who takes a copy with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.backups import folder as backup_folder
from casework.services.backups.archive import describe_file
from casework.services.backups.folder import BACKUP
from casework.services.context import Context
from casework.services.runtime import Runtime
from casework.services.signing_in.authentication import confirm_passphrase
from casework.services.transactions import transaction
from casework.store import backups as store
from casework.store.database import db

OVERDUE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BackupLine:
    """A backup in the list; `is_here` unless somebody moved its file away."""

    id: UUID
    made_at: datetime
    expires_at: datetime
    size_bytes: int
    is_downloaded: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class LastExpiry:
    """Until when older backups may still hold what is destroyed now.

    `expires_at` is None where there is no older backup. `downloaded` copies never expire by themselves.
    """

    expires_at: datetime | None
    downloaded: int


def last_expiry(before: datetime) -> LastExpiry:
    """Return when the last backup older than this moment expires; the next one made then deletes it."""
    return LastExpiry(store.find_last_expiry(before), store.count_downloaded(before))


def list_backups(context: Context) -> Sequence[BackupLine]:
    """Return the kept backups, newest first."""
    context.require(Permission.MAKE_BACKUPS)
    return [
        BackupLine(
            row.id,
            row.made_at,
            row.expires_at,
            row.size_bytes,
            row.is_downloaded,
            find_file(context.runtime, row.made_at).is_file(),
        )
        for row in store.list_backups()
    ]


def is_overdue(runtime: Runtime, backups: Sequence[BackupLine]) -> bool:
    """Return whether the newest backup is older than seven days, or there is none."""
    return not backups or backups[0].made_at < runtime.now() - OVERDUE


def get_backup(context: Context, backup_id: UUID) -> BackupLine:
    """Return one of them; raises NotFound where there is none, or its file is gone."""
    found = next((line for line in list_backups(context) if line.id == backup_id and line.is_here), None)
    if found is None:
        raise NotFound("backup")
    return found


def take_copy(context: Context, backup_id: UUID, passphrase: str, address: str = "") -> Path:
    """Note that a copy leaves, and return the file to give out.

    Raises NotFound, and as `confirm_passphrase` does.
    """
    context.require(Permission.MAKE_BACKUPS)
    confirm_passphrase(context, passphrase, address)
    with transaction(context, "backup.downloaded") as opened:
        row = store.find_backup(backup_id)
        if row is None or not (file := find_file(context.runtime, row.made_at)).is_file():
            raise NotFound("backup")
        row.version += 1
        row.is_downloaded = True
        opened.note(backup=backup_id)
    return file


def find_file(runtime: Runtime, made_at: datetime) -> Path:
    """Return where the backup of that moment lies, or lay."""
    return runtime.backup_folder / backup_folder.file_name(BACKUP, made_at)


def add_backup(runtime: Runtime, made_at: datetime, size_bytes: int, file_hash: bytes) -> UUID:
    """Note a new file; the caller's transaction commits it."""
    backup_id = uuid4()
    db.session.add(
        store.Backup(
            id=backup_id,
            version=1,
            made_at=made_at,
            expires_at=made_at + timedelta(days=runtime.limits.backup_days),
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
    for file in backup_folder.list_files(runtime.backup_folder, BACKUP):
        made_at = backup_folder.read_stamp(file)
        if made_at != but and made_at not in known:
            described = describe_file(file)
            add_backup(runtime, made_at, described.size_bytes, described.sha256)


def delete_expired(runtime: Runtime, now: datetime) -> int:
    """Delete the files whose time has come, and mark their rows; the caller's transaction commits it.

    The newest stays, having just been made. A file that lies elsewhere, on a disk that is not there now, may
    still hold what was erased: its row counts until it expires.
    """
    expired = [row for row in store.list_backups() if row.expires_at <= now]
    for row in expired:
        find_file(runtime, row.made_at).unlink(missing_ok=True)
        row.version += 1
        row.is_deleted = True
    return len(expired)
