"""A real PostgreSQL for as long as the tests run, on a socket that only this account reaches."""

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tools.system_parts import HOW, find_postgres

START_SECONDS = 30
# What makes it fast makes it forget at a power cut, which a test does not mind.
OPTIONS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "listen_addresses=",
    "dynamic_shared_memory_type=mmap",  # in its own folder, so that a killed run leaves nothing elsewhere
)
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """SQLAlchemy's address of an empty database `casework`; the server ends with the session."""
    binaries = find_postgres()
    if binaries is None:
        pytest.fail(f"PostgreSQL is missing. {HOW['PostgreSQL']}")
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="casework-pg-"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    try:
        with _server(binaries, folder, account):
            yield f"postgresql+psycopg://{account.pw_name}@/casework?host={folder}"
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> Iterator[str]:
    """The address of an empty database of this test's own, dropped afterwards."""
    with new_database(postgres_url) as url:
        yield url


@contextmanager
def new_database(url: str, template: str = "template1") -> Iterator[str]:
    """Make a database beside the one at `url`, a copy of `template`, to which nobody may be connected.

    Yields its address and drops it afterwards.
    """
    copy = copy_database(url, template)
    yield copy
    with _connect(url) as connection:
        connection.execute(f"DROP DATABASE {urlsplit(copy).path[1:]} WITH (FORCE)")


def copy_database(url: str, template: str) -> str:
    """Make such a database and return its address; it goes with the server."""
    name = f"casework_{next(_numbers)}"
    with _connect(url) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return url.replace("/casework?", f"/{name}?")


def _connect(url: str) -> "psycopg.Connection[Any]":
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def _account() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root; Debian's package brings the account that it wants."""
    if os.getuid():
        return pwd.getpwuid(os.getuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        pytest.fail("PostgreSQL does not run as root and there is no account postgres: test as yourself.")


@contextmanager
def restartable_server(address: str = "") -> Iterator[tuple[str, Callable[[], None]]]:
    """Run a server of its own; yields the address of its empty database, and what restarts it.

    With an `address` of this machine it listens there too, to whoever is in the same /24. Its folder is that
    of its socket.
    """
    binaries = find_postgres()
    assert binaries is not None, HOW["PostgreSQL"]
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="casework-pg-"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    port = _free_port(address) if address else 5432
    url = f"postgresql+psycopg://{account.pw_name}@/casework?host={folder}&port={port}"
    control: list[str | Path] = [
        binaries / "pg_ctl",
        "-D",
        folder / "data",
        "-w",
        "-m",
        "immediate",
        "-l",
        folder / "log2",
    ]
    kept = [option for option in OPTIONS if not option.startswith("synchronous_commit")]
    if address:
        kept = [option for option in kept if not option.startswith("listen_addresses")]
        kept.append(f"listen_addresses={address}")
    kept.append(f"port={port}")
    options = " ".join(f"-c {option}" for option in kept) + f" -k {folder}"

    def restart() -> None:
        # As at a power cut: whoever is connected is cut off, and the log is played back.
        subprocess.run([*control, "-o", options, "restart"], check=True, **_as(account, folder))

    try:
        with _server(binaries, folder, account, kept, address):
            yield url, restart
            subprocess.run([*control, "stop"], check=False, **_as(account, folder))
    finally:
        shutil.rmtree(folder)


def _as(account: pwd.struct_passwd, folder: Path) -> dict[str, Any]:
    who: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    if not os.getuid():
        who |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return who


@contextmanager
def _server(
    binaries: Path,
    folder: Path,
    account: pwd.struct_passwd,
    chosen: Sequence[str] = OPTIONS,
    address: str = "",
) -> Iterator[None]:
    who = _as(account, folder)
    initdb = ["-U", account.pw_name, "--auth=trust", "--no-sync", "--no-locale", "--encoding=UTF8"]
    options = [word for option in chosen for word in ("-c", option)]
    log = folder / "log"
    with log.open("wb") as out:
        who |= {"stdout": out, "stderr": out}
        made = subprocess.run([binaries / "initdb", "-D", folder / "data", *initdb], check=False, **who)
        if made.returncode:
            pytest.fail(f"initdb failed:\n{log.read_text()}")
        if address:
            with (folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {address}/24 trust\n")
        postgres: list[str | Path] = [binaries / "postgres", "-D", folder / "data", "-k", folder]
        server = subprocess.Popen([*postgres, *options], **who)
    try:
        port = next((option.removeprefix("port=") for option in chosen if option.startswith("port=")), "5432")
        _create_database(f"postgresql://{account.pw_name}@/postgres?host={folder}&port={port}", server, log)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # ends at once, even where an engine still holds a connection
        server.wait(START_SECONDS)


def _free_port(address: str) -> int:
    with socket.create_server((address, 0)) as listener:
        return int(listener.getsockname()[1])


def _create_database(address: str, server: subprocess.Popen[Any], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("CREATE DATABASE casework")
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)
