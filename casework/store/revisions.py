"""What changed in the records of a case: ciphertext and plain relations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, func, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class Revision(Model):
    """One change of one record: which one it is of, is plain; by whom, when and what, is sealed.

    `identity_sealed` is empty where nothing of who somebody is changed.
    """

    __tablename__ = "revision"
    __table_args__ = (
        Index("ix_revision_case_id_generation", "case_id", "generation"),
        Index("ix_revision_record_id", "record_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    record: Mapped[str]
    record_id: Mapped[UUID]
    generation: Mapped[int]
    identity_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_version: Mapped[int]
    narrative_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    narrative_version: Mapped[int]


def count_saves(case_id: UUID) -> int:
    """Return how often something was saved in a case: all that one transaction changes counts once."""
    query = select(func.count(Revision.generation.distinct())).where(Revision.case_id == case_id)
    return db.session.scalar(query) or 0


def list_of_saves(case_id: UUID, limit: int, after: int) -> Sequence[Revision]:
    """Return the changes of `limit` saves of a case, newest save first, without its newest `after` ones."""
    query = select(Revision.generation).where(Revision.case_id == case_id).distinct()
    saves = db.session.scalars(query.order_by(Revision.generation.desc()).offset(after).limit(limit)).all()
    found = select(Revision).where(Revision.case_id == case_id, Revision.generation.in_(saves))
    return db.session.scalars(found.order_by(Revision.generation.desc(), Revision.id)).all()


def list_revisions(case_id: UUID) -> Sequence[Revision]:
    """Return all that changed in a case, newest first."""
    query = select(Revision).where(Revision.case_id == case_id)
    return db.session.scalars(query.order_by(Revision.generation.desc(), Revision.id)).all()


def list_revisions_of(record_id: UUID) -> Sequence[Revision]:
    """Return the changes of one record in no particular order."""
    return db.session.scalars(select(Revision).where(Revision.record_id == record_id)).all()
