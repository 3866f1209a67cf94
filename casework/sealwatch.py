"""Whether the organization was sealed or opened meanwhile, by any process or host: each request asks."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from flask import Flask

from casework.services.runtime import Runtime
from casework.services.sealing import finish_seal, is_stale

_CUT_OFF_SECONDS: float = 8


class SealWatch:
    """Takes another runtime once the organization was sealed, or opened by a quorum: other keys, or none.

    `renew` makes that other one. `has_happened` says that this process once held keys which it should hold no
    more.
    """

    def __init__(self, app: Flask, renew: Callable[[], Runtime]) -> None:
        self._app = app
        self._renew = renew
        self._lock = threading.Lock()
        self._looked_at = time.monotonic()
        self.has_happened = False

    def look(self) -> None:
        """Look whether it is so, as every request does, and act."""
        found = is_stale(self._app.extensions["casework"])
        self._looked_at = time.monotonic()
        if not found:
            return
        with self._lock:
            held: Runtime = self._app.extensions["casework"]
            if is_stale(held):
                held.forget()
                renewed = replace(self._renew(), background=held.background)
                self._app.extensions["casework"] = renewed
                self.has_happened = True
        self.finish()

    def forget_if_cut_off(self) -> None:
        """Drop every opened record while nobody can tell whether the seal is on: the database is away."""
        if time.monotonic() - self._looked_at > _CUT_OFF_SECONDS:
            self._app.extensions["casework"].forget()

    def finish(self) -> None:
        """While the seal is on, destroy again what it destroys: a process may have ended in between."""
        held: Runtime = self._app.extensions["casework"]
        if held.is_sealed:
            finish_seal(held)
