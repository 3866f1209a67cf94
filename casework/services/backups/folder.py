"""The folder where backups lie: this account's alone, one writer at a time, no half file under a name."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
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


def file_name(kind: str, made_at: datetime) -> str:
    """Return the name of a file that was made then."""
    return f"{kind}-{made_at.astimezone(UTC).strftime(_STAMP)}.age"


def read_stamp(file: Path) -> datetime:
    """Return when a file was made, by its name."""
    return datetime.strptime(file.stem.rpartition("-")[2], _STAMP).replace(tzinfo=UTC)


def list_files(folder: Path, kind: str) -> list[Path]:
    """Return the whole files of a kind, newest first; one that is named after no moment is none of ours."""
    stamped = "[0-9]" * 8 + "T" + "[0-9]" * 6 + "Z"
    return sorted(filter(_has_stamp, folder.glob(f"{kind}-{stamped}.age")), reverse=True)


def _has_stamp(file: Path) -> bool:
    try:
        read_stamp(file)
    except ValueError:
        return False
    return True


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
