"""Several hosts: each in a network of its own, over one data folder, one PostgreSQL and one Redis.

A host is a network namespace, which takes root on Linux. Elsewhere the hosts are processes side by side on
one machine, whose network nobody can cut: who wants to, skips.
"""

import ctypes
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

import run
from tests.support.forked import Forked
from tests.support.visitor import Visitor

START_SECONDS = 120
_NEW_NETWORK = 0x40000000
_numbers = itertools.count(1)


@dataclass
class Host:
    """One application server. `namespace` is empty where there are none."""

    name: str
    namespace: str
    folder: Path
    settings: Mapping[str, str]
    port: int
    log: Path
    _process: Forked | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """The process that starts the others."""
        assert self._process is not None
        return self._process.pid

    def workers(self) -> set[int]:
        """Return the ids of the processes that answer now."""
        return set(map(int, Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()))

    def start(self) -> None:
        """Start it and wait until it answers."""
        words = ("run.py", "--port", str(self.port), "--instance", str(self.folder))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEWORK_")}
        environment = kept | {"CASEWORK_CONFIG": ""} | dict(self.settings)
        self._process = Forked(partial(_run_in, self.namespace), words, environment, self.log)
        first = self._process.read(START_SECONDS, line=True)
        assert first.startswith("casework is running"), first + self.log.read_text("utf-8")

    def kill(self) -> None:
        """End all its processes with the signal that nothing can catch, as a power cut ends a machine."""
        assert self._process is not None
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)
        self._process.kill()
        self._process.close()
        self._process = None

    def stop(self) -> None:
        """Stop it as an administrator does."""
        if self._process is not None:
            self._process.terminate()
            if self._process.wait(30) is None:
                self._process.kill()
            self._process.close()
            self._process = None

    def enter(self) -> None:
        """Bring the thread that calls into its network, for good."""
        if self.namespace:
            _enter(self.namespace)

    def cut(self) -> None:
        """Pull the plug of its network: packets are lost, nobody is told. Browsers come by another way."""
        self._plug("down")

    def mend(self) -> None:
        """Put the plug back."""
        self._plug("up")

    def _plug(self, state: str) -> None:
        if not self.namespace:
            pytest.skip("this machine lets nobody cut a network")
        _ip("link", "set", f"{self.namespace}p", state)


class HostVisitor(Visitor):
    """A browser before several hosts, which asks another one each time, as behind a proxy without memory."""

    def __init__(self, *hosts: Host) -> None:
        super().__init__(hosts[0].port)
        self._hosts = self._turns = itertools.cycle(hosts)
        self._host = hosts[0]

    def stay_at(self, host: Host) -> None:
        """Ask this host alone from now on."""
        self._turns = itertools.cycle([host])

    def go_round(self) -> None:
        """Ask another one each time again."""
        self._turns = self._hosts

    def connect(self) -> HTTPConnection:
        """Return a connection that begins on the host itself."""
        self._host = next(self._turns)
        self._port = self._host.port
        connection = HTTPConnection("127.0.0.1", self._port, timeout=90)
        connection.sock = _connect_in(self._host.namespace, self._port)
        return connection


@dataclass(frozen=True)
class Network:
    """Where the hosts stand; PostgreSQL and Redis listen at `address`."""

    address: str
    namespaces: Mapping[str, str]


@contextmanager
def networks(*names: str) -> Iterator[Network]:
    """Give each name a network of its own, all plugged into one switch, beside this machine's address."""
    if not _may_divide():
        yield Network("127.0.0.1", dict.fromkeys(names, ""))
        return
    tag = f"cw{os.getpid() % 100_000}n{next(_numbers)}"
    begin = f"10.{200 + os.getpid() % 50}.{next(_numbers) % 250}"
    namespaces = {name: f"{tag}{chr(97 + number)}" for number, name in enumerate(names)}
    try:
        _ip("link", "add", f"{tag}br", "type", "bridge")
        _ip("addr", "add", f"{begin}.1/24", "dev", f"{tag}br")
        _ip("link", "set", f"{tag}br", "up")
        for number, space in enumerate(namespaces.values(), 2):
            _ip("netns", "add", space)
            _ip("link", "add", f"{space}p", "type", "veth", "peer", "name", "eth0", "netns", space)
            _ip("link", "set", f"{space}p", "master", f"{tag}br", "up")
            _ip("-n", space, "addr", "add", f"{begin}.{number}/24", "dev", "eth0")
            for device in ("eth0", "lo"):
                _ip("-n", space, "link", "set", device, "up")
        yield Network(f"{begin}.1", namespaces)
    finally:
        for space in namespaces.values():
            _ip("netns", "del", space, check=False)
        _ip("link", "del", f"{tag}br", check=False)


@contextmanager
def hosts(
    network: Network, folder: Path, settings: Mapping[str, str], logs: Path
) -> Iterator[tuple[Host, ...]]:
    """Start a host in each network over this data folder, one after the other, and stop them again."""
    made = [
        Host(name, space, folder, settings, _free_port(), logs / f"{name}.log")
        for name, space in network.namespaces.items()
    ]
    try:
        for host in made:
            host.log.touch()
            host.start()
        yield tuple(made)
    finally:
        for host in made:
            host.stop()


def wait_until(happens: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a condition; fails with `what` where it does not come in time."""
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def _run_in(namespace: str) -> int:
    if namespace:
        _enter(namespace)
    return run.main()


def _enter(namespace: str) -> None:
    """Bring this thread into a network, with all that it begins."""
    handle = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(handle, _NEW_NETWORK):
            raise OSError(ctypes.get_errno(), f"no way into {namespace}")
    finally:
        os.close(handle)


def _connect_in(namespace: str, port: int) -> socket.socket:
    """Connect to a port of a host, from the host itself."""
    if not namespace:
        return socket.create_connection(("127.0.0.1", port), timeout=90)
    made: list[socket.socket | OSError] = []

    def connect() -> None:
        try:
            _enter(namespace)
            made.append(socket.create_connection(("127.0.0.1", port), timeout=90))
        except OSError as error:
            made.append(error)

    thread = threading.Thread(target=connect)
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]


def _may_divide() -> bool:
    if sys.platform != "linux" or os.getuid() != 0 or not shutil.which("ip"):
        return False
    probe = f"cwprobe{os.getpid()}"
    if _ip("netns", "add", probe, check=False):
        return False
    return not _ip("netns", "del", probe, check=False)


def _ip(*words: str, check: bool = True) -> int:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert not (check and done.returncode), f"ip {' '.join(words)}: {done.stderr}"
    return done.returncode


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
