"""The organization's row."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, UtcDateTime, db


class Organization(Model):
    """One row. `is_demonstration` stands in plain text so that the sign-in page can say it too.

    `host_key_check` tells a wrong host key file from a wrong passphrase. `recovery_sealed` is empty where the
    shares were made before they were written down, `log_sealed` until an entry of the audit log has expired
    or the log is held. `sealed_at` is set while the emergency seal is on: nobody gets in but by a quorum.
    """

    __tablename__ = "organization"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_demonstration: Mapped[bool]
    host_key_check: Mapped[bytes] = mapped_column(LargeBinary)
    profile_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    profile_version: Mapped[int]
    recovery_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    recovery_version: Mapped[int]
    retention_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    retention_version: Mapped[int]
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    log_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    log_version: Mapped[int] = mapped_column(default=0)


class Standing(NamedTuple):
    """What every request asks first."""

    is_sealed: bool
    host_key_check: bytes


def find_organization() -> Organization | None:
    """Return the organization, or None before first run."""
    return db.session.scalar(select(Organization))


def find_standing() -> Standing | None:
    """Return whether the seal is on and which host key fits, or None before first run."""
    row = db.session.execute(select(Organization.sealed_at, Organization.host_key_check)).one_or_none()
    return Standing(row.sealed_at is not None, row.host_key_check) if row else None


def is_sealed() -> bool:
    """Return whether the seal is on."""
    standing = find_standing()
    return standing is not None and standing.is_sealed


def find_host_key_check() -> bytes | None:
    """Return what the host key is compared with, or None before first run; whatever columns there are."""
    return db.session.scalar(select(Organization.host_key_check))
