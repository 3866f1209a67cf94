"""Views of the explorer that members keep, for themselves or for everybody who opens cases."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, UtcDateTime, db


class SavedView(Model):
    """A view: sealed to its member in `own_sealed`, or for all in `shared_sealed`; the other one is empty.

    `removed_at` is set from when it was removed until it is gone for good.
    """

    __tablename__ = "saved_view"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), index=True)
    version: Mapped[int]
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    own_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    own_version: Mapped[int]
    shared_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    shared_version: Mapped[int]


def find_view(view_id: UUID) -> SavedView | None:
    """Return the view with this id, whoever's it is."""
    return db.session.get(SavedView, view_id)


def list_views(member_id: UUID) -> Sequence[SavedView]:
    """Return the member's views and those of everybody, without the removed ones."""
    whose = or_(SavedView.member_id == member_id, SavedView.shared_sealed.is_not(None))
    query = select(SavedView).where(whose, SavedView.removed_at.is_(None))
    return db.session.scalars(query.order_by(SavedView.id)).all()


def list_removed_before(moment: datetime) -> Sequence[SavedView]:
    """Return the views that were removed before then."""
    return db.session.scalars(select(SavedView).where(SavedView.removed_at < moment)).all()
