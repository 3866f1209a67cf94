"""Databases opened so that nobody else changes them: the one that is moved, and the one it is moved into."""

import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, func, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from casework.errors import MoveRefused
from casework.store.database import MIGRATING, connection_options
from casework.store.head import WriteHead
from casework.store.refusals import find_reason

_LEAVE_SECONDS = 15.0
"""For so long may connections linger of a casework that was stopped."""
_ENCODING = "UTF8"
_OTHER_ENCODING = f"The new database does not keep text as {_ENCODING}: make it with --encoding={_ENCODING}."
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@contextmanager
def hold_source(url: URL) -> Iterator[Connection]:
    """Read the old database as of one moment, and let nobody write to it; raises MoveRefused.

    SQLite's file is locked against everybody. PostgreSQL's write head is: every writer has to have it first.
    """
    with _open(url, "the old database") as engine:
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                yield connection
            return
        _require_alone(engine)
        is_there = inspect(engine).has_table(WriteHead.__tablename__)
        with engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ")
            if is_there:
                # Before anything is read: the moment that is read begins with the first question.
                connection.execute(text(f"SET LOCAL lock_timeout = '{_LEAVE_SECONDS:.0f}s'"))
                connection.execute(text("LOCK TABLE write_head IN SHARE MODE"))
            yield connection


@contextmanager
def hold_target(url: URL, may_make: bool = True) -> Iterator[Engine]:
    """Be the only one who moves something into the new database, or migrates it; raises MoveRefused.

    SQLite's file is made where there is none, if `may_make`.
    """
    with _open(url, "the new database", may_make) as engine:
        if engine.dialect.name == "sqlite":
            yield engine
            return
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            if connection.scalar(text("SHOW server_encoding")) != _ENCODING:
                raise MoveRefused(_OTHER_ENCODING)
            if not connection.scalar(select(func.pg_try_advisory_lock(MIGRATING))):
                raise MoveRefused("Somebody else is at the new database already.")
            yield engine


def is_same(source: Connection, target: Engine) -> bool:
    """Return whether both are one PostgreSQL database, however their addresses are spelled.

    A lock that the one takes is taken for the other only in the same database. It is let go with the
    transaction of `source`. Of SQLite's file the second connection is refused before this is asked.
    """
    if {source.dialect.name, target.dialect.name} != {"postgresql"}:
        return False
    key = secrets.randbits(62)
    source.execute(select(func.pg_advisory_xact_lock(key)))
    with target.connect() as connection:
        return not connection.scalar(select(func.pg_try_advisory_xact_lock(key)))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read a database as of one moment."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@contextmanager
def _open(url: URL, which: str, may_make: bool = False) -> Iterator[Engine]:
    options: dict[str, Any] = connection_options(str(url))
    if url.drivername.startswith("sqlite"):
        # One connection, and it holds the file.
        file = f"{Path(str(url.database)).as_uri()}?mode={'rwc' if may_make else 'rw'}"
        options = {"creator": lambda: _connect_alone(file), "poolclass": StaticPool}
    engine = create_engine(url, hide_parameters=True, **options)
    try:
        try:
            engine.connect().close()
        except (DBAPIError, sqlite3.Error) as error:
            raise MoveRefused(_say_why(error, which)) from None
        yield engine
    finally:
        engine.dispose()


def _connect_alone(file: str) -> sqlite3.Connection:
    """Connect so that nobody else can, from the first look at the file until this connection is closed."""
    connection = sqlite3.connect(file, uri=True, check_same_thread=False)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    return connection


def _say_why(error: Exception, which: str) -> str:
    cause = getattr(error, "orig", error)
    if getattr(cause, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
        return f"Somebody uses {which}: stop casework, its backups too, and try again."
    if reason := find_reason(error):
        return f"There is no way into {which}: {reason}."
    return f"There is no way into {which} ({type(cause).__name__}): is its address right, does it run?"


def _require_alone(engine: Engine) -> None:
    deadline = time.monotonic() + _LEAVE_SECONDS
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(_OTHERS):
            if time.monotonic() > deadline:
                raise MoveRefused(
                    "Somebody uses the old database: stop casework on every host, and try again."
                )
            time.sleep(0.5)
