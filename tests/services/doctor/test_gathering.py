"""The facts, out of folders and files as a system writes them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from casework.errors import Forbidden
from casework.services.backups.making import make_backup
from casework.services.doctor import folders, network
from casework.services.doctor.facts import Facts, KeyPlace, Permissions
from casework.services.doctor.gathering import gather_facts
from casework.services.instance import is_credential
from casework.store.database import db
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.doctor import close_to_others, lay
from tests.support.drilling import date_drill, hold_drill


def gather(founded: Founded, login: str = "") -> Facts:
    """Gather, signed in as somebody or as nobody."""
    around = founded.app.extensions["casework.surroundings"]
    return gather_facts(founded.runtime, around, founded.context(login) if login else None)


@pytest.mark.parametrize(
    ("outside", "place"),
    [
        ("instance/host.key", KeyPlace.DATA_FOLDER),
        ("instance/keys/host.key", KeyPlace.DATA_FOLDER),
        ("database/host.key", KeyPlace.DATA_FOLDER),
        ("backups/host.key", KeyPlace.BACKUP_FOLDER),
        ("elsewhere/host.key", KeyPlace.SAME_DISK),
        ("link/host.key", KeyPlace.DATA_FOLDER),
        ("/dev/shm/casework-test-host.key", KeyPlace.ELSEWHERE),
    ],
)
def test_where_the_host_key_lies(tmp_path: Path, outside: str, place: KeyPlace) -> None:
    """By folders, links followed, then by disks."""
    (tmp_path / "instance").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "instance")
    database = lay(tmp_path, database__casework_sqlite="") / "database/casework_sqlite"
    path = tmp_path / outside
    if place == KeyPlace.ELSEWHERE and _same_disk(path.parent, tmp_path):
        pytest.skip("there is one disk here")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"k")
    path.chmod(0o600)
    try:
        erasable = lay(tmp_path, instance__part="") / "instance/part"
        found = folders.read_host_key(path, erasable, tmp_path / "instance", tmp_path / "backups", database)
        assert (found.place, found.is_there, found.is_open_to_others) == (place, True, False)
        path.chmod(0o640)
        found = folders.read_host_key(path, erasable, tmp_path / "instance", tmp_path / "backups", database)
        assert found.is_open_to_others
    finally:
        path.unlink()
    found = folders.read_host_key(path, erasable, tmp_path / "instance", tmp_path / "backups", database)
    assert not found.is_there


def _same_disk(one: Path, other: Path) -> bool:
    return not one.is_dir() or one.stat().st_dev == other.stat().st_dev


def test_a_credential_is_the_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its group may read it: the folder is closed."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    key = lay(tmp_path, key="k") / "key"
    key.chmod(0o440)
    assert is_credential(key)
    found = folders.read_host_key(key, key, tmp_path / "a", tmp_path / "b", tmp_path / "a/database")
    assert (found.place, found.is_open_to_others) == (KeyPlace.CREDENTIAL, False)


def test_rights_are_looked_at_in_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file deep down that others may read is named; a link is not followed; there is an end."""
    top = lay(tmp_path / "data", a__b__file="", other="")
    for each in (top, top / "a", top / "a/b", top / "a/b/file", top / "other"):
        each.chmod(0o700)
    (top / "link").symlink_to("/etc/passwd")
    assert folders.read_permissions(top, top) == Permissions()
    (top / "a/b/file").chmod(0o640)
    (top / "a").chmod(0o701)
    found = folders.read_permissions(top)
    assert found.exposed == (str(top / "a"), str(top / "a/b/file"))
    monkeypatch.setattr(folders, "MOST_FILES", 2)
    assert folders.read_permissions(top).is_cut


def test_failures_are_read_whoever_left_them(tmp_path: Path) -> None:
    """Of the backup, its ledger, its copy."""
    lay(tmp_path, **{"backup.error": "The disk refused.", "copy.error": "No copy.\n", "other": "x"})
    assert folders.list_failures(tmp_path) == ("The disk refused.", "No copy.")


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """Answer one connection so, on this port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _address = server.accept()
            with line:
                line.recv(4096)
                line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", None),
        (b"something else", None),
    ],
)
def test_the_server_is_asked(answer: bytes, said: bool | None) -> None:
    """200 and 503 are casework's; all else is not casework."""
    with answering(answer) as port:
        assert network.ask_server("127.0.0.1", port) is said


def test_where_nobody_listens() -> None:
    """Neither casework nor a proxy."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert network.ask_server("127.0.0.1", port) is None
    assert network.read_certificate("casework.example.org", ("127.0.0.1", port)) is None


def test_a_proxy_that_speaks_no_tls_is_a_fault() -> None:
    """Browsers would not come in."""
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        found = network.read_certificate("casework.example.org", ("127.0.0.1", port))
    assert found and found.fault


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_an_organization_in_use(founded: Founded) -> None:
    """What a coordinator sees, and what can be known without anybody's keys."""
    hold_drill(founded)
    date_drill(founded, date(2020, 1, 1))
    make_backup(founded.runtime)
    close_to_others(founded)
    facts = gather(founded, COORDINATOR)
    assert facts.drill and facts.drill.drilled_on == date(2020, 1, 1) and facts.drill.is_overdue
    assert facts.backups.newest_at and facts.backups.failures == ()
    assert facts.is_schema_current and facts.process.is_server
    assert facts.unfinished and facts.unfinished.keys == 0
    assert facts.host_key.place == KeyPlace.DATA_FOLDER
    assert facts.permissions.exposed == ()
    assert facts.clock.newest_at
    alone = gather(founded)
    assert alone.drill is None and not alone.process.is_server
    assert alone.unfinished == facts.unfinished


def test_a_backup_folder_to_be_made_is_on_some_disk(founded: Founded, tmp_path: Path) -> None:
    """The disk where it will lie."""
    runtime = replace(founded.runtime, backup_folder=tmp_path / "not/yet")
    facts = gather_facts(runtime, founded.app.extensions["casework.surroundings"])
    assert facts.backup_disk and facts.backup_disk.free_bytes and facts.backup_disk.needed_bytes


@pytest.mark.parametrize(
    ("hosts", "asked"),
    [
        ((f"{56 * 'a'}.onion", "casework.example.org"), ["casework.example.org"]),
        ((".example.org",), ["example.org"]),
        ((f"{56 * 'a'}.onion",), []),
    ],
)
def test_the_certificate_is_of_a_name_that_has_one(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, hosts: tuple[str, ...], asked: list[str]
) -> None:
    """An onion address needs none, and the proxy has none for it: that is no fault."""
    found: list[str] = []
    monkeypatch.setattr(network, "read_certificate", found.append)
    around = replace(founded.app.extensions["casework.surroundings"], is_https=True, hosts=hosts)
    gather_facts(founded.runtime, around)
    assert found == asked


@pytest.mark.parametrize("database", ["sqlite"])
def test_without_a_database_the_rest_is_still_told(founded: Founded) -> None:
    """The file is damaged: schema and list of members cannot be read."""
    db.session.remove()
    db.engine.dispose()
    (founded.runtime.data_folder / "casework.sqlite").write_bytes(b"no database" * 500)
    facts = gather(founded)
    assert facts.is_schema_current is None and facts.unfinished is None
    assert facts.data_disk and facts.backups.is_founded


def test_only_who_looks_after_backups_sees_it(founded: Founded) -> None:
    """Nobody else gathers."""
    with pytest.raises(Forbidden):
        gather(founded, CASEWORKER)
