"""What the system keeps of a process that holds keys: nothing."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.prober import as_anybody, readable

ROOT = Path(__file__).parent.parent
WAIT = "\nprint('ready', flush=True)\ninput()"
OPEN = "pass"
PRIVATE = "from casework.process import keep_memory_private\nkeep_memory_private()\nkeep_memory_private()"
COMMAND = "import run\nrun.create_app()"

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


@contextmanager
def _running(arguments: list[str], folder: Path, said: bytes) -> Iterator[int]:
    """Run Python until the block ends, once it has said this; yields the process id."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CASEWORK_")}
    environment |= {
        "CASEWORK_CONFIG": "",
        "CASEWORK_INSTANCE_PATH": f"{folder}/instance",
        "CASEWORK_VOLATILE_URL": f"sqlite:///{folder}/memory/volatile.sqlite",
    }
    command = as_anybody([sys.executable, *arguments])
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert said in process.stdout.readline()
        yield process.pid
        process.send_signal(signal.SIGINT if arguments[0] == "run.py" else signal.SIGKILL)
        process.wait(20)


def _core_limits(pid: int) -> tuple[str, str]:
    """Return the soft and the hard limit of a core file's size."""
    found = re.search(r"Max core file size +(\S+) +(\S+)", Path(f"/proc/{pid}/limits").read_text("ascii"))
    assert found
    return found[1], found[2]


@linux
def test_the_prober_reads_what_is_not_private(tmp_path: Path) -> None:
    """Else the tests below would prove nothing."""
    with _running(["-c", OPEN + WAIT], tmp_path, b"ready") as pid:
        assert "environ" in readable(pid)


@linux
@pytest.mark.parametrize("deed", [PRIVATE, COMMAND], ids=["alone, asked twice", "a flask command"])
def test_a_neighbour_reads_neither_memory_nor_environment(deed: str, tmp_path: Path) -> None:
    """A process of the same account without special rights cannot open them, and no core file is written."""
    with _running(["-c", deed + WAIT], tmp_path, b"ready") as pid:
        assert readable(pid) == []
        assert _core_limits(pid) == ("0", "0")


@linux
def test_neither_the_server_nor_its_worker_can_be_read(tmp_path: Path) -> None:
    """The process that answers is a fork of the one that was started: both are closed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with _running(["run.py", "--port", str(port)], tmp_path, b"is running") as server:
        workers = Path(f"/proc/{server}/task/{server}/children").read_text("ascii").split()
        assert workers
        for pid in (server, *map(int, workers)):
            assert readable(pid) == []
            assert _core_limits(pid) == ("0", "0")
