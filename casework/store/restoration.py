"""Restoring: the marks of a database that is not whole yet, and the rows of a copy brought into it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, UtcDateTime, db
from casework.store.organization import find_host_key_check

_ROWS_AT_ONCE = 500
# The rows there may be.
_UNDER_WAY, _LEDGER_IN_DOUBT, _STORIES_IN_DOUBT = 1, 2, 3


class Restoration(Model):
    """A row while a restore is under way: what was erased since may still stand here, so nobody gets in.

    And one from then on until a coordinator has answered whether releases left after the backup was made:
    its time is that of the backup. And one until the next story is approved: its time is that of the restore.
    """

    __tablename__ = "restoration"
    covered_by_log = False

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)


def is_half_restored() -> bool:
    """Return whether a restore into this database was begun and not finished."""
    if not inspect(db.engine).has_table(Restoration.__tablename__):
        return False
    query = select(func.count()).select_from(Restoration).where(Restoration.id == _UNDER_WAY)
    return db.session.scalar(query) != 0


def holds_organization() -> bool:
    """Return whether there is anything in this database that a restore must not be put over."""
    return inspect(db.engine).has_table("organization") and find_host_key_check() is not None


def count_rows(source: Engine) -> int:
    """Return how many rows a copy has."""
    with source.connect() as connection:
        tables = db.metadatas[None].sorted_tables
        return sum(connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables)


def load_rows(source: Engine, started_at: datetime, advance: Callable[[int], None]) -> None:
    """Bring every row of a copy into this empty database, all or none of them, under the mark.

    Both are at the newest schema; `advance` is told how many more rows are done.
    """
    db.session.rollback()
    db.session.add(Restoration(id=_UNDER_WAY, started_at=started_at))
    with source.connect() as connection:
        for table in db.metadatas[None].sorted_tables:
            rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table))
            for chunk in rows.mappings().partitions():
                rows_of_chunk = [dict(row) for row in chunk]
                db.session.execute(table.insert(), rows_of_chunk, execution_options={"unlisted": True})
                advance(len(chunk))
    db.session.commit()


def end_restoration() -> None:
    """Take the mark away; the caller's transaction commits it."""
    _delete(_UNDER_WAY)


def doubt_ledger(made_at: datetime) -> None:
    """Mark that releases may have left after this moment; the caller's transaction commits it."""
    _mark(_LEDGER_IN_DOUBT, made_at)


def find_doubt() -> datetime | None:
    """Return the moment after which releases may have left that are not here; None without doubt."""
    return _find(_LEDGER_IN_DOUBT)


def end_doubt() -> None:
    """Take that mark away; the caller's transaction commits it."""
    _delete(_LEDGER_IN_DOUBT)


def doubt_stories(restored_at: datetime) -> None:
    """Mark that stories may have numbers that are not here; the caller's transaction commits it."""
    _mark(_STORIES_IN_DOUBT, restored_at)


def find_doubt_of_stories() -> datetime | None:
    """Return the moment of a restore since which no story was approved; None without doubt."""
    return _find(_STORIES_IN_DOUBT)


def end_doubt_of_stories() -> None:
    """Take that mark away; the caller's transaction commits it."""
    _delete(_STORIES_IN_DOUBT)


def _mark(row_id: int, moment: datetime) -> None:
    """A copy may bring such a mark of its own."""
    _delete(row_id)
    db.session.flush()
    db.session.add(Restoration(id=row_id, started_at=moment))


def _find(row_id: int) -> datetime | None:
    return db.session.scalar(select(Restoration.started_at).where(Restoration.id == row_id))


def _delete(row_id: int) -> None:
    row = db.session.get(Restoration, row_id)
    if row is not None:
        db.session.delete(row)
