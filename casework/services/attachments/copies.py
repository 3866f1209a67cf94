"""One sealed file of an attachment: written as its content comes, read in pieces."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from casework.domain.attachment import StoredCopy
from casework.domain.messages import N_
from casework.errors import Invalid, Tampered
from casework.store.sealedfiles import FileName, FilesAway, SealedFiles
from casework.vault.stream import Copy, Opener, Sealer, new_file_key

NO_ROOM = N_(
    "The server’s disk did not take the file: it is full, or it fails. Nothing was kept of it. Tell whoever"
    " looks after the server."
)
STORE_AWAY = N_(
    "The store where files of cases lie does not answer, or refuses. Nothing was kept of this file: send it"
    " again later, and tell whoever looks after the server."
)


class Writing:
    """A copy on its way to its place; left without `finish`, nothing stays of it.

    Raises Invalid naming `file` where the disk or the store refuses.
    """

    def __init__(self, files: SealedFiles, attachment_id: UUID, copy: str) -> None:
        self._key, self._hash, self._is_finished = new_file_key(), hashlib.sha256(), False
        with _refusing():
            self._file = files.create(FileName(attachment_id, copy))
        try:
            self._sealer = Sealer(self._key, attachment_id, Copy[copy.upper()], self._write)
        except Invalid:
            self._file.discard()
            raise

    @property
    def size_bytes(self) -> int:
        """How much content there was so far."""
        return self._sealer.size_bytes

    def write(self, piece: bytes) -> None:
        """Take more content."""
        self._hash.update(piece)
        self._sealer.write(piece)

    def finish(self, kind: str) -> StoredCopy:
        """Put the whole file in its place; returns what its document says of it."""
        self._sealer.finish()
        with _refusing():
            self._file.keep()
        self._is_finished = True
        return StoredCopy(key=self._key, kind=kind, size_bytes=self.size_bytes, sha256=self._hash.hexdigest())

    def _write(self, sealed: bytes) -> None:
        with _refusing():
            self._file.write(sealed)

    def __enter__(self) -> "Writing":
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._is_finished:
            self._file.discard()


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except FilesAway:
        raise Invalid(file=STORE_AWAY) from None
    except OSError:
        raise Invalid(file=NO_ROOM) from None


def read_copy(files: SealedFiles, attachment_id: UUID, copy: str, stored: StoredCopy) -> Iterator[bytes]:
    """Yield the content of a copy, each piece authenticated; Tampered where the file is hurt, or gone.

    FilesAway where the store does not answer: that says nothing of the file.
    """
    try:
        file = files.open(FileName(attachment_id, copy))
    except OSError:
        raise Tampered(f"the sealed {copy} is not there, or cannot be read") from None
    with file:
        opener = Opener(stored.key, attachment_id, Copy[copy.upper()], stored.size_bytes, file)
        try:
            yield from opener.read()
        except OSError:
            raise Tampered(f"the sealed {copy} cannot be read") from None


def check_copy(files: SealedFiles, attachment_id: UUID, copy: str, stored: StoredCopy) -> None:
    """Read a copy to its end; Tampered where anything of it is not what was sealed."""
    digest = hashlib.sha256()
    for piece in read_copy(files, attachment_id, copy, stored):
        digest.update(piece)
    if digest.hexdigest() != stored.sha256:
        raise Tampered(f"the {copy} has another hash than its document says")
