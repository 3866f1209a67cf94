"""One at a time, over all processes: a lock on a file, which the system frees when its holder dies."""

import fcntl
from pathlib import Path
from typing import IO


def take(lock: IO[str] | IO[bytes]) -> bool:
    """Hold the lock of an open file until it is closed; returns False, at once, where somebody has it."""
    return _try(lock, fcntl.LOCK_EX)


def is_taken(path: Path) -> bool:
    """Return whether somebody holds the lock of a file now."""
    try:
        with path.open("rb") as lock:
            return not _try(lock, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def _try(lock: IO[str] | IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
