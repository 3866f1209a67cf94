"""Patterns: their definitions, sealed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class Pattern(Model):
    """A tag's definition. Which incidents carry it stands in their sealed documents, never here."""

    __tablename__ = "pattern"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    definition_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    definition_version: Mapped[int]


def find_pattern(pattern_id: UUID) -> Pattern | None:
    """Return the pattern with this id."""
    return db.session.get(Pattern, pattern_id)


def list_patterns() -> Sequence[Pattern]:
    """Return every pattern, retired and merged ones too."""
    return db.session.scalars(select(Pattern)).all()
