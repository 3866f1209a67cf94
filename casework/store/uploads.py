"""Lists on their way into the organization, sealed to who brings them; volatile: no backup ever holds one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from casework.store.volatilestore import Batch, Record, find, list_keys, list_records

_NUMBER_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Upload(Record):
    """A list that a member has sent."""

    kind: ClassVar = "upload"

    id: UUID
    member_id: UUID
    version: int
    state_sealed: bytes = b""

    @property
    def key(self) -> bytes:
        """Its id."""
        return self.id.bytes

    @property
    def group(self) -> bytes:
        """Its member."""
        return self.member_id.bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class UploadPiece(Record):
    """Some rows of a list, or what is known of a table's columns. It ends with its list."""

    kind: ClassVar = "upload_piece"

    upload_id: UUID
    number: int
    content_sealed: bytes

    @property
    def key(self) -> bytes:
        """Its list and its number."""
        return _key(self.upload_id, self.number)

    @property
    def group(self) -> bytes:
        """Its list."""
        return self.upload_id.bytes


def find_upload(upload_id: UUID) -> Upload | None:
    """Return the list with this id, whoever's it is."""
    return find(Upload, upload_id.bytes)


def list_uploads(member_id: UUID) -> Sequence[Upload]:
    """Return what a member has sent."""
    return list_records(Upload, member_id.bytes)


def find_piece(upload_id: UUID, number: int) -> bytes | None:
    """Return a sealed piece."""
    piece = find(UploadPiece, _key(upload_id, number))
    return None if piece is None else piece.content_sealed


def delete_pieces(batch: Batch, upload_id: UUID, numbers: range) -> None:
    """Delete the pieces of a list that have these numbers."""
    for key in list_keys(UploadPiece, upload_id.bytes):
        if int.from_bytes(key[-_NUMBER_BYTES:], "big") in numbers:
            batch.delete_key(UploadPiece, key, upload_id.bytes)


def delete_all_pieces(batch: Batch, upload_id: UUID) -> None:
    """Delete every piece of a list, but not what is known of it."""
    for key in list_keys(UploadPiece, upload_id.bytes):
        batch.delete_key(UploadPiece, key, upload_id.bytes)


def delete_upload(batch: Batch, upload: Upload) -> None:
    """Delete a list with all its pieces."""
    delete_all_pieces(batch, upload.id)
    batch.delete(upload)


def _key(upload_id: UUID, number: int) -> bytes:
    return upload_id.bytes + number.to_bytes(_NUMBER_BYTES, "big")
