"""The organization's own terms of the code lists: their definitions, sealed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class OwnTerm(Model):
    """A term's definition. Which records carry it stands in their sealed documents, never here."""

    __tablename__ = "own_term"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    definition_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    definition_version: Mapped[int]


def find_own_term(term_id: UUID) -> OwnTerm | None:
    """Return the term with this id."""
    return db.session.get(OwnTerm, term_id)


def list_own_terms() -> Sequence[OwnTerm]:
    """Return every term, retired and merged ones too."""
    return db.session.scalars(select(OwnTerm)).all()
