"""How SQLite is run: what is deleted is overwritten, nothing is sorted on disk, writers wait."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from casework.services import drafts
from casework.store.database import db
from casework.store.volatilesqlite import SqliteStore
from casework.store.volatilestore import current_store
from tests.support.application import CASEWORKER, Founded


@pytest.fixture
def database() -> str:
    """Only SQLite."""
    return "sqlite"


@pytest.mark.parametrize("volatile", [False, True])
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("secure_delete", 1),
        ("temp_store", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 15000),
        ("synchronous", 2),
    ],
)
def test_every_connection_is_configured(founded: Founded, volatile: bool, pragma: str, value: object) -> None:
    """Both databases, on a new connection too."""
    store = current_store()
    assert isinstance(store, SqliteStore)
    engine = store.engine if volatile else db.engine
    engine.dispose()
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_what_is_deleted_is_overwritten(founded: Founded, tmp_path: Path) -> None:
    """Not even the ciphertext of a discarded draft stays in the file."""
    draft = drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/x", {"text": ["half"]})
    with db.engine.connect() as connection:
        sealed = connection.execute(text("SELECT content_sealed FROM draft")).scalar_one()
    drafts.discard_draft(founded.context(CASEWORKER), draft)
    db.session.remove()
    other = sqlite3.connect(tmp_path / "instance" / "casework.sqlite")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    assert sealed[-64:] not in (tmp_path / "instance" / "casework.sqlite").read_bytes()


def test_relations_are_enforced(founded: Founded) -> None:
    """A row that refers to nothing is refused by the database itself."""
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO case_access (case_id, member_id) VALUES (:a, :a)"), {"a": "0" * 32}
        )


def test_parameters_are_in_no_message(founded: Founded) -> None:
    """An error of the database names no value."""
    with pytest.raises(IntegrityError) as refused, db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO case_access (case_id, member_id) VALUES (:a, :a)"), {"a": "secret"}
        )
    assert "secret" not in str(refused.value)
