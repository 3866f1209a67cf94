"""A copy out of a backup, opened beside the database in use: always SQLite, at the newest schema."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from alembic import command
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import URL, Boolean, Engine, LargeBinary, Table, Uuid, create_engine, text
from sqlalchemy.types import DateTime, Integer

from casework.store.copies import POSTGRES_NAME, CopyFailed
from casework.store.database import db

_COPY = re.compile(r"COPY (?:\w+\.)?\"?(\w+)\"? \((.+)\) FROM stdin;\n")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ROWS_AT_ONCE = 500


@contextmanager
def open_scratch(file: Path, revision: str) -> Iterator[Engine]:
    """Open a copy of either database; raises CopyFailed where this casework is older, or it does not read.

    It is changed in the doing: migrated to the newest schema.
    """
    is_dump = file.name == POSTGRES_NAME
    place = file.with_suffix(".scratch") if is_dump else file
    engine = create_engine(URL.create("sqlite", database=str(place)), hide_parameters=True)
    try:
        if is_dump:
            migrate(engine, revision)
            _load_dump(file, engine)
        migrate(engine, "head")
        yield engine
    finally:
        engine.dispose()


def migrate_database() -> None:
    """Bring the database in use to the newest schema."""
    db.session.rollback()
    migrate(db.engine, "head")


def migrate(engine: Engine, revision: str) -> None:
    """Bring a database to that schema; raises CopyFailed where it is of a newer casework."""
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["engine"] = engine
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise CopyFailed("the copy is of a newer casework") from error


def _load_dump(file: Path, engine: Engine) -> None:
    program = shutil.which("pg_restore")
    if program is None:
        raise CopyFailed("pg_restore is not installed")
    arguments = [program, "--data-only", "--file=-", str(file)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, encoding="utf-8") as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101 - it is piped
        with engine.begin() as connection:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            connection.execute(text("DELETE FROM alembic_version"))
            for name, columns, rows in _read_tables(process.stdout):
                table = _reflect(name, engine)
                for chunk in _chunks(rows):
                    connection.execute(table.insert(), [_convert(table, columns, row) for row in chunk])
    if process.returncode:
        raise CopyFailed(f"pg_restore ended with {process.returncode}")


def _reflect(name: str, engine: Engine) -> Table:
    """Return the table as it is; its column types come from today's model where there is one."""
    known = db.metadatas[None].tables.get(name)
    return known if known is not None else Table(name, db.MetaData(), autoload_with=engine)


def _read_tables(dump: IO[str]) -> Iterator[tuple[str, list[str], Iterator[str]]]:
    for line in dump:
        if found := _COPY.fullmatch(line):
            columns = [column.strip(' "') for column in found[2].split(",")]
            yield found[1], columns, _read_rows(dump)


def _read_rows(dump: IO[str]) -> Iterator[str]:
    for line in dump:
        if line == "\\.\n":
            return
        yield line[:-1]


def _chunks(rows: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _ROWS_AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _convert(table: Table, columns: list[str], row: str) -> dict[str, Any]:
    values = zip(columns, row.split("\t"), strict=True)
    return {name: _read_value(table.columns[name].type, value) for name, value in values}


def _read_value(kind: Any, value: str) -> Any:
    if value == "\\N":
        return None
    plain = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), value)
    kind = getattr(kind, "impl", kind)
    match kind:
        case LargeBinary():
            return bytes.fromhex(plain.removeprefix("\\x"))
        case Uuid():
            return UUID(plain)
        case Boolean():
            return plain == "t"
        case Integer():
            return int(plain)
        case DateTime():
            return datetime.fromisoformat(plain)
    return plain
