"""The audit log's rows."""

from collections.abc import Sequence
from typing import ClassVar, cast

from sqlalchemy import LargeBinary, Select, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class AuditEntry(Model):
    """One event, sealed to the audit key and linked to the one before by its hash."""

    __tablename__ = "audit_entry"
    covered_by_log: ClassVar = False  # by the chain

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    rows_hash: Mapped[bytes] = mapped_column(LargeBinary)
    mac: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


EntryRow = tuple[int, bytes, bytes | None, bytes, bytes]
"""The parts of an entry in the vault's order, as plain values: there may be many."""

_LINK = (
    AuditEntry.sequence,
    AuditEntry.entry_sealed,
    AuditEntry.mac,
    AuditEntry.rows_hash,
    AuditEntry.hash,
)


def list_audit_entries() -> Sequence[AuditEntry]:
    """Return the whole log in order."""
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()


def list_entries_after(sequence: int, limit: int) -> list[EntryRow]:
    """Return the parts of the next entries, oldest first."""
    query = select(*_LINK).where(AuditEntry.sequence > sequence).order_by(AuditEntry.sequence).limit(limit)
    return _plain(query)


def list_entries_before(sequence: int, limit: int) -> list[EntryRow]:
    """Return the parts of the entries before this one, newest first."""
    query = (
        select(*_LINK).where(AuditEntry.sequence < sequence).order_by(AuditEntry.sequence.desc()).limit(limit)
    )
    return _plain(query)


def find_entry_hash(sequence: int) -> bytes | None:
    """Return the hash of an entry, None where it is not there."""
    return db.session.scalar(select(AuditEntry.hash).where(AuditEntry.sequence == sequence))


def delete_entries_through(sequence: int) -> None:
    """Delete every entry up to this one; the caller's transaction commits it."""
    db.session.execute(
        delete(AuditEntry).where(AuditEntry.sequence <= sequence).execution_options(synchronize_session=False)
    )


def find_oldest_sequence() -> int | None:
    """Return the number of the oldest entry that is still there."""
    return db.session.scalar(select(AuditEntry.sequence).order_by(AuditEntry.sequence).limit(1))


def _plain(query: Select[int, bytes, bytes | None, bytes, bytes]) -> list[EntryRow]:
    return cast("list[EntryRow]", [tuple(row) for row in db.session.execute(query)])
