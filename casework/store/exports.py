"""Statistics that have left the organization, kept sealed: the later ledger starts from them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class StatisticsExport(Model):
    """One export: its definition, the published cells and what was hidden, sealed."""

    __tablename__ = "statistics_export"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    version: Mapped[int]
    export_sealed: Mapped[bytes] = mapped_column(LargeBinary)


def find_export(export_id: UUID) -> StatisticsExport | None:
    """Return the export with this id."""
    return db.session.get(StatisticsExport, export_id)


def list_exports() -> Sequence[StatisticsExport]:
    """Return every export, newest first."""
    return db.session.scalars(select(StatisticsExport).order_by(StatisticsExport.number.desc())).all()
