"""The organization's row."""

from uuid import UUID

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class Organization(Model):
    """One row. `is_demonstration` stands in plain text so that the sign-in page can say it too.

    `host_key_check` tells a wrong host key file from a wrong passphrase. `recovery_sealed` is empty where the
    shares were made before they were written down.
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


def find_organization() -> Organization | None:
    """Return the organization, or None before first run."""
    return db.session.scalar(select(Organization))


def find_host_key_check() -> bytes | None:
    """Return what the host key is compared with, or None before first run; whatever columns there are."""
    return db.session.scalar(select(Organization.host_key_check))
