"""Runs Alembic inside the application, over the lasting database only: the volatile one is never migrated."""

from alembic import context
from flask import current_app

from casework.store.database import UtcDateTime, db

# A copy out of a backup is migrated where it lies, away from the database in use.
engine = context.config.attributes.get("engine", db.engine)


def render_item(kind: str, item: object, _autogen_context: object) -> str | bool:
    """Write our own type as the column type it is: a migration must not depend on today's code."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


def run() -> None:
    """Migrate, in one transaction where the database allows it."""
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadatas[None],
            render_item=render_item,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise RuntimeError("casework migrates a database that it can reach")
run()
