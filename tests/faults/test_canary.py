"""Nothing of what people enter lies anywhere in plain: no database, no log, no temporary file."""

import base64
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults import story, telling
from tests.faults.planted import Planted
from tests.support.canary import canary, read_files, search, spellings
from tests.support.visitor import Visitor

ROOT = Path(__file__).parents[2]
COUNTED = 8
"""Imported rows without any text: enough that there is a number to ask for."""
MAPPING = """
source = "{source}"
key = "row"
[consent]
statistics = "given"
basis = "{basis}"
[date]
precision = "year"
year = "year"
[fields]
contact_type = "roadside_blitz"
police_service = "tps"
[identity]
name = "name"
[narrative]
text = "text"
"""


@dataclass(frozen=True)
class Watched:
    """The folders that a server writes to, and what it says."""

    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """Settings, and nothing of this machine's own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEWORK_")}
        return kept | {
            "CASEWORK_CONFIG": "",
            "CASEWORK_INSTANCE_PATH": str(self.folder / "instance"),
            "CASEWORK_VOLATILE_URL": f"sqlite:///{self.folder}/memory/volatile.sqlite",
            "TMPDIR": str(self.folder / "tmp"),
        }

    def contents(self) -> dict[str, bytes]:
        """Return every file that is there now."""
        return read_files(*(self.folder / name for name in ("instance", "memory", "tmp", "log", "taken")))


@dataclass(frozen=True)
class Told:
    """A server to which the story was told, what was planted, and what stops it."""

    watched: Watched
    planted: Planted
    stop: Callable[[], None]


@contextmanager
def _server(watched: Watched) -> Iterator[Callable[[], None]]:
    """Run casework as a person does; yields what stops it."""
    (watched.folder / "tmp").mkdir()
    log = watched.folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "run.py", "--port", str(watched.port)],
            cwd=ROOT,
            env=watched.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    while b"is running" not in log.read_bytes():
        assert process.poll() is None, log.read_text()

    def stop() -> None:
        process.send_signal(signal.SIGINT)
        process.wait(30)

    try:
        yield stop
    finally:
        stop()


def _import(watched: Watched, planted: Planted) -> None:
    """Import a row with texts, and some without."""
    row = [planted.new(f"imported {name}") for name in ("key", "name", "text")]
    others = "".join(f"{number},,,2025\n" for number in range(COUNTED))
    texts = {"source": planted.new("imported source"), "basis": planted.new("imported basis")}
    mapping = MAPPING.format(**texts)
    _import_list(watched, planted, f"row,name,text,year\n{','.join(row)},2025\n{others}", mapping)


def _import_a_loud_month(watched: Watched, planted: Planted) -> None:
    """Import a quiet year and a half, and weeks that stand out from it."""
    days = [datetime.now(UTC).date() - timedelta(days=ago) for ago in (*range(60, 540, 40), *range(1, 24, 2))]
    rows = "".join(f"{number},,,{day.isoformat()}\n" for number, day in enumerate(days))
    mapping = MAPPING.format(source=planted.new("loud source"), basis=planted.new("loud basis"))
    mapping = mapping.replace(
        'precision = "year"\nyear = "year"', 'precision = "day"\ncolumn = "day"\nformat = "%Y-%m-%d"'
    )
    _import_list(watched, planted, f"row,name,text,day\n{rows}", mapping)


def _import_list(watched: Watched, planted: Planted, rows: str, mapping: str) -> None:
    """Import a file at the terminal, whose output belongs to the log."""
    outside = watched.folder.parent
    (outside / "rows.csv").write_text(rows, "utf-8")
    (outside / "mapping.toml").write_text(mapping, "utf-8")
    (outside / "words").write_text(planted.passphrase("setup passphrase"), "utf-8")
    login = planted.strings["setup login"]
    command = ["import-incidents", str(outside / "rows.csv"), "--mapping", str(outside / "mapping.toml")]
    command += ["--passphrase-file", str(outside / "words")]
    code = planted.device.fresh_code()
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "run", *command, "--login", login, "--code", code],
        cwd=ROOT,
        env=watched.environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with (watched.folder / "log").open("ab") as log:
        log.write(done.stdout + done.stderr)


def _tell(watched: Watched, planted: Planted) -> list[Visitor]:
    coordinator, caseworker, stranger = (Visitor(watched.port) for _ in range(3))
    telling.tell(coordinator, caseworker, planted)
    second = Visitor(watched.port)
    story.sign_in_again(second, planted)
    coordinator.get("/statistics")
    story.post_late(caseworker, planted)
    story.go_wrong(stranger, planted)
    _import(watched, planted)
    coordinator.get("/incidents?who=all")
    assert planted.strings["imported name"] in coordinator.page.text
    story.ask_numbers(coordinator)
    _import_a_loud_month(watched, planted)
    story.dismiss(coordinator, planted)
    taken = watched.folder / "taken"
    taken.mkdir()
    (taken / "backup.age").write_bytes(story.back_up(coordinator, planted))
    (taken / "records.zip.age").write_bytes(story.take_records(coordinator, planted))
    return [coordinator, caseworker, stranger, second]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A server to which the whole story was told, still running."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    folder = tmp_path_factory.mktemp("canary") / "watched"
    folder.mkdir(mode=0o700)
    watched, planted = Watched(folder, port), Planted()
    with _server(watched) as stop:
        for visitor in _tell(watched, planted):
            planted.take(visitor)
        yield Told(watched, planted, stop)


def test_the_story_fills_every_field(told: Told) -> None:
    """There are canaries of every kind, and a write-ahead log that is not yet folded in."""
    watched, planted = told.watched, told.planted
    assert len(planted.strings) > 60
    assert len(planted.secrets) >= 6
    for kind in (
        "recovery share",
        "new share",
        "late narrative",
        "imported text",
        "suggestion",
        "words of",
        "attached maker",
        "attached content",
        "official note",
        "listed note",
        "asked note",
        "signal reason",
    ):
        assert any(name.startswith(kind) and text for name, text in planted.strings.items()), kind
    contents = watched.contents()
    assert contents["instance/casework.sqlite-wal"] and contents["memory/volatile.sqlite"]
    files = [name for name in contents if name.endswith(".age")]
    sealed = [name for name in contents if name.startswith("instance/attachments/")]
    assert len(sealed) == 4, sealed  # a picture, its cleaned copy and its preview, a text
    assert len(files) == 4, files  # a backup, its copy, the ledger, the records
    assert all(len(text) >= 16 for text in planted.strings.values())


def _find(told: Told) -> list[tuple[str, str, str]]:
    """Return (what, spelling, file) of everything that lies in plain."""
    names = told.planted.names()
    found = search(names, told.watched.contents())
    return [(names[text], spelling, file) for text, spelling, file in found]


def test_nothing_lies_in_plain_while_the_server_runs(told: Told) -> None:
    """Database, write-ahead log, shared memory, volatile store, log, temporary folder, backups, files taken.

    Coded answers are looked for as well: a code says as much of a person as a name does.
    """
    assert _find(told) == []


def test_a_plain_text_would_be_found(told: Told) -> None:
    """The control: each spelling, in a table of the database and in a temporary file."""
    watched = told.watched
    text = canary("control")
    database = watched.folder / "instance" / "casework.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE scratch (plain BLOB)")
        for spelling in spellings(text).values():
            connection.execute("INSERT INTO scratch VALUES (?)", (b"before" + spelling + b"after",))
    connection.close()
    scratch = watched.folder / "tmp" / "scratch"
    scratch.write_bytes(b"\n".join(spellings(text).values()))
    found = search([text], watched.contents())
    assert {spelling for _text, spelling, file in found if "sqlite" in file} == set(spellings(text))
    assert {spelling for _text, spelling, file in found if file.endswith("scratch")} == set(spellings(text))
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TABLE scratch")
    connection.close()
    scratch.unlink()


@pytest.mark.parametrize("offset", range(3))
def test_base64_is_found_at_every_offset(offset: int) -> None:
    """Whatever stands before and after it."""
    text = canary("offset")
    content = {"file": base64.b64encode(b"x" * (3 + offset) + text.encode() + b"y" * 5)}
    assert search([text], content)


def test_nothing_lies_in_plain_once_it_is_sealed(told: Told) -> None:
    """Neither what was told before, nor what was typed to seal it."""
    story.seal(Visitor(told.watched.port), told.planted)
    assert _find(told) == []


def test_nothing_lies_in_plain_after_the_server_stopped(told: Told) -> None:
    """What a powered-off machine holds, and the volatile store beside it."""
    told.stop()
    assert _find(told) == []
