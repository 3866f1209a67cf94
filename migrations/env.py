"""Runs Alembic inside the application, over the lasting database only: the volatile one is never migrated."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from casework.store.database import UtcDateTime, db

# A copy out of a backup is migrated where it lies, away from the database in use.
engine = context.config.attributes.get("engine", db.engine)


def render_item(kind: str, item: object, _autogen_context: object) -> str | bool:
    """Write our own type as the column type it is: a migration must not depend on today's code."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


def run() -> None:
    """Migrate, in one transaction where the database allows it."""
    with engine.connect() as connection, references_at_rest(connection):
        context.configure(
            connection=connection,
            target_metadata=db.metadatas[None],
            render_item=render_item,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                refuse_loose_ends(connection)


@contextmanager
def references_at_rest(connection: Connection) -> Iterator[None]:
    """Let SQLite change a table to which rows of others refer: it makes a new one and drops the old one.

    With references watched, dropping would delete what refers to it, or fail. They cannot be switched off
    inside a transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def refuse_loose_ends(connection: Connection) -> None:
    """Every reference leads somewhere, as if it had been watched all along."""
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if loose:
        raise RuntimeError(f"after this migration {len(loose)} rows refer to what is not there")


if context.is_offline_mode():
    raise RuntimeError("casework migrates a database that it can reach")
run()
