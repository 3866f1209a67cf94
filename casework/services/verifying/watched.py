"""Verifying from a page: a thread does it with the keys of one session, and whoever looks sees how far it is.

What it found stands in a small file of the data folder: names of tables and ids, never content.
"""

import fcntl
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from casework.domain.permissions import Permission
from casework.errors import CaseworkError
from casework.services.context import Context
from casework.services.runtime import Runtime
from casework.services.verifying.checking import Failure
from casework.services.verifying.live import verify_live

_RESULT, _LOCK = "verify.json", "verify.lock"
_SHOWN = 20
_EVERY_SECONDS = 1.0


class SessionEnded(CaseworkError):
    """The session whose keys were borrowed has ended."""


@dataclass(slots=True)
class Check:
    """How far a check is, or how it ended; `failures` are the first ones, `hurt` is how many there are."""

    started_at_seconds: int
    total: int = 0
    done: int = 0
    opened: int = 0
    hurt: int = 0
    failures: list[str] = field(default_factory=list)
    is_finished: bool = False
    is_running: bool = False


def find_check(context: Context) -> Check | None:
    """Return the check that is under way, or else the last one; None where there was none."""
    context.require(Permission.MAKE_BACKUPS)
    folder = context.runtime.data_folder
    try:
        known: dict[str, Any] = json.loads((folder / _RESULT).read_text("utf-8"))
        check = Check(**known)
    except (OSError, ValueError, TypeError):
        return None
    check.is_running = not check.is_finished and _is_locked(folder / _LOCK)
    return check


def run_check(context: Context, is_open: Callable[[], bool]) -> None:
    """Check everything that the member can open, unless somebody is at it; stop when their session ends."""
    context.require(Permission.MAKE_BACKUPS)
    with (context.runtime.data_folder / _LOCK).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        _run(context, is_open)


def _run(context: Context, is_open: Callable[[], bool]) -> None:
    check, written = Check(context.runtime.now_seconds()), time.monotonic()
    _write(context.runtime, check)

    def begin(total: int) -> None:
        check.total = total

    def report(failure: Failure) -> None:
        check.hurt += 1
        if len(check.failures) < _SHOWN:
            check.failures.append(str(failure))

    def advance(count: int) -> None:
        nonlocal written
        check.done += count
        if time.monotonic() - written > _EVERY_SECONDS:
            written = time.monotonic()
            if not is_open():
                raise SessionEnded
            _write(context.runtime, check)

    check.opened = verify_live(context, begin, report, advance).opened
    check.is_finished = True
    _write(context.runtime, check)


def _write(runtime: Runtime, check: Check) -> None:
    path = runtime.data_folder / _RESULT
    waiting = path.with_suffix(".new")
    waiting.write_text(json.dumps(asdict(check)), "utf-8")
    waiting.replace(path)


def _is_locked(path: Path) -> bool:
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
