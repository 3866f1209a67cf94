"""Changes to the database that no service made: what whoever holds the file can do without any key."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, UniqueConstraint, delete, insert, select, update

from casework.services.auditing.findings import Fault
from casework.services.auditing.verifying import Report, check_log
from casework.services.backups.making import make_backup
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.store.database import Model, db
from casework.store.snapshot import list_covered_tables
from casework.store.written import describe_columns
from tests.services.deeds import DEEDS
from tests.support.application import Founded

Columns = dict[str, Any]
FILLING = (
    "case.restricted",
    "case.erased",
    "case.access_changed",
    "attachment.added",
    "draft.kept",
    "follow_up.added",
    "import.mapping_kept",
    "own_term.added",
    "policy.added",
    "official_count.added",
    "access_request.added",
    "view.kept",
    "incidents.imported",
    "person.linked",
    "person.merged",
    "release.approved",
    "signal.dismissed",
    "story.approved",
)


def fill(founded: Founded) -> None:
    """Do what writes to every table at least once."""
    for event in FILLING:
        DEEDS[event](founded).act()
    make_backup(founded.runtime)


def model_of(table: Table) -> type[Any]:
    """Return the class of a table's rows."""
    return next(model for model in Model.__subclasses__() if model.__table__ is table)


def find_row(table: Table) -> Columns:
    """Return one row, the last in the order of its key."""
    with db.engine.connect() as connection:
        row = connection.execute(select(table).order_by(*(c.desc() for c in table.primary_key))).first()
    assert row is not None, f"nothing was written to {table.name}: see FILLING"
    return row._asdict()


def place_of(table: Table, columns: Columns) -> tuple[str, UUID]:
    """Return what the log calls a row."""
    return describe_columns(table.name, [column.name for column in table.primary_key], columns)[:2]


def other(value: Any) -> Any:
    """Return another value of the same kind."""
    match value:
        case bytes():
            return value[:-1] + bytes([(value[-1] ^ 1) if value else 1])
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "x"
        case UUID():
            return uuid4()
        case datetime():
            return value + timedelta(days=1)
    raise AssertionError(f"no other {type(value)}")


def change_column(table: Table, columns: Columns) -> Columns | None:
    """Return the row with one column changed that is no key, or None where all are."""
    keys = {column.name for column in table.primary_key} | {
        column.name for column in table.columns if column.foreign_keys
    }
    for name, value in columns.items():
        if name not in keys and isinstance(value, bytes | int | str):
            return columns | {name: other(value)}
    return None


@contextmanager
def raw() -> Iterator[Connection]:
    """Give a connection that heeds no relation between tables."""
    with db.engine.connect() as connection:
        off, on = (
            ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON")
            if connection.dialect.name == "sqlite"
            else ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
        )
        connection.commit()
        cursor = connection.connection.cursor()
        cursor.execute(off)
        connection.commit()
        with connection.begin():
            yield connection
        cursor.execute(on)
        cursor.close()
        connection.commit()


def _where(table: Table, columns: Columns) -> list[Any]:
    return [column == columns[column.name] for column in table.primary_key]


def write_raw(table: Table, columns: Columns) -> None:
    """Let the row be this one, whatever was there."""
    with raw() as connection:
        connection.execute(delete(table).where(*_where(table, columns)))
        connection.execute(insert(table).values(**columns))


def delete_raw(table: Table, columns: Columns) -> None:
    """Let there be no such row."""
    with raw() as connection:
        connection.execute(delete(table).where(*_where(table, columns)))


def update_raw(table: Table, key: Mapping[str, Any], **values: Any) -> None:
    """Change columns of the row with this key."""
    with raw() as connection:
        found = [table.c[name] == value for name, value in key.items()]
        connection.execute(update(table).where(*found).values(**values))


def as_a_member(context: Context, table: Table, columns: Columns, change: Callable[[Any], None]) -> None:
    """Change a row in a transaction with its entry, as a service does."""
    with transaction(context, "account.profile_changed"):
        row = db.session.scalars(select(model_of(table)).where(*_where(table, columns))).one()
        change(row)


def verify(context: Context) -> Report:
    """Verify, as a coordinator does."""
    return check_log(context)


Found = tuple[tuple[str, UUID] | None, Fault | None]
"""The row that was tampered with, None where a table has none that could be; and what was found of it."""


def _find(context: Context, place: tuple[str, UUID]) -> Found:
    found = [one for one in verify(context).findings if (one.table, one.row_id) == place]
    return place, found[0].fault if found else None


def _change(context: Context, table: Table, row: Columns) -> Found:
    changed = change_column(table, row)
    if changed is None:
        return None, None  # all of it is its key: another one is another row
    write_raw(table, changed)
    found = _find(context, place_of(table, row))
    write_raw(table, row)
    return found


def _remove(context: Context, table: Table, row: Columns) -> Found:
    delete_raw(table, row)
    found = _find(context, place_of(table, row))
    write_raw(table, row)
    return found


def _put_in(context: Context, table: Table, row: Columns) -> Found:
    unique = {c.name for k in table.constraints if isinstance(k, UniqueConstraint) for c in k.columns}
    made = row | {name: other(row[name]) for name in {next(iter(table.primary_key)).name, *unique}}
    write_raw(table, made)
    found = _find(context, place_of(table, made))
    delete_raw(table, made)
    return found


def _roll_back(context: Context, table: Table, row: Columns) -> Found:
    changed = change_column(table, row)
    if changed is None:
        return None, None
    [name] = [name for name in row if row[name] != changed[name]]
    as_a_member(context, table, row, lambda found: setattr(found, name, changed[name]))
    write_raw(table, row)
    found = _find(context, place_of(table, row))
    write_raw(table, changed)
    return found


def _put_back(context: Context, table: Table, row: Columns) -> Found:
    with raw() as connection:  # who refers to it would keep it from being deleted
        for referring in list_covered_tables():
            if any(key.column.table is table for key in referring.foreign_keys):
                connection.execute(delete(referring))
        row = connection.execute(select(table).where(*_where(table, row))).one()._asdict()
    as_a_member(context, table, row, db.session.delete)
    write_raw(table, row)
    return _find(context, place_of(table, row))


KINDS: Mapping[Fault, Callable[[Context, Table, Columns], Found]] = {
    Fault.ROW_CHANGED: _change,
    Fault.ROW_REMOVED: _remove,
    Fault.ROW_UNKNOWN: _put_in,
    Fault.ROW_ROLLED_BACK: _roll_back,
    Fault.ROW_PUT_BACK: _put_back,
}
"""Every way to tamper with a row, by how it is found: in this order, since the last one deletes others."""
