"""Dismissed signals, sealed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class DismissalRow(Model):
    """A dismissed signal: written once, and removed where somebody takes the dismissal back."""

    __tablename__ = "dismissal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)


def find_dismissal(dismissal_id: UUID) -> DismissalRow | None:
    """Return the dismissal with this id."""
    return db.session.get(DismissalRow, dismissal_id)


def list_dismissals() -> Sequence[DismissalRow]:
    """Return every dismissal."""
    return db.session.scalars(select(DismissalRow)).all()
