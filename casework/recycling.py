"""How a worker ends, and how the next one takes over.

A stop, and the emergency seal, give seconds. One that has answered its share of requests lets the files on
their way arrive, while a new worker answers whatever else comes.
"""

import os
import signal
import sys
import threading
import time
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

STOP_SECONDS = 10.0
"""For what has begun when the process is to end; the next one answers who comes meanwhile."""
SEALED_SECONDS = 3.0
"""The same after the emergency seal, and for pages alone: files on their way are cut at once."""
FILES_SECONDS = 3600.0
"""For files on their way when a new worker has taken over: as long as one may take to come."""


class EndingWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """Ends without waiting for any thread; replaced, it first lets files arrive."""

    transfers: Any
    gate: Any
    max_requests: int

    def init_process(self) -> None:
        """Begin to work; when there was enough of it, we look ourselves: gunicorn would stop at once."""
        self._most_requests, self.max_requests = self.max_requests, sys.maxsize
        self._leaves_at: float | None = None
        super().init_process()

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer; the last one says that its connection ends: the next request goes to the next worker."""
        if self.nr + 1 >= self._most_requests:
            self.max_keepalived = 0
        return super().handle_request(req, conn)

    def run(self) -> None:
        """Work, and end without waiting for any thread."""
        super().run()
        self._end()

    def handle_quit(self, _signal: int, _frame: Any) -> None:
        """End at once."""
        self._end()

    def look_whether_to_leave(self) -> None:
        """Make room for a new worker once there were enough requests; called at each turn of the loop."""
        if self.nr < self._most_requests:
            return
        if self._leaves_at is None:
            self._leaves_at = time.monotonic() + FILES_SECONDS
            if self.transfers.is_busy:
                self._call_successor()
        if not self.transfers.is_busy or time.monotonic() >= self._leaves_at:
            self.alive = False

    def _call_successor(self) -> None:
        """Have the master start one more, which takes what is new; keep no connection for another request."""
        os.kill(self.ppid, signal.SIGTTIN)
        self.worker_connections = 0
        until = time.monotonic() + STOP_KEEPALIVE_LINGER
        for conn in self.keepalived_conns:
            conn.timeout = min(conn.timeout, until)

    def _cap_keepalive(self, deadline: float) -> None:
        """Called as the process begins to end: what has begun to arrive still gets its answer, in time."""
        super()._cap_keepalive(deadline)
        seconds = STOP_SECONDS
        if self.gate.is_sealed:
            seconds = SEALED_SECONDS
            self.transfers.cut()
        # Python would wait for threads that wait for their senders, and keep what is in its memory.
        ending = threading.Timer(seconds, os._exit, (0,))
        ending.daemon = True
        ending.start()
        begun = time.monotonic() + seconds
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, begun if conn.arriving.data else deadline)

    def _end(self) -> None:
        if self.booted:
            self.gate.close()
        os._exit(0)


def keep_one_leaving(arbiter: Any, worker: Any) -> None:
    """Before a worker starts: of those that wait for files only the newest goes on. They would pile up."""
    for pid, other in list(arbiter.WORKERS.items()):
        if other.age < worker.age - 1:
            arbiter.kill_worker(pid, signal.SIGTERM)


def count_down(arbiter: Any, worker: Any) -> None:
    """After a worker has ended: one that had a successor is not replaced."""
    if worker.age < arbiter.worker_age:
        arbiter.num_workers = max(1, arbiter.num_workers - 1)
