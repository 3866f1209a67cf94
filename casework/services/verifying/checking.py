"""Walking over every row that holds something sealed, and naming each that does not open."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Column, Connection, LargeBinary, Table, func, select, text
from sqlalchemy.exc import DBAPIError

from casework.errors import Invalid, VaultError
from casework.services.verifying.keys import Keys
from casework.services.verifying.ledger import check_ledger
from casework.services.verifying.openers import OPENERS
from casework.services.verifying.reading import Reading
from casework.store.database import db
from casework.store.head import WriteHead
from casework.store.sealedfiles import SealedFiles
from casework.vault.audit import GENESIS

_ROWS_AT_ONCE = 500
# Case keys open what comes after them, tombstones are held against the cases, and the audit log is long.
_FIRST, _LAST = ("case_key", "case_key_seal"), ("erasure", "audit_entry")


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that is hurt; `column` and `row` are empty where a whole table, or the file, is."""

    table: str
    row: str
    column: str
    reason: str

    def __str__(self) -> str:
        """Name it in a line."""
        place = ".".join(part for part in (self.table, self.column) if part)
        return f"{place} {self.row}: {self.reason}" if self.row else f"{place}: {self.reason}"


@dataclass(slots=True)
class Result:
    """What was found. `closed` columns were not this reader's to open: only their owners' keys do."""

    opened: int = 0
    closed: int = 0
    failures: int = 0


def sealed_columns() -> Iterator[tuple[Table, list[Column[bytes]]]]:
    """Yield every lasting table that has sealed columns, in the order in which they are to be opened."""
    tables = {table.name: table for table in db.metadatas[None].sorted_tables}
    rest = [name for name in tables if name not in (*_FIRST, *_LAST)]
    for name in (*_FIRST, *rest, *_LAST):
        columns = [
            column
            for column in tables[name].columns
            if column.name.endswith("_sealed") and isinstance(column.type, LargeBinary)
        ]
        if columns:
            yield tables[name], columns


def count_rows(connection: Connection) -> int:
    """Return how many rows there are to walk over; a table that cannot be counted has none."""
    total = 0
    for table, _columns in sealed_columns():
        with suppress(DBAPIError):
            total += connection.execute(select(func.count()).select_from(table)).scalar_one()
    return total


def check_all(
    connection: Connection,
    keys: Keys,
    files: SealedFiles,
    report: Callable[[Failure], None],
    advance: Callable[[int], None] = lambda _count: None,
) -> Result:
    """Open everything that the keys open, sealed files too, and report each failure as it is found.

    `advance` is told now and then how many more rows are done.
    """
    result, reading = Result(), Reading(keys, files)

    def fail(failure: Failure) -> None:
        result.failures += 1
        report(failure)

    for line in _check_file(connection):
        fail(Failure("database", "", "", line))
    for table, columns in sealed_columns():
        try:
            _check_table(connection, table, columns, reading, result, fail, advance)
        except DBAPIError as error:
            connection.rollback()
            fail(Failure(table.name, "", "", f"cannot be read ({type(error.orig).__name__})"))
    for failure in _check_end_of_log(connection, reading):
        fail(failure)
    with suppress(DBAPIError):
        for name, row, reason in check_ledger(connection, keys):
            fail(Failure(name, row, "", reason))
    return result


def _check_table(
    connection: Connection,
    table: Table,
    columns: list[Column[bytes]],
    reading: Reading,
    result: Result,
    fail: Callable[[Failure], None],
    advance: Callable[[int], None],
) -> None:
    query = select(table)
    if table.name in _LAST:
        query = query.order_by(*table.primary_key)
    rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(query)
    for chunk in rows.partitions():
        for row in chunk:
            for column in columns:
                try:
                    was_opened = OPENERS[f"{table.name}.{column.name}"](reading, row)
                except (VaultError, Invalid, ValueError, TypeError) as error:
                    fail(Failure(table.name, _name_row(table, row), column.name, _say(error)))
                else:
                    result.opened += was_opened
                    result.closed += not was_opened
        advance(len(chunk))


def _check_end_of_log(connection: Connection, reading: Reading) -> Iterator[Failure]:
    """Yield a failure where the log ends elsewhere than the row says that every writer locks."""
    with suppress(DBAPIError):
        end = connection.execute(select(WriteHead.audit_sequence, WriteHead.audit_hash)).one_or_none()
        found = reading.audit_head or GENESIS
        if end is None or tuple(end) != (found.sequence, found.hash):
            yield Failure("audit_entry", str(found.sequence), "", "the log does not end here")


def _name_row(table: Table, row: object) -> str:
    return "/".join(str(getattr(row, column.name)) for column in table.primary_key)


def _say(error: Exception) -> str:
    # Messages of the vault hold neither keys nor content.
    return str(error) if isinstance(error, VaultError) else "a value of another kind"


def _check_file(connection: Connection) -> Iterator[str]:
    """Yield what SQLite itself finds wrong with its file; PostgreSQL looks after its pages on reading."""
    if connection.dialect.name != "sqlite":
        return
    try:
        for (line,) in connection.execute(text("PRAGMA integrity_check")):
            if line != "ok":
                yield str(line).partition("\n")[0]
        for row in connection.execute(text("PRAGMA foreign_key_check")):
            yield f"a row of {row[0]} refers to one of {row[2]} that is not there"
    except DBAPIError as error:
        connection.rollback()
        yield f"the file cannot be read ({type(error.orig).__name__})"
