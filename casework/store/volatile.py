"""The volatile database: session seeds and the first-run ceremony. It lives in RAM and is never backed up."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import LargeBinary, delete, false, func, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.attempts import KnownNetworkRow
from casework.store.database import Model, db


class SessionRow(Model):
    """A session: the member's seed, sealed under the secret that only the member's cookie holds.

    `seed_sealed` is emptied when the screen locks; the row stays so that a form posted late can be sealed
    to its writer, as a roster names them that fits `pin_sealed`. `device_sealed` is under the member's own
    key: whoever has a session sees their others. `confirmed_at_seconds` is when its member last showed once
    more who they are. Times are whole seconds since 1970, in UTC.
    """

    __tablename__ = "session"
    __bind_key__ = "volatile"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    row_id: Mapped[UUID]
    member_id: Mapped[UUID]
    started_at_seconds: Mapped[int]
    seen_at_seconds: Mapped[int]
    confirmed_at_seconds: Mapped[int | None]
    seed_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    pin_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    device_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CeremonyRow(Model):
    """A set-up on its way, sealed under a secret that only the browser's cookie holds."""

    __tablename__ = "ceremony"
    __bind_key__ = "volatile"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    row_id: Mapped[UUID]
    version: Mapped[int]
    ends_at_seconds: Mapped[int]
    state_sealed: Mapped[bytes] = mapped_column(LargeBinary)


def begin_writing() -> None:
    """Wait for the right to write, and only then read what is to be changed; a commit or rollback ends it.

    SQLite refuses at once who has read, and writes after somebody else has: no waiting would help them.
    """
    db.session.rollback()
    db.session.execute(delete(SessionRow).where(false()))


def find_session(id_hash: bytes) -> SessionRow | None:
    """Return the session with this id."""
    return db.session.get(SessionRow, id_hash)


def has_open_session() -> bool:
    """Return whether any session still has its seed."""
    return (
        db.session.scalar(select(SessionRow.id_hash).where(SessionRow.seed_sealed.is_not(None)).limit(1))
        is not None
    )


def list_sessions(member_id: UUID) -> Sequence[SessionRow]:
    """Return a member's sessions, the one used last first."""
    query = select(SessionRow).where(SessionRow.member_id == member_id)
    return db.session.scalars(query.order_by(SessionRow.seen_at_seconds.desc())).all()


def count_open_sessions(seen_at_seconds: int, started_at_seconds: int) -> dict[UUID, int]:
    """Return how many sessions of each member hold their seed, last seen and begun no earlier than this."""
    query = select(SessionRow.member_id, func.count()).where(
        SessionRow.seed_sealed.is_not(None),
        SessionRow.seen_at_seconds >= seen_at_seconds,
        SessionRow.started_at_seconds >= started_at_seconds,
    )
    return {member_id: count for member_id, count in db.session.execute(query.group_by(SessionRow.member_id))}


def delete_session(member_id: UUID, row_id: UUID) -> int:
    """End one session of a member; returns how many there were: one or none."""
    query = delete(SessionRow).where(SessionRow.member_id == member_id, SessionRow.row_id == row_id)
    return len(db.session.execute(query.returning(SessionRow.row_id)).all())


def delete_other_sessions(member_id: UUID, id_hash: bytes) -> int:
    """End every session of a member but this one; returns how many there were."""
    query = delete(SessionRow).where(SessionRow.member_id == member_id, SessionRow.id_hash != id_hash)
    return len(db.session.execute(query.returning(SessionRow.row_id)).all())


def delete_everything() -> None:
    """Delete every session, everything that a browser has begun, and where members sign in from."""
    for table in (SessionRow, CeremonyRow, KnownNetworkRow):
        db.session.execute(delete(table))


def find_ceremony(id_hash: bytes) -> CeremonyRow | None:
    """Return the ceremony with this id."""
    return db.session.get(CeremonyRow, id_hash)


def delete_sessions_before(seen_at_seconds: int) -> None:
    """Forget sessions last seen before this second."""
    db.session.execute(delete(SessionRow).where(SessionRow.seen_at_seconds < seen_at_seconds))


def lock_sessions_before(seen_at_seconds: int, started_at_seconds: int) -> None:
    """Destroy the seeds of sessions idle or open for too long."""
    stale = (SessionRow.seen_at_seconds < seen_at_seconds) | (
        SessionRow.started_at_seconds < started_at_seconds
    )
    for row in db.session.scalars(select(SessionRow).where(stale, SessionRow.seed_sealed.is_not(None))):
        row.seed_sealed = None


def delete_ceremonies_over(now_seconds: int) -> None:
    """Forget ceremonies whose time is over."""
    db.session.execute(delete(CeremonyRow).where(CeremonyRow.ends_at_seconds <= now_seconds))
