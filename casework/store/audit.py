"""The audit log's rows."""

from collections.abc import Sequence

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class AuditEntry(Model):
    """One event, sealed to the audit key and linked to the one before by its hash."""

    __tablename__ = "audit_entry"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    rows_hash: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


def list_audit_entries() -> Sequence[AuditEntry]:
    """Return the whole log in order."""
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
