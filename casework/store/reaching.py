"""Whether both stores answer, and whether the database has the tables that this casework knows."""

from functools import lru_cache

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text

from casework.store.database import db
from casework.store.volatile import find_session

_NOBODY = bytes(32)


def is_schema_current() -> bool:
    """Return whether every migration was made, and none of a later casework; raises DBAPIError."""
    with db.engine.connect() as connection:
        made = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    return made == list_heads()


def list_heads() -> frozenset[str]:
    """Return the last migrations that this casework knows: one, usually."""
    return _heads(current_app.extensions["migrate"].directory)


def touch_volatile() -> None:
    """Read from the volatile store; raises what it raises where it cannot be reached."""
    find_session(_NOBODY)
    db.session.rollback()


@lru_cache(maxsize=1)
def _heads(migrations: str) -> frozenset[str]:
    return frozenset(ScriptDirectory(migrations).get_heads())
