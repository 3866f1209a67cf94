"""Reading the lasting database as of one moment, however long it takes and whoever writes meanwhile."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Table, func, select

from casework.store.database import Model, db
from casework.store.written import WrittenRow, describe_columns, is_covered

_CHUNK = 500


@contextmanager
def snapshot() -> Iterator[None]:
    """Let every read through the session see what was committed when this began; writes come later."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        db.session.rollback()


def list_covered_tables() -> Sequence[Table]:
    """Return every table of which the audit log lists the rows: all lasting ones but the log's own."""
    covered = {model.__tablename__ for model in Model.__subclasses__() if is_covered(model)}
    return [table for table in db.metadatas[None].sorted_tables if table.name in covered]


def count_rows() -> int:
    """Return how many rows `iterate_rows` yields."""
    counts = (select(func.count()).select_from(table) for table in list_covered_tables())
    return sum(db.session.scalar(count) or 0 for count in counts)


def iterate_rows() -> Iterator[WrittenRow]:
    """Yield each row as the audit log describes it."""
    for table in list_covered_tables():
        key = [column.name for column in table.primary_key]
        for row in db.session.execute(select(table), execution_options={"yield_per": _CHUNK}).mappings():
            yield describe_columns(table.name, key, dict(row))
