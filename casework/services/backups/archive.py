"""What lies inside a backup: a tar of a manifest and of the files that it names, in that order.

Beside the database these are the sealed files of cases, as they are; with any of them it is schema 2.
"""

import hashlib
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from casework.errors import Tampered
from casework.store.sealedfiles import FileName
from casework.vault import documents, encoding
from casework.vault.labels import HASH_BYTES
from casework.vault.pin import Pin

SCHEMA, SCHEMA_WITH_FILES = 1, 2
MANIFEST = "manifest.json"
_CHUNK_BYTES = 1024 * 1024
_MANIFEST_MAX_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive."""

    name: str
    size_bytes: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; only what the roster and the seals prove of it is to be trusted."""

    made_at: datetime
    organization_id: UUID
    revision: str
    generation: int
    roster: Pin
    audit: tuple[int, bytes]
    members: Sequence[Member]

    @property
    def attachments(self) -> list[FileName]:
        """The sealed files of cases among the members."""
        return [name for member in self.members if (name := FileName.read(member.name))]

    def to_document(self) -> dict[str, Any]:
        """Return the canonical document."""
        return {
            "schema": SCHEMA_WITH_FILES if self.attachments else SCHEMA,
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "organization": self.organization_id.hex,
            "revision": self.revision,
            "generation": self.generation,
            "roster": {"number": self.roster.number, "hash": encoding.to_text(self.roster.hash)},
            "audit": {"sequence": self.audit[0], "hash": encoding.to_text(self.audit[1])},
            "files": [
                {"name": m.name, "bytes": m.size_bytes, "sha256": encoding.to_text(m.sha256)}
                for m in self.members
            ],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Manifest":
        """Read what `to_document` made; Tampered for anything else."""
        try:
            if document["schema"] not in (SCHEMA, SCHEMA_WITH_FILES):
                raise Tampered("a manifest of another version")
            roster, audit = document["roster"], document["audit"]
            manifest = cls(
                made_at=datetime.fromisoformat(document["made_at"]),
                organization_id=UUID(hex=document["organization"]),
                revision=document["revision"],
                generation=document["generation"],
                roster=Pin(roster["number"], encoding.from_text(roster["hash"], HASH_BYTES)),
                audit=(audit["sequence"], encoding.from_text(audit["hash"], HASH_BYTES)),
                members=[
                    Member(m["name"], m["bytes"], encoding.from_text(m["sha256"], HASH_BYTES))
                    for m in document["files"]
                ],
            )
        except (KeyError, TypeError, ValueError):
            raise Tampered("not a manifest") from None
        numbers = [manifest.generation, manifest.roster.number, manifest.audit[0], document["schema"]]
        numbers += [member.size_bytes for member in manifest.members]
        if not all(type(number) is int and number >= 0 for number in numbers):
            raise Tampered("not a manifest")
        if type(manifest.revision) is not str or manifest.to_document() != document:
            raise Tampered("not a manifest")
        attached = [member.name for member in manifest.members[1:]]
        if attached != sorted({str(name) for name in manifest.attachments}):
            raise Tampered("not a manifest")
        return manifest


def describe_file(path: Path) -> Member:
    """Return what the manifest says of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        return Member(path.name, file.tell(), digest)


class Archive:
    """The tar as a source of bytes: nothing of it is ever whole in memory or on disk.

    `find` tells where the file of a name lies.
    """

    def __init__(self, manifest: Manifest, find: Callable[[str], Path]) -> None:
        self._chunks = _tar(manifest, find)
        self._rest = memoryview(b"")

    def read(self, size: int, /) -> bytes:
        """Give at most `size` bytes; none at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._rest = memoryview(chunk)
        given, self._rest = self._rest[:size], self._rest[size:]
        return bytes(given)


def _tar(manifest: Manifest, find: Callable[[str], Path]) -> Iterator[bytes]:
    encoded = documents.encode(manifest.to_document())
    yield _header(MANIFEST, len(encoded), manifest.made_at)
    yield encoded + _filling(len(encoded))
    for member in manifest.members:
        yield _header(member.name, member.size_bytes, manifest.made_at)
        with find(member.name).open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
        yield _filling(member.size_bytes)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _header(name: str, size_bytes: int, made_at: datetime) -> bytes:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size_bytes, 0o600, int(made_at.timestamp())
    return entry.tobuf(tarfile.GNU_FORMAT)  # sizes beyond 8 GiB


def _filling(size_bytes: int) -> bytes:
    return bytes(-size_bytes % tarfile.BLOCKSIZE)


def unpack(archive: BinaryIO, folder: Path) -> Manifest:
    """Lay the files of an archive into an empty folder.

    Tampered unless it holds the manifest and exactly what that names, each of its size and hash.
    """
    try:
        with tarfile.open(fileobj=archive, mode="r:") as tar:
            manifest = _read_manifest(tar)
            for member in manifest.members:
                _unpack_member(tar, member, folder)
            if tar.next() is not None:
                raise Tampered("the archive holds more than its manifest names")
    except tarfile.TarError:
        raise Tampered("not an archive") from None
    return manifest


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != MANIFEST or not entry.isreg() or entry.size > _MANIFEST_MAX_BYTES:
        raise Tampered("the archive does not begin with a manifest")
    file = tar.extractfile(entry)
    return Manifest.from_document(documents.decode(file.read() if file else b""))


def _unpack_member(tar: tarfile.TarFile, member: Member, folder: Path) -> None:
    entry = tar.next()
    if entry is None or not entry.isreg() or (entry.name, entry.size) != (member.name, member.size_bytes):
        raise Tampered("the archive does not hold what its manifest names")
    if Path(member.name).name != member.name or member.name in ("", ".", ".."):
        raise Tampered("a file of the archive has a path")
    source, digest = tar.extractfile(entry), hashlib.sha256()
    with (folder / member.name).open("xb") as target:
        while chunk := source.read(_CHUNK_BYTES) if source else b"":
            digest.update(chunk)
            target.write(chunk)
    if digest.digest() != member.sha256:
        raise Tampered("a file of the archive has another hash than its manifest says")
