"""Files of cases: a row each with a sealed document; the sealed bytes lie beside the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, ForeignKey, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import database
from casework.store.database import Model, UtcDateTime, db


class Attachment(Model):
    """One file of a case. `removed_at` is the hour since which it lies among the removed ones."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_case_id", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    version: Mapped[int]
    generation: Mapped[int] = mapped_column(index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    narrative_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    narrative_version: Mapped[int]


def find_attachment(attachment_id: UUID) -> Attachment | None:
    """Return the row with this id."""
    return db.session.get(Attachment, attachment_id)


def list_attachments(case_id: UUID) -> Sequence[Attachment]:
    """Return a case's files, removed ones too, in no particular order."""
    return db.session.scalars(select(Attachment).where(Attachment.case_id == case_id)).all()


def list_attachment_ids(case_id: UUID | None = None) -> Sequence[UUID]:
    """Return the id of every file of a case, or of all."""
    query = select(Attachment.id)
    return db.session.scalars(query if case_id is None else query.where(Attachment.case_id == case_id)).all()


def list_cases_with_files() -> Sequence[UUID]:
    """Return the id of every case that has a file, once."""
    return db.session.scalars(select(Attachment.case_id).distinct().order_by(Attachment.case_id)).all()


def list_copied_ids(connection: Connection) -> set[UUID]:
    """Return the id of every file in a copy of the database."""
    return set(connection.scalars(select(Attachment.__table__.c.id)))


def list_removed_before(moment: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Return case and id of the files that were removed before this moment, the first of them first."""
    query = select(Attachment.case_id, Attachment.id).where(Attachment.removed_at < moment)
    rows = db.session.execute(query.order_by(Attachment.removed_at, Attachment.id)).all()
    return [(case_id, attachment_id) for case_id, attachment_id in rows]


def keep_known(attachment_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these ids that have a row."""
    return database.keep_known(Attachment.id, attachment_ids)
