"""How far something long is, for whoever looks, whichever process does it: a small file of the data folder.

It holds numbers and names of tables, never content.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casework.errors import CaseworkError
from casework.services import filelocks

_EVERY_SECONDS = 1.0


class SessionEnded(CaseworkError):
    """The session whose keys were borrowed has ended."""


class Watched:
    """One kind of work; `name` is that of its files."""

    def __init__(self, folder: Path, name: str) -> None:
        self._state, self._lock = folder / f"{name}.json", folder / f"{name}.lock"
        self._saved_at = 0.0

    def load(self) -> dict[str, Any] | None:
        """Return what was saved last; None where there is nothing, or nothing readable."""
        try:
            state = json.loads(self._state.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return state if isinstance(state, dict) else None

    def saved_at(self) -> datetime | None:
        """Return when something was last saved."""
        try:
            return datetime.fromtimestamp(self._state.stat().st_mtime, UTC)
        except OSError:
            return None

    def save(self, state: Mapping[str, Any]) -> None:
        """Put this in the place of what was saved before."""
        waiting = self._state.with_suffix(".new")
        waiting.write_text(json.dumps(state), "utf-8")
        waiting.replace(self._state)
        self._saved_at = time.monotonic()

    def is_due(self) -> bool:
        """Return whether it is time to save again: once a second."""
        return time.monotonic() - self._saved_at > _EVERY_SECONDS

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the lock for as long as the work goes on; gives False where somebody is at it already."""
        with self._lock.open("wb") as lock:
            yield filelocks.take(lock)

    def is_running(self) -> bool:
        """Return whether somebody is at it."""
        return filelocks.is_taken(self._lock)
