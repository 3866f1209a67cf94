"""Official counts that the organization entered, and its requests for access; sealed."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class OfficialCountRow(Model):
    """A published figure. Where it came from, a list or a request, stands in its document."""

    __tablename__ = "official_count"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    count_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    count_version: Mapped[int]


class AccessRequestRow(Model):
    """A request for access to information: to whom, when, and what became of it."""

    __tablename__ = "access_request"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    request_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    request_version: Mapped[int]


def find_official_count(count_id: UUID) -> OfficialCountRow | None:
    """Return the figure with this id."""
    return db.session.get(OfficialCountRow, count_id)


def list_official_counts() -> Sequence[OfficialCountRow]:
    """Return every figure, retired ones too."""
    return db.session.scalars(select(OfficialCountRow)).all()


def find_access_request(request_id: UUID) -> AccessRequestRow | None:
    """Return the request with this id."""
    return db.session.get(AccessRequestRow, request_id)


def list_access_requests() -> Sequence[AccessRequestRow]:
    """Return every request, closed ones too."""
    return db.session.scalars(select(AccessRequestRow)).all()
