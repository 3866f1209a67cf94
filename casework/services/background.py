"""Work that outlasts a request, done in small transactions with the keys of a session that is open.

One thread a process. It borrows the keys of one session, stops when that session ends, and goes on with the
next one that is entitled: what is left to do is read off the data, never remembered here.
"""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

_LOOK_SECONDS = 20.0


class Background:
    """Does nothing until `open` has told it how a thread reaches the application."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._enter: Callable[[], AbstractContextManager[object]] | None = None
        self._work: Callable[[str], None] | None = None
        self._thread: threading.Thread | None = None
        self._looked_at = 0.0

    def open(self, enter: Callable[[], AbstractContextManager[object]], work: Callable[[str], None]) -> None:
        """Take what a thread enters first, and what does the work that is due with a session's cookie."""
        self._enter, self._work = enter, work

    def lend(self, cookie: str, at_once: bool = False) -> None:
        """Let a session's keys serve for what is due; looks at most every 20 seconds, unless `at_once`."""
        with self._lock:
            is_busy = self._thread is not None and self._thread.is_alive()
            is_recent = time.monotonic() - self._looked_at < _LOOK_SECONDS
            if self._enter is None or is_busy or (is_recent and not at_once):
                return
            self._looked_at = time.monotonic()
            self._thread = threading.Thread(target=self._run, args=(cookie,), name="background", daemon=True)
            self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether it works just now."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self, cookie: str) -> None:
        if self._enter is not None and self._work is not None:
            with self._enter():
                self._work(cookie)
