"""A consistent copy of the whole lasting database, made while others write, and what it says of itself."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from psycopg import pq
from sqlalchemy import URL, Connection, create_engine, select, text

from casework.store.attachments import list_copied_ids
from casework.store.database import db
from casework.store.head import Head, WriteHead
from casework.store.members import RosterRow
from casework.store.organization import Organization

SQLITE_NAME, POSTGRES_NAME = "database.sqlite", "database.pgdump"


class CopyFailed(Exception):
    """The database, or the program that copies it, refused."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that holds the whole database as of one moment, and what stood in it then.

    `roster` is every entry as number, body, signature; `attachments` are the ids of the files of cases.
    """

    file: Path
    organization_id: UUID
    revision: str
    head: Head
    roster: Sequence[tuple[int, bytes, bytes]]
    attachments: set[UUID]


def copy_database(folder: Path) -> Copy:
    """Write a copy into the folder; raises CopyFailed, NotFound-like ValueError where nothing is founded."""
    engine = db.engine
    if engine.dialect.name == "sqlite":
        return _copy_sqlite(folder / SQLITE_NAME)
    return _dump_postgres(folder / POSTGRES_NAME)


def count_database_bytes() -> int:
    """Return about how large a copy will be."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            pages: int = connection.execute(text("PRAGMA page_count")).scalar_one()
            size: int = connection.execute(text("PRAGMA page_size")).scalar_one()
            return pages * size
        whole: int = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        return whole


def _copy_sqlite(file: Path) -> Copy:
    raw = db.engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(file),))
    except Exception as error:
        raise CopyFailed(type(error).__name__) from error
    finally:
        raw.close()
    engine = create_engine(URL.create("sqlite", database=str(file)), hide_parameters=True)
    try:
        with engine.connect() as connection:
            return _describe(file, connection)
    finally:
        engine.dispose()


def _dump_postgres(file: Path) -> Copy:
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        # The dump sees what this transaction sees.
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        run_postgres_program(
            [
                "pg_dump",
                "--format=custom",
                "--compress=0",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={file}",
            ]
        )
        return _describe(file, connection)


def postgres_environment(url: URL) -> dict[str, str]:
    """Return the environment that leads libpq's programs to a database: a command line is seen by others."""
    given: dict[str, object] = {"host": url.host, "port": url.port, "dbname": url.database}
    given |= {"user": url.username, "password": url.password}
    given |= dict(url.query)
    names = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    for keyword, value in given.items():
        variable = names.get(keyword)
        if value is not None and variable is not None:
            kept[variable.decode()] = str(value)
    return kept


def run_postgres_program(command: list[str]) -> None:
    """Run one of libpq's programs on the database in use; raises CopyFailed."""
    program = shutil.which(command[0])
    if program is None:
        raise CopyFailed(f"{command[0]} is not installed")
    done = subprocess.run(  # noqa: S603 - a fixed command, without a shell
        [program, *command[1:]], env=postgres_environment(db.engine.url), capture_output=True, check=False
    )
    if done.returncode:
        raise CopyFailed(f"{command[0]} ended with {done.returncode}")


def _describe(file: Path, connection: Connection) -> Copy:
    organization = connection.execute(select(Organization.id)).scalar_one_or_none()
    head = connection.execute(
        select(WriteHead.generation, WriteHead.audit_sequence, WriteHead.audit_hash)
    ).one_or_none()
    if organization is None or head is None:
        raise CopyFailed("the database holds no organisation")
    rows = connection.execute(
        select(RosterRow.number, RosterRow.body, RosterRow.signature).order_by(RosterRow.number)
    )
    return Copy(
        file=file,
        organization_id=organization,
        revision=connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one(),
        head=Head(*head),
        roster=[(number, body, signature) for number, body, signature in rows],
        attachments=list_copied_ids(connection),
    )
