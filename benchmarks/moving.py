"""Prints what moving a database costs beside dumping and loading the same rows: killed, resumed, compared."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import ProgrammingError

from benchmarks.instances import note_member, open_instance, read_member, recall, remember
from benchmarks.records import add_cases, draft, found
from casework.services.attachments.adding import add_attachment
from casework.services.incidents import log_incident
from casework.services.verifying.checking import Failure
from casework.services.verifying.live import verify_live
from casework.store.copies import postgres_environment
from casework.store.database import db
from casework.store.moving import count_rows

FILE_BYTES, PIECE_BYTES = 200_000_000, 256 * 1024
KILLS = 3
_MOVED, _AGAIN, _PLAIN = "casework_moved", "casework_moved_again", "casework_plain"


def main() -> None:
    """Fill an instance once, move it in one go and with kills in between, dump and load it; verify all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", help="postgresql+psycopg://…: an account that makes and drops databases")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--files-mb", type=int, default=1_000)
    parser.add_argument("--keep", type=Path, help="a folder to fill once and use again")
    parser.add_argument("--fill-only", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as temporary:
        folder = (arguments.keep or Path(temporary)).resolve()
        if not recall(folder):
            _fill(folder, arguments.cases, arguments.files_mb * 1_000_000)
        if not arguments.fill_only:
            _measure(folder, arguments.server)


def _fill(folder: Path, cases: int, files_bytes: int) -> None:
    app = open_instance(folder)
    with app.app_context():
        context = found(app)
        add_cases(context, cases)
        case_id = log_incident(context, draft(1)).case_id
        piece = b"ID3\x04" + os.urandom(PIECE_BYTES - 4)
        for number, start in enumerate(range(0, files_bytes, FILE_BYTES)):
            pieces = (piece for _ in range(min(FILE_BYTES, files_bytes - start) // PIECE_BYTES))
            add_attachment(context, case_id, f"recording {number}.mp3", "", pieces)
        remember(folder, {"coordinator": note_member(context), "cases": str(cases)})
        db.session.remove()
        db.engine.dispose()


def _measure(folder: Path, server: str) -> None:
    files = [path for path in (folder / "attachments").rglob("*") if path.is_file()]
    print(f"database {(folder / 'casework.sqlite').stat().st_size / 1e6:,.0f} MB,", end=" ")
    print(f"{len(files)} files with {sum(path.stat().st_size for path in files) / 1e6:,.0f} MB")
    for name in (_MOVED, _AGAIN, _PLAIN):
        _administer(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
    whole = _time(lambda: _move(folder, _in(server, _AGAIN)))
    print(f"moved and compared        {whole:7.1f} s")
    compared = _time(lambda: _move(folder, _in(server, _AGAIN), "--verify"))
    print(f"compared alone            {compared:7.1f} s")
    plain = _time(lambda: _dump_and_load(_in(server, _AGAIN), _in(server, _PLAIN)))
    print(f"pg_dump into pg_restore   {plain:7.1f} s   ratio {whole / plain:.1f},", end=" ")
    print(f"without comparing {(whole - compared) / plain:.1f}")
    _kill_and_resume(folder, _in(server, _MOVED), whole)
    _open_everything(folder, _in(server, _MOVED))


def _kill_and_resume(folder: Path, target: str, whole: float) -> None:
    """Kill it three times on its way, at even steps of the time that it takes; then let it end."""
    started = time.perf_counter()
    for _ in range(KILLS):
        process = _start(folder, target)
        time.sleep(whole / (KILLS + 2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        print(f"killed after {time.perf_counter() - started:5.1f} s: {_count(target):,} rows there")
    _move(folder, target)
    print(f"moved, killed {KILLS} times    {time.perf_counter() - started:7.1f} s")


def _start(folder: Path, target: str, *options: str) -> "subprocess.Popen[bytes]":
    place = folder / "target"
    place.write_text(target)
    ours = {
        "CASEWORK_CONFIG": "",
        "CASEWORK_INSTANCE_PATH": str(folder),
        "CASEWORK_VOLATILE_URL": f"sqlite:///{folder}/volatile/volatile.sqlite",
    }
    command = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "run",
        "move-database",
        "--to-file",
        str(place),
        *options,
    ]
    return subprocess.Popen(command, env=os.environ | ours, stdout=subprocess.PIPE)  # noqa: S603


def _move(folder: Path, target: str, *options: str) -> None:
    process = _start(folder, target, *options)
    said = process.communicate()[0].decode()
    if process.returncode:
        raise SystemExit(said)
    print(next(line for line in said.splitlines() if "equal on both sides" in line))


def _dump_and_load(source: str, target: str) -> None:
    dump = ["pg_dump", "--format=custom", "--compress=0"]
    load = ["pg_restore", "--no-owner", f"--dbname={make_url(target).database}"]
    with subprocess.Popen(  # noqa: S603
        dump, stdout=subprocess.PIPE, env=postgres_environment(make_url(source))
    ) as dumping:
        subprocess.run(load, stdin=dumping.stdout, check=True, env=postgres_environment(make_url(target)))  # noqa: S603


def _open_everything(folder: Path, target: str) -> None:
    """Open every record and file in the new database, and the audit log, with a coordinator's keys."""
    app, failures = open_instance(folder, target), list[Failure]()
    with app.app_context():
        context = read_member(app, recall(folder)["coordinator"])
        result = verify_live(context, lambda _total: None, failures.append, lambda _count: None)
        db.session.remove()
        db.engine.dispose()
    print(f"verify, in the new one: {result.opened:,} opened, {result.failures} hurt")


def _count(target: str) -> int:
    """Return how many rows are there; before the tables were made, none."""
    engine = create_engine(target)
    try:
        with engine.connect() as connection:
            return count_rows(connection)
    except ProgrammingError:
        return 0
    finally:
        engine.dispose()


def _administer(server: str, *statements: str) -> None:
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _in(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def _time(deed: Callable[[], object]) -> float:
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
