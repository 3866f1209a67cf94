"""`SealedFiles` in a bucket: named there as in the folder, sent in parts, there only once they are whole.

The store sees sealed bytes, random ids, sizes and times. What one casework writes to, no other does: the
bucket's folder says by a random word whose it is, so that a trial restore does not sweep what others need.
"""

import io
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from casework.store.objectplace import ObjectPlace
from casework.store.objects import QUICK, Begun, Objects, Patience
from casework.store.sealedfiles import COPIES, Away, FileName, FilesAway, PlaceState

PART_BYTES = 8 * 1024 * 1024
"""Held in memory for each file on its way: 10,000 of them are the most that a file may have."""
PIECE_BYTES = 4 * 1024 * 1024
"""Read at once: so nobody who takes a file slowly keeps a line to the store busy."""
OWNER = "casework-owner"
_COUNT_SECONDS = 60.0
_WORD_BYTES = 16


class ObjectFiles:
    """The files of one casework in one bucket; `owner_file` in its data folder says which it is."""

    def __init__(self, objects: Objects, owner_file: Path, quick: Patience = QUICK) -> None:
        self.objects, self._owner_file = objects, owner_file
        self.quick = objects.asked(quick)
        self._is_own = False
        self._counted: tuple[float, int] | None = None

    @property
    def place(self) -> ObjectPlace:
        """Which bucket it is."""
        return self.objects.place

    def create(self, name: FileName) -> "ObjectFile":
        """Begin a file."""
        self.claim()
        return ObjectFile(self.objects, _spell(name))

    def open(self, name: FileName) -> BinaryIO:
        """Open a file, which is read in pieces; raises FileNotFoundError."""
        return io.BufferedReader(_Pieces(self.objects, _spell(name)))

    def hold(self, name: FileName, path: Path) -> None:
        """Copy a file to a path; raises FileNotFoundError, OSError."""
        with self.open(name) as source, path.open("xb") as target:
            try:
                shutil.copyfileobj(source, target)
            except BaseException:
                path.unlink()
                raise

    def bring(self, path: Path, name: FileName) -> None:
        """Move a sealed file here, in place of one of that name; raises OSError."""
        file = self.create(name)
        try:
            with path.open("rb") as source:
                shutil.copyfileobj(source, file)
            file.keep()
        except BaseException:
            file.discard()
            raise
        path.unlink()

    def delete(self, attachment_id: UUID) -> None:
        """Delete every copy of an attachment that is there."""
        self.claim()
        for copy in COPIES:
            self.objects.delete(_spell(FileName(attachment_id, copy)))

    def list_names(self) -> Iterator[FileName]:
        """Yield every whole file."""
        for stored in self.objects.list():
            if name := _read(stored.name):
                yield name

    def count_bytes(self) -> int:
        """Return how much all whole files take, or took less than a minute ago: it takes a while to ask.

        A store that is silent is waited for a few seconds only.
        """
        if self._counted is None or time.monotonic() - self._counted[0] > _COUNT_SECONDS:
            total = sum(stored.size_bytes for stored in self.quick.list() if _read(stored.name))
            self._counted = time.monotonic(), total
        return self._counted[1]

    def find_abandoned(self, older_than_seconds: float) -> Iterator[UUID]:
        """Yield the attachments of which a file is at least so old."""
        self.claim()
        for stored in self.objects.list():
            name = _read(stored.name)
            if name and time.time() - stored.written_at.timestamp() >= older_than_seconds:
                yield name.attachment_id

    def sweep_parts(self, older_than_seconds: float) -> None:
        """Delete what was never completed, and of which no part came for at least so long."""
        self.claim()
        for begun in self.objects.list_begun():
            if _read(begun.name) and self._is_old(begun, older_than_seconds):
                self.objects.abandon(begun.name, begun.upload)

    def _is_old(self, begun: Begun, seconds: float) -> bool:
        """Whether nothing of it came for so long; the store is asked about its parts only where it may be."""
        if time.time() - begun.begun_at.timestamp() < seconds:
            return False
        try:
            return seconds <= 0 or time.time() - self.objects.find_last_part(begun).timestamp() >= seconds
        except FileNotFoundError:
            return False  # completed this moment

    def claim(self) -> None:
        """Make sure that this part of the bucket is this casework's; FilesAway where it is another's."""
        if self._is_own:
            return
        self._claim(self.objects)
        self._is_own = True

    def _claim(self, objects: Objects) -> None:
        own = _load_word(self._owner_file)
        try:
            found, _size = objects.read(OWNER, 0, 2 * len(own))
        except FileNotFoundError:
            objects.put(OWNER, own)
            found = own
        if found != own:
            raise FilesAway(Away.TAKEN)

    def examine(self) -> PlaceState:
        """Try whether files can be written, listed, read and deleted."""
        quick, probe = self.objects.asked(QUICK), f"probe-{secrets.token_hex(8)}"
        content = os.urandom(_WORD_BYTES)
        try:
            self._claim(quick)
            quick.put(probe, content)
            try:
                is_there = any(stored.name == probe for stored in quick.list())
                is_same = quick.read(probe, 0, 2 * _WORD_BYTES)[0] == content
            finally:
                quick.delete(probe)
            return PlaceState(None if is_there and is_same else Away.FAILED, quick.keeps_versions())
        except FilesAway as away:
            return PlaceState(away.reason)
        except FileNotFoundError:
            return PlaceState(Away.FAILED)


class ObjectFile:
    """A file on its way to the store: small ones at once, larger ones in parts."""

    def __init__(self, objects: Objects, name: str) -> None:
        self._objects, self._name = objects, name
        self._held = bytearray()
        self._sent_bytes = 0
        self._upload = ""
        self._tags: list[str] = []

    def write(self, data: bytes, /) -> object:
        """Append; raises FilesAway."""
        self._held += data
        while len(self._held) > PART_BYTES:
            self._send(PART_BYTES)
        return len(data)

    def _send(self, size: int) -> None:
        self._upload = self._upload or self._objects.begin(self._name)
        part = bytes(self._held[:size])
        self._tags.append(self._objects.send(self._name, self._upload, len(self._tags) + 1, part))
        self._sent_bytes += size
        del self._held[:size]

    def keep(self) -> None:
        """Make it last, under its name; raises FilesAway."""
        whole_bytes = self._sent_bytes + len(self._held)
        if self._upload:
            self._send(len(self._held))
            self._objects.complete(self._name, self._upload, self._tags)
            self._upload = ""
        else:
            self._objects.put(self._name, bytes(self._held))
        self._held.clear()
        try:
            found_bytes = self._objects.measure(self._name)
        except FileNotFoundError:
            found_bytes = -1
        if found_bytes != whole_bytes:
            raise FilesAway(Away.FAILED)

    def discard(self) -> None:
        """Leave nothing of it, kept or not; what the store does not delete now is swept later."""
        self._held.clear()
        with suppress(FilesAway):
            if self._upload:
                self._objects.abandon(self._name, self._upload)
            self._objects.delete(self._name)


class _Pieces(io.RawIOBase):
    """An object to read from any place, a piece at a time."""

    def __init__(self, objects: Objects, name: str) -> None:
        self._objects, self._name = objects, name
        self._at = self._held_at = 0
        self._held, self._size_bytes = objects.read(name, 0, PIECE_BYTES)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size_bytes}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override] # BufferedReader gives one
        if self._at >= self._size_bytes:
            return 0
        if not self._held_at <= self._at < self._held_at + len(self._held):
            self._held, self._size_bytes = self._objects.read(self._name, self._at, PIECE_BYTES)
            self._held_at = self._at
        piece = self._held[self._at - self._held_at :][: len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _spell(name: FileName) -> str:
    """Name an object as a file is named in the folder."""
    return f"{name.attachment_id.hex[:2]}/{name}"


def _read(text: str) -> FileName | None:
    name = FileName.read(text.rpartition("/")[2])
    return name if name and _spell(name) == text else None


def _load_word(file: Path) -> bytes:
    """Return the word by which this casework's part of a bucket is known; the first to ask makes it."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        part = file.with_name(f"{file.name}.{os.getpid()}")
        part.write_bytes(secrets.token_hex(_WORD_BYTES).encode("ascii"))
        part.chmod(0o600)
        with suppress(FileExistsError):
            os.link(part, file)
        part.unlink()
        return file.read_bytes()
