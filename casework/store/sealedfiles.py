"""Where sealed files lie: on the disk, written under another name until they are whole.

`SealedFiles` is all that the services know of it, so that another place can take the disk's.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

COPIES = ("original", "cleaned", "preview")
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


class WritableFile(Protocol):
    """A file on its way: whole under its name after `keep`, gone after `discard`."""

    def write(self, data: bytes, /) -> object:
        """Append."""

    def keep(self) -> None:
        """Make it last, under its name."""

    def discard(self) -> None:
        """Leave nothing of it, kept or not."""


class SealedFiles(Protocol):
    """A place for sealed files. A kept one never changes: it can only be deleted."""

    def create(self, name: FileName) -> WritableFile:
        """Begin a file; raises OSError."""

    def open(self, name: FileName) -> BinaryIO:
        """Open a file; raises FileNotFoundError."""

    def delete(self, attachment_id: UUID) -> None:
        """Delete every copy of an attachment that is there."""

    def list_names(self) -> Iterator[FileName]:
        """Yield every whole file."""

    def count_bytes(self) -> int:
        """Return how much all whole files take."""

    def find_abandoned(self, older_than_seconds: float) -> Iterator[UUID]:
        """Yield the attachments of which a file is at least so old."""

    def sweep_parts(self, older_than_seconds: float) -> None:
        """Delete what was begun at least so long ago and never kept."""


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
        """Delete what was begun at least so long ago and never kept."""
        for path in self.folder.glob(f"??/*{_PART}"):
            if time.time() - _stat(path)[1] >= older_than_seconds:
                path.unlink(missing_ok=True)


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
