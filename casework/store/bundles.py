"""Cases that a member chose together, sealed to them; volatile: no disk and no backup ever holds one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import LargeBinary, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class Bundle(Model):
    """What a member chose, and the way back from what they did with it.

    `busy_since_seconds` is set while something is done. Times are whole seconds since 1970, in UTC.
    """

    __tablename__ = "bundle"
    __bind_key__ = "volatile"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(index=True)
    version: Mapped[int]
    ends_at_seconds: Mapped[int]
    busy_since_seconds: Mapped[int | None]
    state_sealed: Mapped[bytes] = mapped_column(LargeBinary)


def find_bundle(bundle_id: UUID) -> Bundle | None:
    """Return the bundle with this id, whoever's it is."""
    return db.session.get(Bundle, bundle_id)


def list_bundles(member_id: UUID) -> Sequence[Bundle]:
    """Return a member's bundles, the one that ends last first."""
    query = select(Bundle).where(Bundle.member_id == member_id)
    return db.session.scalars(query.order_by(Bundle.ends_at_seconds.desc(), Bundle.id)).all()


def delete_bundles_over(now_seconds: int) -> None:
    """Delete the bundles whose time is over."""
    db.session.execute(delete(Bundle).where(Bundle.ends_at_seconds <= now_seconds))


def delete_all_bundles() -> None:
    """Delete every bundle."""
    db.session.execute(delete(Bundle))
