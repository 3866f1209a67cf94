"""The folder where backups lie: this account's alone, one writer at a time, no half file under a name."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from casework.domain.messages import N_
from casework.errors import BackupFailed
from casework.services import filelocks

BACKUP, LEDGER = "casework", "casework-ledger"
PIN_FILE = "backup.pin"
_LOCK = "backup.lock"
_PART = ".unfinished"  # never .part: that is half of the host key
_STAMP = "%Y%m%dT%H%M%SZ"
_NAMED = re.compile(
    rf"(?P<kind>{BACKUP}|{LEDGER})-(?P<stamp>[0-9]{{8}}T[0-9]{{6}}Z)(?:-(?P<days>[0-9]{{1,4}})d)?\.age"
)


def prepare_folder(folder: Path) -> None:
    """Make the folder, for this account alone; raises BackupFailed where others could look into it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if not os.access(folder, os.W_OK):
            raise PermissionError
    except OSError:
        raise BackupFailed(
            N_("The folder for backups cannot be written. Look at BACKUP_FOLDER in the settings.")
        ) from None
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise BackupFailed(
            N_("Others may open the folder for backups. Give it to this account alone (chmod 700).")
        )


def file_name(kind: str, made_at: datetime, keep_days: int | None = None) -> str:
    """Return the name of a file that was made then, and is kept so many days; a ledger names none."""
    kept = "" if keep_days is None else f"-{keep_days}d"
    return f"{kind}-{made_at.astimezone(UTC).strftime(_STAMP)}{kept}.age"


def read_stamp(file: Path) -> datetime:
    """Return when a file was made, by its name."""
    return datetime.strptime(_parts(file)["stamp"], _STAMP).replace(tzinfo=UTC)


def read_expiry(file: Path, keep_days: int) -> datetime:
    """Return until when a backup is kept: nothing but the file has a say, for a database can be written to.

    Its days stand in its name, else it is kept `keep_days`; they run from the time in its name, or from that
    of its last change where that is later, so that a file does not go early which got another name.
    """
    changed_at = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    return max(read_stamp(file), changed_at) + timedelta(days=read_days(file, keep_days))


def read_days(file: Path, keep_days: int) -> int:
    """Return for how many days a file is kept: as its name says, else `keep_days`.

    Raises ValueError for a name that is none of ours.
    """
    days = _parts(file)["days"]
    return int(days) if days else keep_days


def date_file(file: Path, made_at: datetime) -> None:
    """Let a file have been changed when it was made, so that both its times say the same."""
    os.utime(file, (made_at.timestamp(), made_at.timestamp()))


def list_files(folder: Path, kind: str) -> list[Path]:
    """Return the whole files of a kind, newest first; one that is named after no moment is none of ours."""
    found = [file for file in folder.glob(f"{kind}-*.age") if _is_ours(file, kind)]
    return sorted(found, key=lambda file: (read_stamp(file), file.name), reverse=True)


def _parts(file: Path) -> dict[str, str]:
    named = _NAMED.fullmatch(file.name)
    if named is None:
        raise ValueError("a name of another form")
    return named.groupdict()


def _is_ours(file: Path, kind: str) -> bool:
    try:
        read_stamp(file)
    except ValueError:
        return False
    return _parts(file)["kind"] == kind


@contextmanager
def only_writer(folder: Path, organization_id: UUID) -> Iterator[None]:
    """Be the only one who makes a backup; raises BackupFailed while somebody else is at it.

    So it does where another organization's backups lie: they would be deleted like our own. What a killed
    writer left behind is cleared away first.
    """
    with open(folder / _LOCK, "a+", opener=_private) as lock:
        if not filelocks.take(lock):
            raise BackupFailed(N_("A backup is being made already."))
        lock.seek(0)
        owner = lock.read()
        if owner not in ("", organization_id.hex):
            raise BackupFailed(N_("This folder holds the backups of another organisation. Choose another."))
        if not owner:
            lock.write(organization_id.hex)
        for left in folder.glob(f"{BACKUP}-*{_PART}"):
            left.unlink()
        yield


def is_writing(folder: Path) -> bool:
    """Return whether somebody is making a backup now."""
    return filelocks.is_taken(folder / _LOCK)


def count_part_bytes(*folders: Path) -> int:
    """Return how much has been written of what is not whole yet, so as to tell how far it is."""
    parts = [path for folder in folders for path in folder.glob(f"*{_PART}/*")]
    parts += [path for folder in folders for path in folder.glob(f"{BACKUP}-*{_PART}")]
    total = 0
    for path in parts:
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # whole by now
            continue
    return total


class Written:
    """A file on its way to disk, counted and hashed as it goes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    def write(self, data: bytes, /) -> None:
        """Append."""
        self._file.write(data)
        self._hash.update(data)
        self.size_bytes += len(data)

    @property
    def sha256(self) -> bytes:
        """The hash of what was written so far."""
        return self._hash.digest()


def write_whole(folder: Path, name: str, fill: Callable[[Written], None]) -> Written:
    """Write a file under a temporary name, and give it its own once all of it is on the disk (mode 600)."""
    part = folder / f"{name}{_PART}"
    part.unlink(missing_ok=True)  # a killed writer's
    try:
        with open(part, "xb", opener=_private) as file:
            written = Written(file)
            fill(written)
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / name)
        sync_folder(folder)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return written


@contextmanager
def scratch_folder(folder: Path, name: str) -> Iterator[Path]:
    """Lend a folder of this account's alone for what lies there only meanwhile; cleared before and after."""
    scratch = folder / f"{name}{_PART}"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
