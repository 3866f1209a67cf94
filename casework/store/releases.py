"""Releases, and the ledger of all that were ever approved."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, func, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class ReleaseRow(Model):
    """A release from its draft on. `number` is empty until it is approved."""

    __tablename__ = "release"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[int | None] = mapped_column(unique=True)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerEntry(Model):
    """What an approved release was, with the counts behind it. Nothing changes or deletes one.

    `entry_hash` covers the one before it and the sealed bytes (`vault/ledger.py`).
    """

    __tablename__ = "ledger_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    release_id: Mapped[UUID] = mapped_column(ForeignKey("release.id"), unique=True)
    entry_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    entry_version: Mapped[int]
    entry_hash: Mapped[bytes] = mapped_column(LargeBinary)


def find_release(release_id: UUID) -> ReleaseRow | None:
    """Return the release with this id."""
    return db.session.get(ReleaseRow, release_id)


def find_numbered(number: int) -> ReleaseRow | None:
    """Return the approved release of this number."""
    return db.session.scalar(select(ReleaseRow).where(ReleaseRow.number == number))


def list_releases() -> Sequence[ReleaseRow]:
    """Return every release and draft, by number; what has none comes last."""
    return db.session.scalars(
        select(ReleaseRow).order_by(ReleaseRow.number.is_(None), ReleaseRow.number, ReleaseRow.id)
    ).all()


def list_entries() -> Sequence[LedgerEntry]:
    """Return the ledger from its beginning."""
    return db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()


def find_last_hash() -> bytes | None:
    """Return the hash of the ledger's last entry."""
    return db.session.scalar(select(LedgerEntry.entry_hash).order_by(LedgerEntry.number.desc()).limit(1))


def count_numbered() -> int:
    """Return how many releases have a number."""
    query = select(func.count()).select_from(ReleaseRow).where(ReleaseRow.number.is_not(None))
    return db.session.scalar(query) or 0
