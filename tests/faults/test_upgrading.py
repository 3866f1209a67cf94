"""An upgrade ends with the new release, or with the old one and all that was in it: kill −9 at each point."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, table, text

from tests.faults.workshop import NEW, OLD, Workshop, in_a_process
from tests.support.application import Template
from tools.upgrade import database, machine
from tools.upgrade.machine import ask
from tools.upgrade.releases import Failed, read_version


@pytest.fixture(params=["sqlite", "postgres"])
def workshop(
    tmp_path: Path, request: pytest.FixtureRequest, bytecode_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workshop]:
    """A server with an organization, on both databases."""
    template: Template = request.getfixturevalue(f"{request.param}_template")
    with template.copy(tmp_path / "instance") as settings:
        monkeypatch.setenv("CASEWORK_CONFIG", "")
        monkeypatch.setenv("CASEWORK_INSTANCE_PATH", str(tmp_path / "instance"))
        for name, value in settings.items():
            monkeypatch.setenv(f"CASEWORK_{name}", str(value))
        made = Workshop(tmp_path, bytecode_folder, **settings)
        made.set_up()
        yield made


def content(workshop: Workshop) -> tuple[str, dict[str, list[str]]]:
    """Return the version of the database, and every row of every table, as text."""
    from casework.config import load_settings

    engine = create_engine(load_settings().database_url)
    with engine.connect() as connection:
        tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        rows = {
            name: sorted(str(row) for row in connection.execute(select(text("*")).select_from(table(name))))
            for name in tables
        }
    engine.dispose()
    return str(version), rows


def check(workshop: Workshop, expected: str, before: tuple[str, dict[str, list[str]]]) -> None:
    """The server runs that release, on a database of its version, that lost nothing; nothing is left over."""
    assert workshop.runs() == expected
    version, rows = content(workshop)
    if expected == OLD:
        assert (version, rows) == before
    else:
        assert version == "9999"
        assert rows.pop("later") == ["(1,)"]
        assert {name: len(each) for name, each in rows.items()} == {n: len(e) for n, e in before[1].items()}
        assert {n: e for n, e in rows.items() if n != "organization"} == {
            n: e for n, e in before[1].items() if n != "organization"
        }
    assert not workshop.copy.exists()
    assert not (workshop.home / "upgrade.json").exists()
    assert {path.name for path in (workshop.home / "releases").iterdir()} <= {OLD, NEW}


def test_an_upgrade(workshop: Workshop) -> None:
    """A backup before anything else that could hurt; members are out only while the database changes."""
    before = content(workshop)
    assert workshop.upgrade(workshop.source)
    check(workshop, NEW, before)
    assert workshop.calls[:4] == ["install", "backup", "ask", "hold"]
    assert workshop.calls.index("copy") < workshop.calls.index("migrate") < workshop.calls.index("release")


@pytest.mark.parametrize("fault", ["raises", "killed"])
def test_a_migration_that_fails_is_rolled_back(
    workshop: Workshop, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it was done; a killed one is tried again from the copy, and then goes through."""
    before = content(workshop)
    monkeypatch.setenv("FAULT", fault)
    ended = in_a_process(lambda: workshop.upgrade(workshop.source))
    assert ended is (False if fault == "raises" else None)
    monkeypatch.delenv("FAULT")
    if fault == "killed":
        assert workshop.upgrade()
    check(workshop, OLD if fault == "raises" else NEW, before)


@pytest.mark.parametrize("workshop", ["postgres"], indirect=True)
def test_another_host_in_the_database_stops_it(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Going back would lose what is written there meanwhile; once it has ended, the upgrade goes through."""
    from casework.config import load_settings

    monkeypatch.setattr(database, "LEAVE_SECONDS", 0.0)
    before = content(workshop)
    engine = create_engine(load_settings().database_url)
    with engine.connect():
        assert not workshop.upgrade(workshop.source)
    engine.dispose()
    assert "migrate" not in workshop.calls
    check(workshop, OLD, before)
    monkeypatch.setattr(database, "LEAVE_SECONDS", 15.0)
    assert workshop.upgrade(workshop.source)
    check(workshop, NEW, before)


@pytest.mark.parametrize("answer", [0, 400, 500])
def test_a_release_that_does_not_answer_is_rolled_back(workshop: Workshop, answer: int) -> None:
    """Before members could reach it."""
    before = content(workshop)
    workshop.answers[NEW] = answer
    assert not workshop.upgrade(workshop.source)
    check(workshop, OLD, before)
    assert workshop.calls.count("release") == 1


def test_a_sealed_organization_is_upgraded_sealed(workshop: Workshop) -> None:
    """It refuses before and after."""
    before = content(workshop)
    workshop.answers = {OLD: 503, NEW: 503}
    assert workshop.upgrade(workshop.source)
    check(workshop, NEW, before)


@pytest.mark.parametrize("answer", [302, 500])
def test_killed_anywhere(
    tmp_path: Path,
    sqlite_template: Template,
    bytecode_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: int,
) -> None:
    """Before each thing that it does, going on or going back: the next run ends it, one way or the other."""
    monkeypatch.setenv("CASEWORK_CONFIG", "")
    number, expected = 0, OLD if answer >= 400 else NEW
    while True:
        root = tmp_path / str(number)
        monkeypatch.setenv("CASEWORK_INSTANCE_PATH", str(root / "instance"))
        with sqlite_template.copy(root / "instance"):
            workshop = Workshop(root, bytecode_folder)
            workshop.set_up()
            workshop.answers[NEW], workshop.kill_at = answer, number
            before = content(workshop)
            ended = in_a_process(lambda held=workshop: held.upgrade(held.source))  # type: ignore[misc]
            if ended is None:
                workshop.kill_at = -1
                ended = workshop.upgrade(workshop.source)
            elif number:
                break
            assert ended is (expected == NEW), number
            check(workshop, expected, before)
        number += 1
    assert number > 12


def test_what_members_wrote_since_is_not_put_back(workshop: Workshop) -> None:
    """Where the new release fails only once they could reach it, and they did, it stays."""

    def write() -> None:
        from casework.config import load_settings

        engine = create_engine(load_settings().database_url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE write_head SET generation = generation + 1"))
        engine.dispose()
        workshop.answers[NEW] = 500

    workshop.on_release = write
    with pytest.raises(Failed, match="somebody has written"):
        workshop.upgrade(workshop.source)
    assert workshop.runs() == NEW
    assert content(workshop)[0] == "9999"


def test_what_is_no_release_changes_nothing(workshop: Workshop, tmp_path: Path) -> None:
    """A folder of something else, an archive nobody vouches for, the release that runs, none at all."""
    before = content(workshop)
    (tmp_path / "casework-0.3.0.tar.gz").write_bytes(b"no archive")
    for source in (tmp_path, tmp_path / "casework-0.3.0.tar.gz", workshop.home / "releases" / OLD, None):
        with pytest.raises(Failed):
            workshop.upgrade(source)
    check(workshop, OLD, before)
    assert workshop.calls == []
    assert read_version(workshop.source) == NEW


def cut_off(workshop: Workshop, at: int) -> None:
    """Begin the upgrade in a process that is killed before the call of this number."""
    workshop.kill_at = at
    assert in_a_process(lambda: workshop.upgrade(workshop.source)) is None
    workshop.kill_at = -1


def make_newer(workshop: Workshop) -> Path:
    """Return the source of a third release, 0.3.0."""
    newer = shutil.copytree(workshop.source, workshop.home.parent / "newer")
    (newer / "pyproject.toml").write_text('[project]\nname = "casework"\nversion = "0.3.0"\n')
    return newer


def test_another_release_takes_the_place_of_one_that_changed_nothing(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who comes back with a newer one after an upgrade that was cut off does not get the older one."""
    before = content(workshop)
    cut_off(workshop, 1)  # before the backup
    newer = make_newer(workshop)
    workshop.answers["0.3.0"] = 302
    assert workshop.upgrade(newer)
    assert workshop.runs() == "0.3.0"
    assert "0.2.0 that was begun before is dropped" in capsys.readouterr().out
    assert content(workshop)[1].keys() - before[1].keys() == {"later"}
    assert {path.name for path in (workshop.home / "releases").iterdir()} == {OLD, "0.3.0"}


def test_what_cannot_be_begun_takes_the_place_of_nothing(workshop: Workshop) -> None:
    """A slip in the address leaves the upgrade that was cut off, which is finished without one."""
    before = content(workshop)
    cut_off(workshop, 1)  # before the backup
    with pytest.raises(Failed):
        workshop.upgrade(workshop.home.parent / "no-such-release")
    assert workshop.upgrade()
    check(workshop, NEW, before)


def test_what_was_half_installed_is_laid_anew(workshop: Workshop) -> None:
    """After a power cut it may have empty files, which pip and make take for done."""
    before = content(workshop)
    cut_off(workshop, 0)  # before it is installed
    empty = workshop.home / "releases" / NEW / "migrations" / "versions" / "9999.py"
    empty.write_bytes(b"")
    assert workshop.upgrade()
    check(workshop, NEW, before)


def test_what_was_cut_off_in_the_middle_is_finished_first(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    """The database may be half of another version: no third release may begin on it."""
    before = content(workshop)
    cut_off(workshop, 6)  # before the migration
    newer = make_newer(workshop)
    assert workshop.upgrade(newer)
    check(workshop, NEW, before)
    assert "first the upgrade to 0.2.0" in capsys.readouterr().out


def test_it_says_that_the_old_one_runs_only_where_it_looked(
    workshop: Workshop, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No backup was to be had, of a casework that did not run at all."""
    before = content(workshop)

    def refuse(_release: Path) -> None:
        raise Failed("no backup, so nothing was changed")

    monkeypatch.setattr(workshop, "back_up", refuse)
    assert not workshop.upgrade(workshop.source)
    check(workshop, OLD, before)
    assert capsys.readouterr().out.splitlines()[-1] == f"Nothing was changed: casework {OLD} is as it was."


@pytest.mark.parametrize("workshop", ["sqlite"], indirect=True)
def test_copies_are_on_the_disk_before_anything_changes(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut in the migration leaves the copy whole, and one after going back the database."""
    synced, really = set[int](), os.fsync

    def note(handle: int) -> None:
        synced.add(os.fstat(handle).st_ino)
        really(handle)

    monkeypatch.setattr(os, "fsync", note)
    database.main("copy", workshop.copy)
    assert {workshop.copy.stat().st_ino, workshop.copy.parent.stat().st_ino} <= synced
    synced.clear()
    database.main("restore", workshop.copy)
    place = workshop.instance / "casework.sqlite"
    assert {place.stat().st_ino, place.parent.stat().st_ino} <= synced


def test_a_release_is_on_the_disk_before_its_installation_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a machine whose power was cut then, 117 compiled files were empty: nobody had waited for them."""
    done: list[str] = []
    monkeypatch.setattr(machine, "_call", lambda *words: done.append(words[-1]))
    monkeypatch.setattr(os, "sync", lambda: done.append("sync"))
    machine.Server().install(tmp_path)
    assert done == ["install", str(tmp_path / "migrations"), "sync"]


@contextmanager
def answering(*statuses: int) -> Iterator[tuple[int, list[str]]]:
    """A server that answers one status after the other; gives its port, and what was asked for."""
    left, asked = list(statuses), list[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(left.pop(0))
            self.end_headers()

        def log_message(self, *_values: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("statuses", "runs", "answer"),
    [
        ((503, 200, 302), True, 302),  # its stores were not there yet
        ((200, 503), True, 503),  # sealed: that is what its pages say
        ((404, 302), True, 302),  # a release of before /readyz
        ((503,), False, 0),  # and then it ended
    ],
)
def test_a_release_answers_once_it_reaches_its_stores(
    statuses: tuple[int, ...], runs: bool, answer: int
) -> None:
    """What cannot serve is waited for, as long as it runs; then its entrance is what counts."""
    with answering(*statuses) as (port, asked):
        assert ask(port, "casework.example.org", lambda: runs) == answer
    assert len(asked) == len(statuses)


def test_the_copy_is_erased_and_nothing_that_a_link_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies in a folder of casework's account: root must not overwrite what that account points at."""
    monkeypatch.setattr(machine, "COPY", tmp_path / "upgrade.copy")
    machine.Server().erase_copy()  # none is there
    os.link(_write(tmp_path / "beside", b"old keys"), machine.COPY)
    machine.Server().erase_copy()
    assert not machine.COPY.exists()
    assert (tmp_path / "beside").read_bytes() == bytes(8)
    machine.COPY.symlink_to(_write(tmp_path / "another's", b"kept"))
    with pytest.raises(OSError, match="symbolic link"):
        machine.Server().erase_copy()
    assert (tmp_path / "another's").read_bytes() == b"kept"


def _write(file: Path, content: bytes) -> Path:
    file.write_bytes(content)
    return file
