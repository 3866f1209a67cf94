"""The backups that were made: when, how large, until when they are kept. The files lie elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, false, func, select, true
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, UtcDateTime, db


class Backup(Model):
    """One file. `is_downloaded` once a copy of it has left: that one never expires by itself.

    `expires_at` counts only while the file is not in the folder: else the file itself says until when.
    """

    __tablename__ = "backup"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    file_hash: Mapped[bytes] = mapped_column(LargeBinary)
    is_downloaded: Mapped[bool]
    is_deleted: Mapped[bool]


def find_backup(backup_id: UUID) -> Backup | None:
    """Return the backup with this id, deleted or not."""
    return db.session.get(Backup, backup_id)


def list_backups() -> Sequence[Backup]:
    """Return the backups whose files are kept, newest first."""
    query = select(Backup).where(Backup.is_deleted == false()).order_by(Backup.made_at.desc())
    return db.session.scalars(query).all()


def list_known() -> set[datetime]:
    """Return when every backup was made that was ever noted here, deleted ones too."""
    return set(db.session.scalars(select(Backup.made_at)))


def count_downloaded(before: datetime) -> int:
    """Return how many of the backups made before then have left as a copy."""
    query = select(func.count()).where(Backup.made_at < before, Backup.is_downloaded == true())
    return db.session.scalar(query) or 0
