"""A database moves whole, in both directions: killed anywhere it goes on, and what differs is found."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, delete, func, insert, inspect, select, text, update

from casework.errors import ConfigError, MoveRefused
from casework.services import moving
from casework.services.incidents import log_incident
from casework.services.moving import Progress, move_database, refuse_half_moved, verify_move
from casework.services.verifying.checking import Failure
from casework.services.verifying.live import verify_live
from casework.store import moving as moving_store
from casework.store.alone import hold_target
from casework.store.cases import Case, Incident
from casework.store.database import db
from casework.store.head import WriteHead
from casework.store.organization import Organization
from casework.store.scratch import migrate
from tests.faults.scene import build_scene
from tests.support.application import CASEWORKER, Founded, Template, build_app, build_closed_app, close
from tests.support.records import incident_draft
from tests.support.stocked import Stock

SILENT = Progress(lambda _label, _total: None, lambda _count: None)
MARK = "move_under_way"
EMPTY = {"backup", "person_link", "restoration"}
"""The tables in which the scene has no row."""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """What is moved; it goes into the other."""
    return str(request.param)


@pytest.fixture
def template(database: str, request: pytest.FixtureRequest, stocked: Stock) -> Template:
    """An organization with rows in nearly every table."""
    founded: Template = request.getfixturevalue(f"{database}_template")
    return stocked(founded, build_scene)


@pytest.fixture
def target(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty database of the other kind."""
    if database == "sqlite":
        return str(request.getfixturevalue("fresh_postgres_url"))
    return f"sqlite:///{tmp_path}/moved.sqlite"


@pytest.fixture
def elsewhere(target: str) -> Iterator[Engine]:
    """The new database, as anybody sees it: closed while something is moved."""
    engine = create_engine(target)
    yield engine
    engine.dispose()


def content(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, sorted here, as values that both databases spell alike."""
    with engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in db.metadatas[None].sorted_tables
        }
    engine.dispose()
    return found


def change(engine: Engine, deed: Callable[[Connection], object]) -> None:
    """Do something to a database, as whoever can write to it."""
    with engine.begin() as connection:
        deed(connection)
    engine.dispose()


def has_mark(engine: Engine) -> bool:
    """Return whether it says that it is a half."""
    try:
        return inspect(engine).has_table(MARK)
    finally:
        engine.dispose()


def test_everything_arrives(
    founded: Founded, template: Template, target: str, elsewhere: Engine, bytecode_folder: Path
) -> None:
    """Every row of every table, in either direction; the old one stays as it was, work goes on in the new."""
    before = content(db.engine)
    assert {name for name, rows in before.items() if not rows} <= EMPTY
    moved = move_database(founded.runtime, target, SILENT)
    assert moved.is_equal
    assert moved.lost_files == []
    assert {table.table: table.rows for table in moved.tables} == {
        name: (len(rows), len(rows)) for name, rows in before.items()
    }
    assert content(elsewhere) == before
    assert content(db.engine) == before
    assert not has_mark(elsewhere)
    assert verify_move(founded.runtime, target, SILENT).is_equal
    app = build_app(founded.runtime.data_folder, bytecode_folder, DATABASE_URL=target)
    with app.app_context():
        there = Founded(app, template.players)
        failures: list[Failure] = []
        verify_live(there.context(), lambda _total: None, failures.append, lambda _count: None)
        assert failures == []
        log_incident(there.context(CASEWORKER), incident_draft())
    close(app)


def test_numbers_go_on_after_the_last(
    founded: Founded, target: str, elsewhere: Engine, database: str
) -> None:
    """PostgreSQL counts by itself where no number is given."""
    move_database(founded.runtime, target, SILENT)
    if database == "sqlite":
        with elsewhere.connect() as connection:
            assert connection.scalar(select(func.nextval("write_head_id_seq"))) == 2
    elsewhere.dispose()


def _killed_by(place: str, after: int) -> Callable[..., Any]:
    """Return what takes a function's place: it is done, then the process is killed at the n-th time."""
    real, calls = getattr(moving, place), [0]

    def done(*given: Any) -> Any:
        result = real(*given)
        calls[0] += 1
        if calls[0] >= after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return done


def move_and_die(founded: Founded, target: str, place: str, after: int) -> None:
    """Move in a process of its own that is killed, with what nothing can catch, at a certain place."""
    db.session.remove()
    close(founded.app)
    process = os.fork()
    if process == 0:
        _move(founded, target, place, after)
    _pid, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status), "it came to its end"


def _move(founded: Founded, target: str, place: str, after: int) -> NoReturn:
    try:
        moving_store._ROWS_AT_ONCE = 7
        if place == "advance":
            calls = [0]

            def advance(_count: int) -> None:
                calls[0] += 1
                if calls[0] >= after:
                    os.kill(os.getpid(), signal.SIGKILL)

            progress = Progress(SILENT.step, advance)
        else:
            setattr(moving, place, _killed_by(place, after))
            progress = SILENT
        move_database(founded.runtime, target, progress)
    finally:
        os._exit(0)


POINTS = [
    ("begin", 1),
    ("migrate", 1),
    ("copy_table", 1),
    ("advance", 50),
    ("copy_table", 38),
    ("compare_table", 38),
]


@pytest.mark.parametrize("point", POINTS, ids=[f"{place}-{after}" for place, after in POINTS])
def test_killed_at_any_point(
    founded: Founded, target: str, elsewhere: Engine, bytecode_folder: Path, point: tuple[str, int]
) -> None:
    """The half is marked, nothing starts on it, and moving again goes on from there."""
    move_and_die(founded, target, *point)
    assert has_mark(elsewhere)
    with pytest.raises(ConfigError, match="a move into this database was not finished"):
        build_app(founded.runtime.data_folder, bytecode_folder, DATABASE_URL=target)
    there = 0
    if inspect(elsewhere).has_table("person_link"):
        there = sum(len(rows) for rows in content(elsewhere).values())
    elsewhere.dispose()
    brought: list[int] = []
    steps: list[str] = []

    def advance(count: int) -> None:
        if len(steps) == 1:
            brought.append(count)

    moved = move_database(
        founded.runtime, target, Progress(lambda label, _total: steps.append(label), advance)
    )
    assert moved.is_equal
    assert sum(brought) == sum(len(rows) for rows in content(db.engine).values())
    assert content(elsewhere) == content(db.engine)
    assert not has_mark(elsewhere)
    assert (there > 0) == (point not in POINTS[:2])


def test_killed_after_the_mark_is_gone(founded: Founded, target: str, elsewhere: Engine) -> None:
    """Then it is whole: the next attempt says that the place is taken, and both verify equal."""
    move_and_die(founded, target, "finish", 1)
    assert not has_mark(elsewhere)
    with pytest.raises(MoveRefused, match="not empty"):
        move_database(founded.runtime, target, SILENT)
    assert verify_move(founded.runtime, target, SILENT).is_equal


def test_it_goes_on_where_it_was(
    founded: Founded, target: str, elsewhere: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was brought before is not brought again: a row of it that is marked stays marked, and is found."""
    move_and_die(founded, target, "copy_table", 30)
    change(elsewhere, lambda connection: connection.execute(update(Organization).values(profile_version=77)))
    moved = move_database(founded.runtime, target, SILENT)
    assert [table.table for table in moved.tables if not table.is_equal] == ["organization"]
    assert has_mark(elsewhere)  # it stays a half
    assert move_database(founded.runtime, target, SILENT, anew=True).is_equal
    assert not has_mark(elsewhere)


def test_a_source_that_was_written_to_is_moved_from_the_beginning(
    founded: Founded, target: str, elsewhere: Engine
) -> None:
    """Rows of two moments never stand side by side."""
    move_and_die(founded, target, "copy_table", 30)
    db.session.remove()
    log_incident(founded.context(CASEWORKER), incident_draft("Written in between."))
    assert move_database(founded.runtime, target, SILENT).is_equal
    assert content(elsewhere) == content(db.engine)


def test_whatever_differs_is_named_and_never_shown(founded: Founded, target: str, elsewhere: Engine) -> None:
    """A changed value, a missing row, a row too many: by table, key and column."""
    move_database(founded.runtime, target, SILENT)
    with elsewhere.connect() as connection:
        first, second = connection.scalars(select(Incident.id).order_by(Incident.id).limit(2))
        sealed: bytes = connection.scalars(select(Incident.coded_sealed).where(Incident.id == first)).one()
    new = UUID(int=5)
    forged = bytes([sealed[0], *sealed[1:-1], sealed[-1] ^ 1])

    def damage(connection: Connection) -> None:
        table = Case.__table__
        case = connection.execute(select(table).limit(1)).one()._asdict()
        connection.execute(update(Incident).where(Incident.id == first).values(coded_sealed=forged))
        connection.execute(text("DELETE FROM imported_row"))
        connection.execute(delete(Incident).where(Incident.id == second))
        connection.execute(
            insert(Case).values(case | {"id": new, "restricted": False, "reference_hmac": b"?"})
        )

    change(elsewhere, damage)
    moved = verify_move(founded.runtime, target, SILENT)
    found = {table.table: table.named for table in moved.tables if not table.is_equal}
    assert found.keys() == {"incident", "imported_row", "case"}
    assert sorted(found["incident"]) == sorted(
        [f"{first}: differs in coded_sealed", f"{second}: is missing in the new database"]
    )
    assert found["case"] == [f"{new}: stands in the new database alone"]
    assert not moved.is_equal


def test_only_an_empty_database_is_filled(founded: Founded, target: str, elsewhere: Engine) -> None:
    """Neither somebody's table nor rows of ours are written over, whatever is asked for."""
    change(elsewhere, lambda connection: connection.execute(text("CREATE TABLE theirs (number INTEGER)")))
    for anew in (False, True):
        with pytest.raises(MoveRefused, match="not empty"):
            move_database(founded.runtime, target, SILENT, anew=anew)
    change(elsewhere, lambda connection: connection.execute(text("DROP TABLE theirs")))
    move_database(founded.runtime, target, SILENT)
    before = content(elsewhere)
    for anew in (False, True):
        with pytest.raises(MoveRefused, match="not empty"):
            move_database(founded.runtime, target, SILENT, anew=anew)
    assert content(elsewhere) == before


def test_casework_may_have_started_there_once(
    founded: Founded, target: str, tmp_path: Path, bytecode_folder: Path
) -> None:
    """Tables without a row are as good as none."""
    app = build_app(tmp_path / "new", bytecode_folder, DATABASE_URL=target)
    with app.app_context():
        migrate(db.engine, "head")
    close(app)
    assert move_database(founded.runtime, target, SILENT).is_equal


def test_the_half_of_another_organization_stays(founded: Founded, target: str, elsewhere: Engine) -> None:
    """The mark says whose it is."""
    move_and_die(founded, target, "copy_table", 30)
    change(
        elsewhere,
        lambda connection: connection.execute(
            moving_store._MARK.update().values(organization_id=uuid4())  # as another's would be
        ),
    )
    before = content(elsewhere)
    for anew in (False, True):
        with pytest.raises(MoveRefused, match="another organisation"):
            move_database(founded.runtime, target, SILENT, anew=anew)
    assert content(elsewhere) == before


def test_a_database_that_somebody_uses_is_not_moved(
    founded: Founded, target: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process that is connected to the old one, as a worker is that waits for a request."""
    monkeypatch.setattr("casework.store.alone._LEAVE_SECONDS", 1.0)
    url = db.engine.url.render_as_string(hide_password=False)
    code = (
        "import sys, sqlalchemy as sa; c = sa.create_engine(sys.argv[1]).connect();"
        "c.execute(sa.text('SELECT * FROM write_head')); c.rollback(); print('in', flush=True); input()"
    )
    command = [sys.executable, "-c", code, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        with pytest.raises(MoveRefused, match="Somebody uses the old database"):
            move_database(founded.runtime, target, SILENT)
        other.kill()
    assert move_database(founded.runtime, target, SILENT).is_equal


def test_nobody_writes_meanwhile(founded: Founded, target: str, database: str) -> None:
    """Whoever starts in the middle is refused, or waits: here at most a second."""
    url = db.engine.url.render_as_string(hide_password=False)
    refused: list[str] = []

    def write(_label: str, _total: int) -> None:
        options = {"timeout": 1} if database == "sqlite" else {"options": "-c lock_timeout=1s"}
        engine = create_engine(url, connect_args=options, hide_parameters=True)
        try:
            with engine.begin() as connection:
                connection.execute(update(WriteHead).values(generation=WriteHead.generation + 1))
        except Exception as error:
            refused.append(str(error))
        finally:
            engine.dispose()

    assert move_database(founded.runtime, target, Progress(write, lambda _count: None)).is_equal
    assert len(refused) == 2
    assert all("lock" in each for each in refused)


def test_two_cannot_move_into_one_place(founded: Founded, target: str, elsewhere: Engine) -> None:
    """The second is told so."""
    refused: list[str] = []

    def again(_label: str, _total: int) -> None:
        with pytest.raises(MoveRefused) as said, hold_target(elsewhere.url):
            pass
        refused.append(str(said.value))

    assert move_database(founded.runtime, target, Progress(again, lambda _count: None)).is_equal
    assert len(refused) == 2


@pytest.mark.parametrize("side", ["old", "new"])
def test_databases_of_another_version_are_refused(
    founded: Founded, target: str, elsewhere: Engine, side: str
) -> None:
    """The old one has to be at this version; the new one must not be of a later one."""
    later = text("UPDATE alembic_version SET version_num = '9999'")
    if side == "old":
        change(db.engine, lambda connection: connection.execute(later))
    else:
        move_and_die(founded, target, "migrate", 1)
        change(elsewhere, lambda connection: connection.execute(later))
        assert move_database(founded.runtime, target, SILENT).is_equal  # a half is thrown away
        change(elsewhere, lambda connection: connection.execute(later))
    with pytest.raises(MoveRefused, match="version"):
        verify_move(founded.runtime, target, SILENT)


def test_nothing_is_no_database_to_move(empty_app: Flask, tmp_path: Path) -> None:
    """Before an organization is founded; and a new place that cannot be had is said to be none."""
    with empty_app.app_context():
        with pytest.raises(MoveRefused, match="nothing to move"):
            move_database(empty_app.extensions["casework"], f"sqlite:///{tmp_path}/x.sqlite", SILENT)


def test_a_new_place_that_is_not_there(founded: Founded, tmp_path: Path) -> None:
    """By the kind of the error, without the address: it may hold a password."""
    for url in (
        f"sqlite:///{tmp_path}/nowhere/x.sqlite",
        "postgresql+psycopg://me:S3cret@127.0.0.1:1/casework",
    ):
        with pytest.raises(MoveRefused, match="no way into the new database") as said:
            move_database(founded.runtime, url, SILENT)
        assert "S3cret" not in str(said.value)


def test_comparing_makes_no_file(founded: Founded, tmp_path: Path) -> None:
    """Neither does it change anything else."""
    with pytest.raises(MoveRefused, match="no way into the new database"):
        verify_move(founded.runtime, f"sqlite:///{tmp_path}/new.sqlite", SILENT)
    assert not (tmp_path / "new.sqlite").exists()


def test_another_spelling_is_no_other_database(founded: Founded) -> None:
    """Compared with itself every database is equal, and then the old one would be erased."""
    url = db.engine.url
    other = url.update_query_dict({"application_name": "another"})
    if url.drivername == "sqlite":
        link = Path(str(url.database)).with_name("link.sqlite")
        link.symlink_to(str(url.database))
        other = url.set(database=str(link))
    address = other.render_as_string(hide_password=False)
    said = "Somebody uses the new database" if url.drivername == "sqlite" else "database in use"
    for move in (verify_move, move_database):
        with pytest.raises(MoveRefused, match=said):
            move(founded.runtime, address, SILENT)


def test_the_commands_do_not_start_on_a_half(founded: Founded, target: str, bytecode_folder: Path) -> None:
    """Not even those that go on where the host key is not there."""
    move_and_die(founded, target, "copy_table", 30)
    app = build_closed_app(founded.runtime.data_folder, bytecode_folder, DATABASE_URL=target)
    with app.app_context(), pytest.raises(ConfigError, match="run move-database again"):
        refuse_half_moved()
    close(app)


def test_a_file_that_is_not_there_is_named(founded: Founded, target: str) -> None:
    """The files of cases stay where they are; whether they are there is looked at."""
    names = [name for name in founded.runtime.files.list_names() if name.copy == "original"]
    founded.runtime.files.delete(names[0].attachment_id)
    moved = move_database(founded.runtime, target, SILENT)
    assert moved.is_equal
    assert moved.lost_files == [names[0].attachment_id]
