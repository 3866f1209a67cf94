"""Processes of ours that have read the code already: forked off one that did that and nothing else.

Reading it takes most of the time that a server or a command takes to start. tests/test_run.py and
tests/test_process.py start them as people do.
"""

import functools
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from multiprocessing import connection, forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["run", "flask.cli"])


@functools.cache
def _read_the_code() -> None:
    """Start what the others are forked off, and wait until it has read the code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        forkserver.ensure_running()
    first = _context.Process(target=int)
    first.start()
    first.join()


class Forked:
    """One of them, running; `out` is what it writes, errors included where `log` is not given."""

    def __init__(
        self,
        main: Callable[[], object],
        arguments: tuple[str, ...],
        environment: Mapping[str, str],
        log: Path | None = None,
    ) -> None:
        _read_the_code()
        self._out, writer = _context.Pipe(duplex=False)
        given = (main, arguments, dict(environment), writer, log)
        self._process: ForkServerProcess = _context.Process(target=_become, args=given)
        self._process.start()
        writer.close()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def read(self, seconds: float, *, line: bool = False) -> str:
        """Return all that it writes until it ends, or one line; TimeoutError if that takes longer."""
        deadline = time.monotonic() + seconds
        said = b""
        while not (line and said.endswith(b"\n")):
            if not connection.wait([self._out], max(0, deadline - time.monotonic())):
                raise TimeoutError(said.decode())
            piece = os.read(self._out.fileno(), 1 if line else 65536)
            if not piece:
                break
            said += piece
        return said.decode()

    def wait(self, seconds: float | None = None) -> int | None:
        """Return its status, negative for the signal that killed it; None if it goes on after so long."""
        self._process.join(seconds)
        return self._process.exitcode

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it with the signal that nothing can catch."""
        self._process.kill()
        self._process.join()

    def close(self) -> None:
        """Listen no longer."""
        self._out.close()


def _become(
    main: Callable[[], object],
    arguments: tuple[str, ...],
    environment: dict[str, str],
    out: "connection.Connection[bytes, bytes]",
    log: Path | None,
) -> None:
    assert {"run", "flask.cli"} <= sys.modules.keys(), "not read before the fork: it would be no faster"
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # what Python remembers of before
    os.chdir(ROOT)
    os.dup2(out.fileno(), 1)
    out.close()
    with log.open("ab") if log else os.fdopen(os.dup(1), "wb") as errors:
        os.dup2(errors.fileno(), 2)
    sys.argv = list(arguments)
    sys.exit(main())  # type: ignore[arg-type] # a status, or None
