"""A file of a case: what its sealed document says of it, the keys of its sealed copies included."""

import base64
import binascii
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from .documents import Document, read_date, read_text, read_uuid, require_same, require_shape, unreadable
from .messages import N_

NAME_CHARACTERS, NOTE_CHARACTERS = 200, 2000
NO_NAME = N_("Give the file a name.")
LONG_NAME = N_("This name is too long: at most 200 characters.")
LONG_NOTE = N_("This note is too long: at most 2,000 characters.")

_KEYS = frozenset({"schema", "name", "note", "added_at", "added_by", "removed_on", "copies", "uncleaned"})
_COPY_KEYS = frozenset({"schema", "key", "kind", "bytes", "sha256"})
_DIGEST = re.compile(r"[0-9a-f]{64}")
_KIND = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCopy:
    """A sealed file: its key, its media type, and the size and SHA-256 (in hex) of its plain content."""

    key: bytes = field(repr=False)
    kind: str
    size_bytes: int
    sha256: str

    def to_document(self) -> Document:
        """Give the plain form, schema 1."""
        key = base64.urlsafe_b64encode(self.key).rstrip(b"=").decode()
        return {
            "schema": 1,
            "key": key,
            "kind": self.kind,
            "bytes": self.size_bytes,
            "sha256": self.sha256,
        }

    @classmethod
    def from_document(cls, document: Document) -> "StoredCopy":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, _COPY_KEYS)
        size, digest = document["bytes"], read_text(document, "sha256")
        if type(size) is not int or size < 1 or _DIGEST.fullmatch(digest) is None:
            raise unreadable()
        try:
            key = base64.b64decode(read_text(document, "key") + "=", altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise unreadable() from None
        if len(key) != _KEY_BYTES:
            raise unreadable()
        copy = cls(key=key, kind=_read_kind(document), size_bytes=size, sha256=digest)
        require_same(document, copy.to_document())
        return copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a case, its original and what was made of it.

    `cleaned` has no metadata and is None where none could be made: `uncleaned` is a permanent code that says
    why, empty otherwise. `preview` is a picture of it, smaller. `removed_on` is the day since which it lies
    among the removed ones. `added_at` is to the second, in UTC.
    """

    name: str
    added_at: datetime
    added_by: UUID
    original: StoredCopy
    cleaned: StoredCopy | None = None
    preview: StoredCopy | None = None
    uncleaned: str = ""
    note: str = ""
    removed_on: date | None = None

    @property
    def copies(self) -> dict[str, StoredCopy]:
        """The sealed files there are, by the name of their copy."""
        named = {"original": self.original, "cleaned": self.cleaned, "preview": self.preview}
        return {name: copy for name, copy in named.items() if copy is not None}

    @property
    def kind(self) -> str:
        """The media type of the original."""
        return self.original.kind

    def renamed(self, name: str, note: str) -> "Attachment":
        """Give it another name and note, without the white space around them."""
        return replace(self, name=name.strip(), note=note.strip())

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "name": self.name,
            "note": self.note,
            "added_at": self.added_at.isoformat(timespec="seconds"),
            "added_by": self.added_by.hex,
            "removed_on": self.removed_on and self.removed_on.isoformat(),
            "copies": {name: copy.to_document() for name, copy in self.copies.items()},
            "uncleaned": self.uncleaned,
        }

    @classmethod
    def from_document(cls, document: Document) -> "Attachment":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, _KEYS)
        copies, removed_on = document["copies"], document["removed_on"]
        if type(copies) is not dict or "original" not in copies:
            raise unreadable()
        try:
            added_at = datetime.fromisoformat(read_text(document, "added_at"))
        except ValueError:
            raise unreadable() from None
        read = {name: StoredCopy.from_document(copy) for name, copy in copies.items()}
        attachment = cls(
            name=read_text(document, "name"),
            note=read_text(document, "note"),
            added_at=added_at,
            added_by=read_uuid(document["added_by"]),
            removed_on=None if removed_on is None else read_date(removed_on),
            original=read["original"],
            cleaned=read.get("cleaned"),
            preview=read.get("preview"),
            uncleaned=read_text(document, "uncleaned"),
        )
        require_same(document, attachment.to_document())
        return attachment


def find_faults(name: str, note: str) -> dict[str, str]:
    """Return what is wrong with a name and a note, by field; empty where both can be taken."""
    faults = {}
    if not name.strip():
        faults["name"] = NO_NAME
    elif len(name.strip()) > NAME_CHARACTERS:
        faults["name"] = LONG_NAME
    if len(note.strip()) > NOTE_CHARACTERS:
        faults["note"] = LONG_NOTE
    return faults


def shorten(name: str) -> str:
    """Return the last part of a path, as browsers may send one, printable and at most 200 characters.

    Of a long name the end stays, which tells the kind; empty where nothing is left.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in last if character.isprintable()).strip()
    if len(printable) <= NAME_CHARACTERS:
        return printable
    return printable[: NAME_CHARACTERS - 21] + "…" + printable[-20:]


def _read_kind(document: Document) -> str:
    kind = read_text(document, "kind")
    if _KIND.fullmatch(kind) is None:
        raise unreadable()
    return kind
