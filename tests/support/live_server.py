"""The real thing: run.py's server in a process of its own, over a data folder of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import run
from tests.support.forked import ROOT, Forked

START_SECONDS = 120
STOP_SECONDS = 20


@dataclass(frozen=True)
class LiveServer:
    """A server that answers at `url`. `log` is what it wrote to its error stream."""

    url: str
    folder: Path
    log: Path
    pid: int

    @property
    def port(self) -> int:
        """Its TCP port."""
        return int(self.url.rpartition(":")[2])

    def workers(self) -> set[int]:
        """Return the ids of the processes that answer now; on Linux."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii")
        return set(map(int, children.split()))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ours over the same folder: `flask --app run …`."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "run", *command],
            cwd=ROOT,
            env=_environment(self.folder) | {"CASEWORK_INSTANCE_PATH": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@contextmanager
def serve(folder: Path, *arguments: str, **settings: str) -> Iterator[LiveServer]:
    """Start casework over a folder and stop it again; whatever it logged fails the test."""
    port = _free_port()
    log = folder.with_name(f"{folder.name}-{port}.log")
    log.touch()
    words = ("run.py", "--port", str(port), "--instance", str(folder), *arguments)
    process = Forked(_main, words, _environment(folder) | settings, log)
    try:
        first = process.read(START_SECONDS, line=True)
        assert first.startswith("casework is running"), first + log.read_text("utf-8")
        yield LiveServer(f"http://127.0.0.1:{port}", folder, log, process.pid)
    finally:
        process.terminate()
        said = process.read(STOP_SECONDS)
        process.wait(STOP_SECONDS)
        process.close()
    said += log.read_text("utf-8")
    assert not said, said


def _main() -> int:
    return run.main()


def _environment(folder: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("CASEWORK_")}
    volatile = f"sqlite:///{folder}-memory/volatile.sqlite"
    return ours | {"CASEWORK_CONFIG": "", "CASEWORK_VOLATILE_URL": volatile}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
