"""Two saves at the same moment, where the database lets one of them wait and where it refuses one."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, event, text

from casework.app import prepare
from casework.services.storage import Trouble, name_trouble
from casework.store.cases import Incident
from casework.store.database import db
from tests.support.application import CASEWORKER, Founded, build_app, close, found_with_cast
from tests.web.incidents import fields, parse_unsaved

WAIT_SECONDS = 20
REFUSE = (
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'a rival' USING ERRCODE = '40001'; END $$",
    "CREATE TRIGGER refuse BEFORE INSERT ON incident FOR EACH ROW EXECUTE FUNCTION refuse()",
)


@pytest.fixture
def url(fresh_postgres_url: str) -> str:
    """The address of a database whose own default is not what casework asks for."""
    engine = create_engine(fresh_postgres_url)
    with engine.begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'"))
    engine.dispose()
    return fresh_postgres_url


@pytest.fixture
def founded(url: str, tmp_path: Path, bytecode_folder: Path) -> Iterator[Founded]:
    """An organisation in it, which answers as in use."""
    app = build_app(tmp_path / "instance", bytecode_folder, DATABASE_URL=url)
    prepare(app)
    with app.app_context():
        founded = Founded(app, found_with_cast(app.extensions["casework"]))
        app.config.update(TESTING=False)
        yield founded
        app.config.update(TESTING=True)
        db.session.remove()
        close(app)


def beside(url: str, *statements: str) -> None:
    """Run statements by a connection of one's own."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def count_incidents() -> int:
    """Return how many there are."""
    db.session.rollback()
    return db.session.query(Incident).count()


def save_beside_a_rival(founded: Founded, url: str) -> int:
    """Log an incident while a rival holds the write lock, and commits once it is waited for; the status."""
    client, statuses = founded.client(CASEWORKER), list[int]()

    def save() -> None:
        statuses.append(client.post("/incidents/new", data=fields()).status_code)

    saving = threading.Thread(target=save)
    with psycopg.connect(url.replace("+psycopg", "")) as rival:
        rival.execute("UPDATE write_head SET generation = generation + 1")
        saving.start()
        _wait_until(lambda: _is_waited_for(url))
        rival.commit()
    saving.join(WAIT_SECONDS)
    return statuses[0]


def _is_waited_for(url: str) -> bool:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
        return bool(row and row[0])


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_whatever_the_server_chose_writers_wait(founded: Founded, url: str) -> None:
    """The isolation is casework's own."""
    assert db.session.scalar(text("SHOW transaction_isolation")) == "read committed"
    before = count_incidents()
    assert save_beside_a_rival(founded, url) == 302
    assert count_incidents() == before + 1


def test_where_the_slower_is_refused_it_asks_again(founded: Founded, url: str) -> None:
    """SQLSTATE 40001 for the write lock, which nobody sees: saved, and once."""

    def make_strict(connection: object, *_others: object) -> None:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ  # type: ignore[attr-defined]

    refused = []
    event.listen(db.engine, "handle_error", lambda context: refused.append(context.original_exception))
    event.listen(db.engine, "checkout", make_strict)
    db.session.remove()
    before = count_incidents()
    assert save_beside_a_rival(founded, url) == 302
    assert count_incidents() == before + 1
    assert [error.sqlstate for error in refused] == ["40001"]


def test_refused_in_the_middle_the_form_comes_back(founded: Founded, url: str) -> None:
    """Nothing of it was saved, the page says so and holds all of it; sent again from there, it is saved."""
    client, before = founded.client(CASEWORKER), count_incidents()
    db.session.remove()
    beside(url, *REFUSE)
    story = "She was stopped at the corner, and they asked for her papers before her name."
    answer = client.post("/incidents/new", data=fields(text=story))
    assert answer.status_code == 503
    assert "Somebody else saved at the same moment" in answer.text
    assert "a enregistré au même moment" in answer.text
    assert "guardó en el mismo momento" in answer.text
    assert story in answer.text
    assert count_incidents() == before
    db.session.remove()
    beside(url, "DROP TRIGGER refuse ON incident")
    again = client.post("/incidents/new", data=parse_unsaved(answer.text, "/incidents/new"))
    assert again.status_code == 302
    assert count_incidents() == before + 1


def test_a_deadlock_is_a_rival_too(founded: Founded, url: str) -> None:
    """Other codes of that class mean the same; others do not."""
    for code, trouble in (("40001", Trouble.RIVAL), ("40P01", Trouble.RIVAL), ("23505", None)):
        statement = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{code}'; END $$"
        with pytest.raises(Exception) as error:
            db.session.execute(text(statement))
        db.session.rollback()
        assert name_trouble(error.value) is trouble
