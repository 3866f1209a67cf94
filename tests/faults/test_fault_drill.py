"""A dying disk, a full one, a database that restarts: a clear page, nothing lost, the hurt named."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from casework.app import prepare
from casework.errors import ConfigError
from casework.services.incidents import log_incident
from casework.services.lists import Filter, list_incidents
from casework.services.storage import Trouble, name_trouble
from casework.services.verifying.checking import Failure
from casework.services.verifying.live import verify_live
from casework.store.cases import Incident
from casework.store.database import db
from tests.support.application import (
    CASEWORKER,
    COORDINATOR,
    Founded,
    build_app,
    close,
    found_with_cast,
)
from tests.support.postgres import restartable_server
from tests.support.records import incident_draft
from tests.web.incidents import fields

PAGE_BYTES = 4096


@pytest.fixture
def unguarded(app: Flask) -> Iterator[None]:
    """Answer as in use: a test's application lets errors through instead."""
    app.config.update(TESTING=False)
    yield
    app.config.update(TESTING=True)


def log_many(founded: Founded, count: int) -> list[UUID]:
    """Log so many incidents, all committed."""
    made = [
        log_incident(founded.context(CASEWORKER), incident_draft(f"number {n}, at length. " * 40))
        for n in range(count)
    ]
    return [logged.incident_id for logged in made]


def verify(founded: Founded) -> list[Failure]:
    """Return what is hurt."""
    failures: list[Failure] = []
    verify_live(founded.context(), lambda _total: None, failures.append, lambda _count: None)
    return failures


def database_file(founded: Founded) -> Path:
    """Close the database, so that it is one file, and return it."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
    return founded.runtime.data_folder / "casework.sqlite"


@pytest.mark.usefixtures("unguarded")
def test_one_page_overwritten(founded: Founded) -> None:
    """The record on it answers with the page for damage; others still open; verify names the table."""
    context = founded.context()
    incidents = log_many(founded, 30)
    needle = db.session.get_one(Incident, incidents[7]).narrative_sealed[100:160]
    file = database_file(founded)
    content = bytearray(file.read_bytes())
    start = content.index(needle) // PAGE_BYTES * PAGE_BYTES
    content[start : start + PAGE_BYTES] = os.urandom(PAGE_BYTES)
    file.write_bytes(content)
    client = founded.client(CASEWORKER)
    answer = client.get(f"/incidents/{incidents[7]}")
    assert answer.status_code in (500, 503)
    assert "damaged" in answer.text or "mistake is ours" in answer.text
    assert client.get("/account").status_code == 200
    failures: list[Failure] = []
    verify_live(context, lambda _total: None, failures.append, lambda _count: None)
    assert failures
    assert any(failure.table in ("incident", "database") for failure in failures), failures


@pytest.mark.usefixtures("unguarded")
def test_a_truncated_file(founded: Founded, tmp_path: Path) -> None:
    """Pages say that it is damaged, and a new start is refused by a sentence."""
    log_many(founded, 10)
    client = founded.client(CASEWORKER)
    file = database_file(founded)
    os.truncate(file, file.stat().st_size * 2 // 3 // PAGE_BYTES * PAGE_BYTES)
    answer = client.get("/incidents?who=all")
    assert answer.status_code == 503
    assert "A part of the database is damaged" in answer.text
    assert "est endommagée" in answer.text


def test_a_file_that_is_no_database_any_more(founded: Founded, bytecode_folder: Path) -> None:
    """Start-up names the file, and no traceback is shown."""
    file = database_file(founded)
    with file.open("r+b") as opened:
        opened.write(bytes(100))
    with pytest.raises(ConfigError, match=r"casework\.sqlite"):
        build_app(founded.runtime.data_folder, bytecode_folder)


@pytest.mark.usefixtures("unguarded")
def test_a_full_disk_during_a_save(founded: Founded) -> None:
    """The save says that nothing was saved; what was is there; once there is room, saving works again."""
    before = log_many(founded, 3)
    limit = _no_room()
    client, refused, saved = founded.client(CASEWORKER), None, 0
    for _attempt in range(60):
        answer = client.post("/incidents/new", data=fields(text="a story at length. " * 400))
        if answer.status_code == 503:
            refused = answer
            break
        assert answer.status_code == 302
        saved += 1
    assert refused is not None
    assert "There is no room left to save" in refused.text
    _give_room(limit)
    context = founded.context(COORDINATOR)
    assert list_incidents(context, Filter(mine=False)).total == len(before) + saved
    assert verify(founded) == []
    assert client.post("/incidents/new", data=fields()).status_code == 302


def _no_room() -> Callable[..., None]:
    """Let the database grow no further, as a full disk would not; every connection is told."""

    def limit(connection: object, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", limit)
    return limit


def _give_room(limit: Callable[..., None]) -> None:
    event.remove(db.engine, "connect", limit)
    db.session.remove()
    db.engine.dispose()


def test_postgres_restarts_under_load(tmp_path: Path, bytecode_folder: Path) -> None:
    """Who writes at that moment gets an error with a name; every write that was answered is there."""
    with restartable_server() as (url, restart):
        app = build_app(tmp_path / "instance", bytecode_folder, DATABASE_URL=url)
        prepare(app)
        with app.app_context():
            founded = Founded(app, found_with_cast(app.extensions["casework"]))
        written, troubles = _write_through(founded, restart)
        with app.app_context():
            kept = {row.id for row in db.session.query(Incident)}
            assert set(written) <= kept
            assert len(written) > 10
            assert troubles <= {Trouble.AWAY}
            assert verify(founded) == []
            client = founded.client(CASEWORKER)
        app.config.update(TESTING=False)
        assert client.get("/incidents?who=all").status_code == 200
        close(app)


def _write_through(founded: Founded, restart: Callable[[], None]) -> tuple[list[UUID], set[object]]:
    """Log in four threads while the server restarts; returns what was answered, and why others were not."""
    written: list[UUID] = []
    troubles: set[object] = set()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with founded.app.app_context():
                try:
                    logged = log_incident(founded.context(CASEWORKER), incident_draft())
                except DBAPIError as error:
                    troubles.add(name_trouble(error))
                else:
                    written.append(logged.incident_id)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    restart()
    time.sleep(1.5)
    stop.set()
    for thread in threads:
        thread.join()
    return written, troubles


@pytest.mark.usefixtures("unguarded")
def test_a_database_that_does_not_answer(founded: Founded) -> None:
    """The page says so, in both languages, with a number that stands in the log."""
    client = founded.client(CASEWORKER)
    file = database_file(founded)
    file.rename(file.with_suffix(".away"))
    file.mkdir()
    answer = client.get("/incidents")
    assert answer.status_code == 503
    assert "The database does not answer" in answer.text
    assert "ne répond pas" in answer.text
    file.rmdir()
    file.with_suffix(".away").rename(file)
    assert client.get("/incidents").status_code == 200
