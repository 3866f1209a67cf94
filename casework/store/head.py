"""The one row that every write locks: it orders writers, numbers changes and ends the audit chain."""

import secrets
import time
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import LargeBinary, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db, is_rivalry

_PAUSES_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.4)
"""Between attempts to get the write lock; up to twice as long, so that rivals do not meet again."""


class WriteHead(Model):
    """Exactly one row, made with the organization."""

    __tablename__ = "write_head"
    covered_by_log: ClassVar = False  # it ends the chain

    id: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int]
    audit_sequence: Mapped[int]
    audit_hash: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Head:
    """The row as a writer found it once it held the lock; `generation` is the writer's own."""

    generation: int
    audit_sequence: int
    audit_hash: bytes


def lock_head(draw: bool = True) -> Head | None:
    """Take the write lock until commit and draw the next generation; None before the organization exists.

    With `draw=False` the generation stays: for what writes no case, person or incident.

    It must be the first statement of its transaction: SQLite refuses to turn a stale snapshot into a writer,
    and where a rival was faster the transaction is rolled back and begun anew. PostgreSQL makes writers wait;
    a database that refuses the slower one instead (SQLSTATE class 40) is asked again a few times, and then
    SQLAlchemy's DBAPIError is raised.
    """
    for pause_seconds in _PAUSES_SECONDS:
        try:
            return _ask_for_lock(draw)
        except DBAPIError as error:
            if not is_rivalry(error):
                raise
            db.session.rollback()
            time.sleep(pause_seconds * (1 + secrets.randbelow(1000) / 1000))
    return _ask_for_lock(draw)


def add_head(audit_hash: bytes) -> Head:
    """Make the row for a new organization; its primary key refuses a second one."""
    db.session.add(WriteHead(id=1, generation=1, audit_sequence=0, audit_hash=audit_hash))
    db.session.flush()
    return Head(1, 0, audit_hash)


def advance_audit(sequence: int, audit_hash: bytes) -> None:
    """Move the audit chain's end; only under the lock."""
    db.session.execute(
        update(WriteHead)
        .values(audit_sequence=sequence, audit_hash=audit_hash)
        .execution_options(synchronize_session=False)
    )


def find_audit_end() -> tuple[int, bytes] | None:
    """Return the sequence and hash of the newest audit entry; None before the organization exists."""
    row = db.session.execute(select(WriteHead.audit_sequence, WriteHead.audit_hash)).one_or_none()
    return (row[0], row[1]) if row else None


def get_generation() -> int:
    """Return the number of the last committed change; 0 before the organization exists."""
    return db.session.scalar(select(WriteHead.generation)) or 0


def find_head() -> Head:
    """Return the row as it stands, without the lock; a head of nothing before the organization exists."""
    row = db.session.execute(
        select(WriteHead.generation, WriteHead.audit_sequence, WriteHead.audit_hash)
    ).one_or_none()
    return Head(*row) if row else Head(0, 0, b"")


def _ask_for_lock(draw: bool) -> Head | None:
    row = db.session.execute(
        update(WriteHead)
        .values(generation=WriteHead.generation + int(draw))
        .returning(WriteHead.generation, WriteHead.audit_sequence, WriteHead.audit_hash)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Head(*row) if row else None
