"""The facts, out of folders and files as a system writes them."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casework.errors import Forbidden
from casework.services.backups.making import make_backup
from casework.services.doctor import folders, network, system
from casework.services.doctor.facts import Dumps, Facts, KeyPlace, Memory, Permissions, SwapKind
from casework.services.doctor.gathering import gather_facts
from casework.services.instance import is_credential
from casework.store.database import db
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.doctor import close_to_others
from tests.support.drilling import date_drill, hold_drill

SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


def gather(founded: Founded, login: str = "") -> Facts:
    """Gather, signed in as somebody or as nobody."""
    around = founded.app.extensions["casework.surroundings"]
    return gather_facts(founded.runtime, around, founded.context(login) if login else None)


def lay(folder: Path, **files: str) -> Path:
    """Write files; two underscores are a slash."""
    for name, text in files.items():
        file = folder / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def test_memory_of_the_machine(tmp_path: Path) -> None:
    """As /proc/meminfo writes it; a system without it says nothing."""
    lay(tmp_path, meminfo="MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:  400 kB\nHugePages_Total: 0\n")
    assert system.read_memory(tmp_path, tmp_path / "sys") == Memory(1_024_000, 409_600)
    assert system.read_memory(tmp_path / "none") is None


def test_memory_that_a_group_may_have(tmp_path: Path) -> None:
    """The least that any group around this process leaves; what it read of files is given back when asked."""
    proc, groups = tmp_path / "proc", tmp_path / "sys/fs/cgroup"
    lay(
        proc,
        meminfo="MemTotal:  1000 kB\nMemAvailable:  400 kB\n",
        self__cgroup="0::/system.slice/casework\n",
    )
    lay(groups / "system.slice/casework", **{"memory.max": "max\n", "memory.current": "100\n"})
    limits = {"memory.max": "500000\n", "memory.current": "300000\n"}
    lay(groups / "system.slice", **limits, **{"memory.stat": "anon 1\ninactive_file 50000\n"})
    assert system.read_memory(proc, tmp_path / "sys") == Memory(500_000, 250_000)
    lay(groups / "system.slice", **{"memory.current": "600000\n"})
    assert system.read_memory(proc, tmp_path / "sys") == Memory(500_000, 0)


@pytest.mark.parametrize(
    ("device", "laid", "kind"),
    [
        ("/dev/sda2", {}, SwapKind.PLAIN),
        ("/dev/zram0", {}, SwapKind.IN_MEMORY),
        ("/dev/zram0", {"block__zram0__backing_dev": "none\n"}, SwapKind.IN_MEMORY),
        ("/dev/zram0", {"block__zram0__backing_dev": "/dev/sda3\n"}, SwapKind.PLAIN),
        ("/dev/dm-1", {"class__block__dm-1__dm__uuid": "CRYPT-PLAIN-swap\n"}, SwapKind.THROWAWAY_KEY),
        ("/dev/dm-1", {"class__block__dm-1__dm__uuid": "CRYPT-LUKS2-0-disk\n"}, SwapKind.LASTING_KEY),
        ("/dev/dm-2", {"class__block__dm-2__dm__uuid": "LVM-swap\n"}, SwapKind.PLAIN),
        (
            "/dev/dm-2",
            {
                "class__block__dm-2__dm__uuid": "LVM-swap\n",
                "class__block__dm-2__slaves__dm-0__dm__uuid": "CRYPT-LUKS2-0-disk\n",
            },
            SwapKind.LASTING_KEY,
        ),
        (
            "/dev/dm-2",
            {
                "class__block__dm-2__slaves__dm-0__dm__uuid": "CRYPT-LUKS2-0-disk\n",
                "class__block__dm-2__slaves__sdb__size": "1",
            },
            SwapKind.PLAIN,
        ),
    ],
)
def test_what_becomes_of_swapped_memory(
    tmp_path: Path, device: str, laid: dict[str, str], kind: SwapKind
) -> None:
    """A device is as bad as the worst of what lies below it."""
    proc = lay(tmp_path / "proc", swaps=f"{SWAPS}{device}   partition\t1048572\t0\t-2\n")
    found = system.read_swap(proc, lay(tmp_path / "sys", **laid))
    assert found and found.kinds == (kind,) and not found.is_kept_out


def test_a_swap_file_is_its_disk(tmp_path: Path) -> None:
    """A file on an encrypted disk; its name may hold spaces."""
    file = lay(tmp_path, **{"a swap": ""}) / "a swap"
    number = file.stat().st_dev
    device = f"dev/block/{os.major(number)}:{os.minor(number)}/dm/uuid"
    sys_folder = lay(tmp_path / "sys", **{device: "CRYPT-LUKS2-0-disk\n"})
    escaped = str(file).replace(" ", "\\040")
    proc = lay(tmp_path / "proc", swaps=f"{SWAPS}{escaped} file\t1048572\t0\t-2\n")
    found = system.read_swap(proc, sys_folder)
    assert found and found.kinds == (SwapKind.LASTING_KEY,)


def test_no_swap_and_a_group_that_has_none(tmp_path: Path) -> None:
    """MemorySwapMax=0 is a file of the process's group."""
    proc = lay(tmp_path / "proc", swaps=SWAPS, self__cgroup="0::/system.slice/casework.service\n")
    group = "fs/cgroup/system.slice/casework.service/memory.swap.max"
    found = system.read_swap(proc, lay(tmp_path / "sys", **{group: "0\n"}))
    assert found and found.kinds == () and found.is_kept_out
    assert system.read_swap(tmp_path / "none") is None


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_core_dumps_are_those_of_this_process() -> None:
    """Forbidden where casework began by forbidding them."""

    asking = "from casework.services.doctor.system import read_dumps; print(read_dumps())"
    begun = "from casework.process import keep_memory_private; keep_memory_private();"
    plain, private = (
        subprocess.run([sys.executable, "-c", begin + asking], capture_output=True, text=True, check=True)
        for begin in ("", begun)
    )
    assert private.stdout.strip() == repr(Dumps(0, False)) != plain.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_this_process_has_begun_and_takes_memory() -> None:
    """In the past, and some megabytes."""
    began = system.process_began_at()
    assert began and datetime.now(UTC) - timedelta(days=30) < began < datetime.now(UTC) + timedelta(seconds=2)
    assert system.process_memory_bytes() > 10**7


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
