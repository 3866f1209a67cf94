"""What machines ask: /healthz and /readyz, which tell nothing but by their status."""

import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from casework.services import answering
from casework.services.answering import FRESH_SECONDS, Readiness
from casework.store.audit import AuditEntry
from casework.store.database import db
from tests.support.application import COORDINATOR, Founded, build_app

PATHS = ["/healthz", "/readyz"]


@pytest.fixture
def asked(founded: Founded) -> Iterator[list[str]]:
    """What the databases are asked from here on."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    for engine in db.engines.values():
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in db.engines.values():
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", PATHS)
def test_it_says_nothing_but_a_status(founded: Founded, path: str) -> None:
    """The same few words well or not, no cookie, no version, no entry in the log; to a member too."""
    before = db.session.query(AuditEntry).count()
    well = founded.client(COORDINATOR).get(path)
    with patch.object(answering, "is_schema_current", side_effect=OperationalError("", None, Exception())):
        founded.app.extensions["casework.readiness"] = Readiness(founded.app.app_context)
        ill = founded.app.test_client().get(path)
    assert (well.status_code, ill.status_code) == (200, 200 if path == "/healthz" else 503)
    assert well.text == ill.text == "The status says it.\n"
    for answer in (well, ill):
        assert "Set-Cookie" not in answer.headers
        assert "Server" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    assert db.session.query(AuditEntry).count() == before


def test_the_process_answers_without_asking_anybody(founded: Founded, asked: list[str]) -> None:
    """No database, no session: a cookie is not even looked at."""
    assert founded.client(COORDINATOR).get("/healthz").status_code == 200
    del asked[:]
    client = founded.app.test_client()
    client.set_cookie(founded.app.config["MEMBER_COOKIE"], "whatever")
    assert client.get("/healthz").status_code == 200
    assert asked == []


def test_often_asked_the_stores_answer_once(founded: Founded, asked: list[str]) -> None:
    """Whoever asks a hundred times costs no more than who asks once."""
    client = founded.app.test_client()
    client.get("/readyz")
    once = len(asked)
    assert once
    for _ in range(20):
        assert client.get("/readyz").status_code == 200
    assert len(asked) <= 2 * once  # a second may have passed meanwhile


@pytest.mark.parametrize("path", PATHS)
def test_whatever_name_is_asked_for(founded: Founded, path: str) -> None:
    """A load balancer asks by an address; other pages still answer only to their names."""
    client = founded.app.test_client()
    assert client.get(path, headers={"Host": "192.0.2.7"}).status_code == 200
    assert client.head(path, headers={"Host": "192.0.2.7"}).status_code == 200
    assert client.get("/sign-in", headers={"Host": "192.0.2.7"}).status_code == 400
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
@pytest.mark.parametrize("version", ["0001", "9999"])
def test_another_schema_is_not_ready(founded: Founded, version: str) -> None:
    """A database that was not migrated, or by a later casework."""
    client = founded.app.test_client()
    assert client.get("/readyz").status_code == 200
    db.session.execute(text("UPDATE alembic_version SET version_num = :one"), {"one": version})
    db.session.commit()
    founded.app.extensions["casework.readiness"] = Readiness(founded.app.app_context)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_without_the_volatile_store_it_is_not_ready(founded: Founded) -> None:
    """Nobody could sign in."""
    with patch.object(answering, "touch_volatile", side_effect=OSError):
        assert founded.app.test_client().get("/readyz").status_code == 503


def test_without_its_database_it_is_not_ready(tmp_path: Path, bytecode_folder: Path) -> None:
    """A file that is not a database."""
    app = build_app(tmp_path / "instance", bytecode_folder)
    (tmp_path / "instance/casework.sqlite").write_bytes(b"no database" * 500)
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/healthz").status_code == 200


def test_a_sealed_organization_is_asked_for_neither(founded: Founded) -> None:
    """The seal is no fault of the machine: pages say it, and a load balancer lets them."""
    client = founded.app.test_client()
    with patch.object(founded.app.extensions["casework.seal"], "look", side_effect=AssertionError):
        assert [client.get(path).status_code for path in PATHS] == [200, 200]


def test_a_database_that_hangs_is_not_ready_in_time() -> None:
    """One thread waits for it; who asks meanwhile is told at once, and all is well once it answers."""
    lets_go, calls = threading.Event(), []

    def hang() -> bool:
        calls.append(threading.current_thread())
        return lets_go.wait(60)

    readiness = Readiness(nullcontext, hang)
    assert not readiness.is_ready()
    with patch.object(threading.Event, "wait", autospec=True) as waited:
        assert not any(readiness.is_ready() for _ in range(50))
    assert {each.args[1] for each in waited.mock_calls} == {0.0}
    assert len(calls) == 1
    lets_go.set()
    calls[0].join(60)
    time.sleep(FRESH_SECONDS)
    assert readiness.is_ready()
