"""Drafts: what somebody had typed, sealed to them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Row, func, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, UtcDateTime, db


class Draft(Model):
    """A form on its way; `kind` names the form, never what is in it.

    `recovery_number` is the roster's entry that named the recovery key which opens it beside its writer.
    """

    __tablename__ = "draft"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), index=True)
    version: Mapped[int]
    kind: Mapped[str]
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    recovery_number: Mapped[int]


def find_draft(draft_id: UUID) -> Draft | None:
    """Return the draft with this id, whoever's it is."""
    return db.session.get(Draft, draft_id)


def list_drafts(member_id: UUID) -> Sequence[Draft]:
    """Return a member's drafts, newest first."""
    query = select(Draft).where(Draft.member_id == member_id).order_by(Draft.kept_at.desc())
    return db.session.scalars(query).all()


def count_drafts(member_id: UUID) -> int:
    """Return how many drafts a member has."""
    return db.session.scalar(select(func.count()).where(Draft.member_id == member_id)) or 0


def list_all_drafts() -> Sequence[Draft]:
    """Return everybody's drafts."""
    return db.session.scalars(select(Draft)).all()


def list_writers() -> Sequence[Row[UUID, datetime, int]]:
    """Return of every draft whose it is, when it was kept, and its `recovery_number`."""
    query = select(Draft.member_id, Draft.kept_at, Draft.recovery_number).order_by(Draft.id)
    return db.session.execute(query).all()


def list_drafts_before(member_id: UUID, recovery_number: int) -> Sequence[Draft]:
    """Return a member's drafts that are still sealed to an earlier recovery key than that of this entry."""
    query = select(Draft).where(Draft.member_id == member_id, Draft.recovery_number < recovery_number)
    return db.session.scalars(query).all()


def count_drafts_before(recovery_number: int) -> int:
    """Return how many drafts are still sealed to an earlier recovery key than that of this entry."""
    return db.session.scalar(select(func.count()).where(Draft.recovery_number < recovery_number)) or 0
