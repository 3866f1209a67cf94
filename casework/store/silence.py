"""What is remembered of a place that did not answer: for a while nobody waits for it again."""

import threading
import time
from collections.abc import Callable

from casework.store.sealedfiles import Away, FilesAway

SILENT_SECONDS = 30.0
"""For so long after a place was silent whoever asks is refused at once; then one asks, the others do not."""


class Silence:
    """Whether a place was silent a moment ago; `clock` gives seconds that only grow, and may be replaced."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._until: float | None = None

    def require_over(self) -> None:
        """Raise FilesAway while nobody should ask; who is let through after that asks for all."""
        with self._lock:
            if self._until is None:
                return
            now = self.clock()
            if now < self._until:
                raise FilesAway(Away.SILENT)
            self._until = now + SILENT_SECONDS

    def begin(self) -> None:
        """Remember that the place did not answer."""
        with self._lock:
            self._until = self.clock() + SILENT_SECONDS

    def end(self) -> None:
        """Forget it: the place answered, whatever it said."""
        self._until = None
