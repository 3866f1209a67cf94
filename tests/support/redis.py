"""A real Redis for as long as the tests run, on a socket that only this account reaches."""

import itertools
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis

from tools.system_parts import HOW, find_redis

START_SECONDS = 30
PASSWORD = "a-word-between-servers"
NOTHING_LASTS = ("--save", "", "--appendonly", "no")
_DATABASES = 10_000
_numbers = itertools.count(1)


@dataclass
class RedisServer:
    """A server in a folder of its own, which can be ended and started again; `log` is what it wrote."""

    folder: Path
    options: Sequence[str] = ()
    address: str = ""
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Its address, by its socket."""
        return f"unix://{self.folder}/redis.sock"

    @property
    def local_url(self) -> str:
        """The same with its password, as a setting."""
        return f"unix://:{PASSWORD}@{self.folder}/redis.sock"

    @property
    def network_url(self) -> str:
        """Its address for other hosts."""
        return f"redis://:{PASSWORD}@{self.address}:{self.port}/0"

    @property
    def log(self) -> Path:
        """What it wrote."""
        return self.folder / "log"

    def client(self) -> "redis.Redis":
        """Return somebody who looks into it."""
        return redis.Redis.from_url(self.url, password=PASSWORD if self.address else None)

    def dump(self) -> bytes:
        """Return all that it holds."""
        with self.client() as client:
            return b"\n".join(client.dump(name) or b"" for name in client.scan_iter("*"))

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = find_redis()
        assert program is not None, HOW["Redis"]
        arguments = [
            "--port",
            str(self.port),
            "--unixsocket",
            f"{self.folder}/redis.sock",
            "--dir",
            f"{self.folder}",
        ]
        arguments += ["--databases", str(_DATABASES), "--logfile", str(self.log)]
        if self.address:
            arguments += ["--bind", self.address, "--requirepass", PASSWORD]
        command = [str(program), *arguments, *NOTHING_LASTS, *self.options]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with self.client() as client:
                    client.ping()
                return
            except redis.RedisError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"Redis did not start:\n{self.log.read_text()}")
                time.sleep(0.02)

    def stop(self) -> None:
        """End it at once, with all that it held."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(START_SECONDS)
            self._process = None

    def restart(self) -> None:
        """End it and start an empty one."""
        self.stop()
        self.start()


@contextmanager
def serve_redis(*options: str, address: str = "") -> Iterator[RedisServer]:
    """Run a Redis of one's own; with an address of this machine other hosts reach it there."""
    folder = Path(tempfile.mkdtemp(prefix="casework-redis-"))
    server = RedisServer(folder, options, address, _free_port(address) if address else 0)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """The server of this run; its databases are many."""
    if find_redis() is None:
        pytest.fail(f"Redis is missing. {HOW['Redis']}")
    with serve_redis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> Iterator[str]:
    """The address of an empty database of this test's own, emptied afterwards."""
    number = next(_numbers) % _DATABASES
    yield f"{redis_server.url}?db={number}"
    with redis.Redis.from_url(f"{redis_server.url}?db={number}") as client:
        client.flushdb()


def _free_port(address: str) -> int:
    with socket.create_server((address, 0)) as listener:
        return int(listener.getsockname()[1])
