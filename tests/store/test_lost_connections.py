"""A database that begins anew while a page is on its way: whoever has an answer keeps it."""

from typing import Any

import pytest
from flask import Flask, request_finished
from sqlalchemy import func, select, text

from casework.store.database import db


@pytest.fixture
def database() -> str:
    """SQLite has no connection that another process could end."""
    return "postgres"


def _end_other_connections(*_args: Any, **_kinds: Any) -> None:
    """As a restart does to whoever is connected; the one that asks stays, and is given up."""
    with db.engine.connect() as connection:
        connection.execute(
            select(func.pg_terminate_backend(text("pid"), 5000))
            .select_from(text("pg_stat_activity"))
            .where(text("datname = current_database() AND pid <> pg_backend_pid()"))
        )


def test_a_page_that_is_made_reaches_whoever_asked(app: Flask) -> None:
    """What is left to do then is a rollback, and the server has done that: the answer is no error."""
    client = app.test_client()
    with request_finished.connected_to(_end_other_connections, app):
        answer = client.get("/sign-in")
        assert answer.status_code == 200 and "passphrase" in answer.text
    assert client.get("/sign-in").status_code == 200
