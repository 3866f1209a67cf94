"""Lists on their way into the organization, sealed to who brings them; volatile: no backup ever holds one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class Upload(Model):
    """A list that a member has sent. Times are whole seconds since 1970, in UTC."""

    __tablename__ = "upload"
    __bind_key__ = "volatile"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(index=True)
    version: Mapped[int]
    ends_at_seconds: Mapped[int]
    state_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class UploadPiece(Model):
    """Some rows of a list, or what is known of a table's columns."""

    __tablename__ = "upload_piece"
    __bind_key__ = "volatile"

    upload_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)


def find_upload(upload_id: UUID) -> Upload | None:
    """Return the list with this id, whoever's it is."""
    return db.session.get(Upload, upload_id)


def list_uploads(member_id: UUID) -> Sequence[Upload]:
    """Return what a member has sent."""
    return db.session.scalars(select(Upload).where(Upload.member_id == member_id)).all()


def find_piece(upload_id: UUID, number: int) -> bytes | None:
    """Return a sealed piece."""
    query = select(UploadPiece.content_sealed)
    return db.session.scalar(query.where(UploadPiece.upload_id == upload_id, UploadPiece.number == number))


def delete_pieces(upload_id: UUID, numbers: range) -> None:
    """Delete the pieces of a list that have these numbers; the caller commits."""
    its = UploadPiece.upload_id == upload_id
    among = UploadPiece.number.between(numbers.start, numbers.stop - 1)
    db.session.execute(delete(UploadPiece).where(its, among))


def delete_all_pieces(upload_id: UUID) -> None:
    """Delete every piece of a list, but not what is known of it; the caller commits."""
    db.session.execute(delete(UploadPiece).where(UploadPiece.upload_id == upload_id))


def delete_upload(upload_id: UUID) -> None:
    """Delete a list with all its pieces; the caller commits."""
    delete_all_pieces(upload_id)
    db.session.execute(delete(Upload).where(Upload.id == upload_id))


def delete_uploads_over(now_seconds: int) -> None:
    """Delete the lists whose time is over."""
    for upload_id in db.session.scalars(select(Upload.id).where(Upload.ends_at_seconds <= now_seconds)).all():
        delete_upload(upload_id)


def delete_all_uploads() -> None:
    """Delete every list."""
    db.session.execute(delete(UploadPiece))
    db.session.execute(delete(Upload))
