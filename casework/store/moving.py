"""A database on its way into another one: the mark of what is half there, and the rows, in order.

Rows are brought in the order of their primary keys, a batch in a transaction: what stands in the new database
is always a beginning of what stands in the old one, so that how far it is can be read off the rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Uuid,
    collate,
    func,
    inspect,
    literal,
    select,
    text,
    tuple_,
)

from casework.store.database import db
from casework.store.head import WriteHead
from casework.store.organization import Organization

_ROWS_AT_ONCE, _BYTES_AT_ONCE = 500, 4 * 1024 * 1024
_ROWS_READ_AHEAD = 100
# No migration makes it, and none has to know it: it is there from the beginning of a move to its end.
_MARK = Table(
    "move_under_way",
    MetaData(),
    Column("organization_id", Uuid, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("audit_sequence", Integer, nullable=False),
    Column("audit_hash", LargeBinary, nullable=False),
)


class Origin(NamedTuple):
    """Of what a database is a copy: whose, and as of which write."""

    organization_id: UUID
    generation: int
    audit_sequence: int
    audit_hash: bytes


def is_half_moved() -> bool:
    """Return whether a move into the database in use was begun and not finished."""
    return inspect(db.engine).has_table(_MARK.name)


def list_tables() -> Sequence[Table]:
    """Return every lasting table, those first to which others refer."""
    return db.metadatas[None].sorted_tables


def find_origin(connection: Connection) -> Origin | None:
    """Return whose database this is, and its last write; None before an organization was founded."""
    organization_id = connection.scalar(select(Organization.id))
    head = connection.execute(
        select(WriteHead.generation, WriteHead.audit_sequence, WriteHead.audit_hash)
    ).one_or_none()
    return Origin(organization_id, *head) if organization_id and head else None


def find_mark(target: Engine) -> Origin | None:
    """Return of what a move into this database was begun; None where none was."""
    if not inspect(target).has_table(_MARK.name):
        return None
    with target.connect() as connection:
        return Origin(*connection.execute(select(_MARK)).one())


def begin(target: Engine, origin: Origin) -> None:
    """Make the database empty, and mark it as a half; all of it or nothing."""
    there = MetaData()
    with target.begin() as connection:
        there.reflect(connection)
        there.drop_all(connection)
        _MARK.create(connection)
        connection.execute(_MARK.insert().values(origin._asdict()))


def finish(target: Engine) -> None:
    """Take the mark away: casework may start. Its sequences go on after what is there."""
    with target.begin() as connection:
        if target.dialect.name == "postgresql":
            for table in list_tables():
                _set_sequence(connection, table)
        _MARK.drop(connection)
    if target.dialect.name == "postgresql":
        with target.begin() as connection:
            connection.execute(text("ANALYZE"))  # else the first questions are answered without a plan


def _set_sequence(connection: Connection, table: Table) -> None:
    for column in table.primary_key:
        if isinstance(column.type, Integer):
            name = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            last = connection.scalar(select(func.max(column)))
            if name and last:
                connection.execute(select(func.setval(name, last)))


def is_empty(target: Engine) -> bool:
    """Return whether there is nothing in a database: no table but casework's own, and no row in those."""
    there = set(inspect(target).get_table_names()) - {"alembic_version"}
    tables = {table.name: table for table in list_tables()}
    if not there <= tables.keys():
        return False
    with target.connect() as connection:
        return not any(
            connection.scalar(select(literal(1)).select_from(tables[name]).limit(1)) for name in there
        )


def read_revisions(connection: Connection) -> set[str]:
    """Return which migrations a database has come to; none where it has no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.scalars(text("SELECT version_num FROM alembic_version")))


def count_rows(connection: Connection) -> int:
    """Return how many rows there are in all."""
    return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in list_tables())


def copy_table(source: Connection, target: Engine, table: Table, advance: Callable[[int], None]) -> None:
    """Bring the rows of a table that are not there yet; `advance` is told how many more are, those too.

    Raises DBAPIError where either side refuses: what was brought stays.
    """
    with target.connect() as connection:
        advance(connection.scalar(select(func.count()).select_from(table)) or 0)
        last = _find_last(connection, table)
    query = in_order(table, source)
    if last is not None:
        query = query.where(_comes_after(table, source, last))
    for batch in _in_batches(source.execute(query).mappings()):
        with target.begin() as connection:
            connection.execute(table.insert(), batch)
        advance(len(batch))


def in_order(table: Table, connection: Connection) -> Select[Any]:
    """Return the question for every row of a table, by primary key, in the same order for either database."""
    query = select(table).order_by(*_key(table, connection))
    return query.execution_options(yield_per=_ROWS_READ_AHEAD)


def _key(table: Table, connection: Connection) -> list[ColumnElement[Any]]:
    # A server may sort text as its country does; SQLite sorts bytes.
    is_server = connection.dialect.name == "postgresql"
    return [
        collate(column, "C") if is_server and isinstance(column.type, String) else column
        for column in table.primary_key
    ]


def _find_last(connection: Connection, table: Table) -> Sequence[Any] | None:
    order = [column.desc() for column in _key(table, connection)]
    return connection.execute(select(*table.primary_key).order_by(*order).limit(1)).one_or_none()


def _comes_after(table: Table, connection: Connection, last: Sequence[Any]) -> ColumnElement[bool]:
    values = [literal(value, column.type) for column, value in zip(table.primary_key, last, strict=True)]
    return tuple_(*_key(table, connection)) > tuple_(*values)


def _in_batches(rows: Iterable[Any]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        batch.append(dict(row))
        size += sum(len(value) for value in row.values() if isinstance(value, bytes))
        if len(batch) >= _ROWS_AT_ONCE or size >= _BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
