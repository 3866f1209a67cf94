"""The database, which holds ciphertext; how SQLite and PostgreSQL run."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import DateTime, Dialect, Engine, MetaData, event, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped
from sqlalchemy.types import TypeDecorator

_NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# How long SQLite waits for a lock, and for readers when its log is to be emptied.
_WAIT_MILLISECONDS = 15_000
_LOG_WAIT_MILLISECONDS = 200

_IDS_AT_ONCE = 500
MIGRATING = 0x6361_7365
"""The advisory lock of who migrates: any number that nobody else uses."""

# A host or a server that is cut off is given up after about ten seconds, on both sides: a host that held the
# write lock would keep all others waiting for hours.
_ALIVE = {"keepalives_idle": 4, "keepalives_interval": 2, "keepalives_count": 3}
_TAKEN_MILLISECONDS = 10_000
_CONNECT_SECONDS = 5


class _LeavingSession(Session):
    """Closes over a connection that is gone, too: what was to be rolled back, the server has rolled back."""

    def close(self) -> None:
        """As ever. A request that had its answer when the database began anew keeps it."""
        try:
            super().close()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise


# Parameters are ciphertext, yet no log or traceback needs them.
db = SQLAlchemy(
    metadata=MetaData(naming_convention=_NAMING),
    session_options={"class_": _LeavingSession},
    engine_options={"hide_parameters": True, "pool_pre_ping": True},
    disable_autonaming=True,
)

if TYPE_CHECKING:

    class Model(DeclarativeBase):
        """The base of every table, as the type checker sees it."""

else:
    Model = db.Model


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite, which has no time zones, gets and gives it as such."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a naive moment is a programming error."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back, whatever the driver returned."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@event.listens_for(Engine, "connect")
def _configure_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    # The driver's own transaction control begins too late for a consistent read; SQLAlchemy's does it below.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "foreign_keys=ON",
        f"busy_timeout={_WAIT_MILLISECONDS}",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def connection_options(url: str) -> dict[str, Any]:
    """Return how to connect to this database: to a server so that its silence is noticed.

    And so that a writer waits for another and sees what it wrote, whatever the server's own default is.
    """
    if url.startswith("sqlite:"):
        return {}
    options = {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": _TAKEN_MILLISECONDS} | _ALIVE
    return {"connect_args": options | {"client_encoding": "utf8"}, "isolation_level": "READ COMMITTED"}


@event.listens_for(Engine, "connect")
def _configure_postgres(connection: Any, _record: object) -> None:
    """Have the server notice our silence too. One that cannot keeps what its administrator chose."""
    if not isinstance(connection, psycopg.Connection):
        return
    settings = {f"tcp_{name}": value for name, value in _ALIVE.items()}
    settings["tcp_user_timeout"] = _TAKEN_MILLISECONDS
    for name, value in settings.items():
        with suppress(psycopg.Error), connection.transaction():
            connection.execute("SELECT set_config(%s, %s, false)", (name, str(value)))


def is_rivalry(error: DBAPIError) -> bool:
    """Return whether a server gave another writer precedence: what was refused may be done again, whole."""
    return (getattr(error.orig, "sqlstate", None) or "").startswith("40")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other host migrates the database, and let none begin meanwhile; for SQLite nothing."""
    if overwrites():
        yield
        return
    with db.engine.connect() as connection:
        connection.execute(select(func.pg_advisory_lock(MIGRATING)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(MIGRATING)))


def overwrites() -> bool:
    """Return whether the database overwrites what is deleted: SQLite does, PostgreSQL keeps it a while."""
    return db.engine.dialect.name == "sqlite"


def name_database() -> str:
    """Return what to call the database in a message: SQLite's file, or the setting that named another one.

    An address may hold a password, so it is never shown.
    """
    url = db.engine.url
    return str(url.database) if overwrites() else "DATABASE_URL"


def keep_known(column: Mapped[UUID], ids: Collection[UUID]) -> set[UUID]:
    """Return those of these ids that stand in the column, however many there are."""
    wanted = list(ids)
    found: set[UUID] = set()
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        found.update(
            db.session.scalars(select(column).where(column.in_(wanted[start : start + _IDS_AT_ONCE])))
        )
    return found


def empty_log() -> bool:
    """Fold SQLite's write-ahead log into the database and empty it: nothing overwritten lingers there.

    Returns whether that was done. A reader at work keeps the log for now: the next call tries again.
    PostgreSQL looks after its own, which is never said to be done.
    """
    return overwrites() and empty_log_of(db.engine)


def empty_log_of(engine: Engine) -> bool:
    """The same for any database of SQLite."""
    connection = engine.raw_connection()
    try:
        connection.execute(f"PRAGMA busy_timeout={_LOG_WAIT_MILLISECONDS}")
        ((busy, _frames, _folded),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return not busy
    finally:
        connection.execute(f"PRAGMA busy_timeout={_WAIT_MILLISECONDS}")
        connection.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
