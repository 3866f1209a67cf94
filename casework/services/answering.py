"""Whether this process can answer: asked by machines, from outside, as often as they like.

One thread of its own asks the stores, never two: a database that hangs keeps no request waiting for longer
than two seconds, and none at all once that is known.
"""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from casework.store.reaching import is_schema_current, touch_volatile

WAIT_SECONDS = 2.0
FRESH_SECONDS = 1.0
"""For so long one answer serves everybody who asks."""


@dataclass(slots=True)
class _Probe:
    began_at: float
    done: threading.Event = field(default_factory=threading.Event)
    is_good: bool = False


def can_serve() -> bool:
    """Return whether both stores answer and the schema is the one of this casework; never raises."""
    try:
        current = is_schema_current()
        touch_volatile()
    except Exception:  # whatever a driver says, it means no
        return False
    return current


class Readiness:
    """Says whether the stores answer; `enter` gives the context in which they are asked."""

    def __init__(
        self, enter: Callable[[], AbstractContextManager[object]], ask: Callable[[], bool] = can_serve
    ) -> None:
        self._enter = enter
        self._ask = ask
        self._lock = threading.Lock()
        self._probe: _Probe | None = None

    def is_ready(self) -> bool:
        """Return whether they do, within `WAIT_SECONDS`; who does not answer in time is not there."""
        probe = self._current()
        probe.done.wait(max(0.0, probe.began_at + WAIT_SECONDS - time.monotonic()))
        return probe.done.is_set() and probe.is_good

    def _current(self) -> _Probe:
        with self._lock:
            probe = self._probe
            if probe is None or (probe.done.is_set() and time.monotonic() - probe.began_at > FRESH_SECONDS):
                probe = self._probe = _Probe(time.monotonic())
                threading.Thread(target=self._run, args=(probe,), name="readiness", daemon=True).start()
            return probe

    def _run(self, probe: _Probe) -> None:
        try:
            with self._enter():
                probe.is_good = self._ask()
        finally:
            probe.done.set()
