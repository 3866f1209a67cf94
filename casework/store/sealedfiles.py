"""Where sealed files lie: on the disk, written under another name until they are whole, or in another place.

`SealedFiles` is all that the services know of it; `store/objectfiles.py` has the other place.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

FOLDER = "attachments"
ORIGINAL = "original"
COPIES = (ORIGINAL, "cleaned", "preview")
_PART = ".part"


@dataclass(frozen=True, slots=True)
class FileName:
    """An attachment's id and which copy of it: what a file is called, `<32 hex digits>.<copy>`."""

    attachment_id: UUID
    copy: str

    def __str__(self) -> str:
        """Spell it as on the disk and in backups."""
        return f"{self.attachment_id.hex}.{self.copy}"

    @classmethod
    def read(cls, text: str) -> "FileName | None":
        """Read a name; None for one that is not spelled so."""
        digits, dot, copy = text.partition(".")
        try:
            name = cls(UUID(hex=digits), copy)
        except ValueError:
            return None
        return name if dot and copy in COPIES and str(name) == text else None


class Away(StrEnum):
    """Why a place of files does not do what it is asked."""

    SILENT = "silent"
    REFUSED = "refused"
    MISSING = "missing"
    TAKEN = "taken"
    FAILED = "failed"


class FilesAway(Exception):
    """The place of files does not answer, or not as it should; what lies there is as it was."""

    def __init__(self, reason: Away) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PlaceState:
    """How a place that is no disk of ours answers: what is wrong, and whether it keeps what is deleted."""

    fault: Away | None
    keeps_versions: bool = False


class WritableFile(Protocol):
    """A file on its way: whole under its name after `keep`, gone after `discard`."""

    def write(self, data: bytes, /) -> object:
        """Append; raises OSError or FilesAway."""

    def keep(self) -> None:
        """Make it last, under its name; raises OSError or FilesAway."""

    def discard(self) -> None:
        """Leave nothing of it, kept or not; what cannot be deleted now is swept later."""


class SealedFiles(Protocol):
    """A place for sealed files. A kept one never changes: it can only be deleted.

    Each method, and reading what `open` gave, raises FilesAway where the place does not answer.
    """

    def create(self, name: FileName) -> WritableFile:
        """Begin a file; raises OSError."""

    def open(self, name: FileName) -> BinaryIO:
        """Open a file, to be read from any place in it; raises FileNotFoundError."""

    def hold(self, name: FileName, path: Path) -> None:
        """Lay a file at a path that is free, as it is now; raises FileNotFoundError, OSError."""

    def bring(self, path: Path, name: FileName) -> None:
        """Move a sealed file from the disk to here, in place of one of that name; raises OSError."""

    def delete(self, attachment_id: UUID) -> None:
        """Delete every copy of an attachment that is there."""

    def list_names(self) -> Iterator[FileName]:
        """Yield every whole file."""

    def count_bytes(self) -> int:
        """Return how much all whole files take."""

    def find_abandoned(self, older_than_seconds: float) -> Iterator[UUID]:
        """Yield the attachments of which a file is at least so old."""

    def sweep_parts(self, older_than_seconds: float) -> None:
        """Delete what was never kept, and has not grown for at least so long."""

    def examine(self) -> PlaceState | None:
        """Try whether files can be written, read and deleted; None for the disk, of which others tell."""


class DiskFiles:
    """`SealedFiles` in a folder of this account's alone: `<first two digits>/<name>`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: FileName) -> Path:
        """Return where a file lies, or would."""
        return self.folder / name.attachment_id.hex[:2] / str(name)

    def create(self, name: FileName) -> "DiskFile":
        """Begin a file; raises OSError."""
        path = self.path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return DiskFile(path)

    def open(self, name: FileName) -> BinaryIO:
        """Open a file; raises FileNotFoundError."""
        return self.path(name).open("rb")

    def hold(self, name: FileName, path: Path) -> None:
        """Give a file a second name; raises FileNotFoundError, OSError."""
        try:
            os.link(self.path(name), path)
        except FileNotFoundError:
            raise
        except OSError:
            shutil.copyfile(self.path(name), path)  # a disk without second names

    def bring(self, path: Path, name: FileName) -> None:
        """Move a sealed file here, in place of one of that name; raises OSError."""
        self.path(name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(path, self.path(name))

    def delete(self, attachment_id: UUID) -> None:
        """Delete every copy of an attachment that is there."""
        for path in self.folder.glob(f"{attachment_id.hex[:2]}/{attachment_id.hex}.*"):
            path.unlink(missing_ok=True)

    def list_names(self) -> Iterator[FileName]:
        """Yield every whole file."""
        for path in self.folder.glob("??/*"):
            if name := FileName.read(path.name):
                yield name

    def count_bytes(self) -> int:
        """Return how much all whole files take."""
        return sum(_stat(self.path(name))[0] for name in self.list_names())

    def find_abandoned(self, older_than_seconds: float) -> Iterator[UUID]:
        """Yield the attachments of which a file is at least so old."""
        for name in self.list_names():
            if time.time() - _stat(self.path(name))[1] >= older_than_seconds:
                yield name.attachment_id

    def sweep_parts(self, older_than_seconds: float) -> None:
        """Delete what was never kept, and has not grown for at least so long."""
        for path in self.folder.glob(f"??/*{_PART}"):
            if time.time() - _stat(path)[1] >= older_than_seconds:
                path.unlink(missing_ok=True)

    def examine(self) -> PlaceState | None:
        """Say nothing: what the disk is like others tell."""
        return None


def _stat(path: Path) -> tuple[int, float]:
    """Return size and time of the last write; of a file that has gone meanwhile, nothing and now."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, time.time()
    return found.st_size, found.st_mtime


class DiskFile:
    """A file on its way to the disk."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_name(path.name + _PART)
        handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb")

    def write(self, data: bytes, /) -> object:
        """Append."""
        return self._file.write(data)

    def keep(self) -> None:
        """Make it last, under its name, also over a power cut."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.rename(self._path)
        handle = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def discard(self) -> None:
        """Leave nothing of it, kept or not."""
        with suppress(OSError):  # what a full disk did not take cannot be flushed either
            self._file.close()
        self._part.unlink(missing_ok=True)
        self._path.unlink(missing_ok=True)
