"""Files on their way in and out: a few threads of their own, so that slow lines hold up nobody else.

What comes in is read as it is sealed, and never collected: memory stays as it is, whatever the size.
"""

import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from gunicorn.http.unreader import SocketUnreader

from casework.gate import OUTGOING

RECEIVERS, SENDERS = 4, 4
"""Files received at once, and sent at once. More to be sent wait; more to be received are told to."""
IDLE_SECONDS = 30.0
"""So long a sender may say nothing."""
TOTAL_SECONDS = 3600.0
"""For all of a file: 200 MB on a line of 60 kB a second."""
DRAIN_SECONDS = 30.0
"""For what a refused sender still has under way: browsers look at the answer only once all is sent."""
_BUSY_TEXT = """\
Others are sending files just now. Go back, and try again in a minute.
D’autres envoient des fichiers en ce moment. Revenez en arrière et réessayez dans une minute.
"""
BUSY = (b"503 Service Unavailable", _BUSY_TEXT.encode())


class Transfers:
    """The threads, and how many of them receive."""

    def __init__(self) -> None:
        self._receivers = ThreadPoolExecutor(RECEIVERS, "receive")
        self._senders = ThreadPoolExecutor(SENDERS, "send")
        self._receiving: set[Future[Any]] = set()

    def begin(self, conn: Any, answer: Callable[[Any], Any]) -> "Future[Any] | None":
        """Answer a connection's request in a thread; None where no more can be received now.

        Only the worker's loop calls this.
        """
        if conn.arriving.transfer == OUTGOING:
            return self._senders.submit(answer, conn)
        self._receiving = {future for future in self._receiving if not future.done()}
        if len(self._receiving) >= RECEIVERS:
            return None
        paced = PacedUnreader(conn.sock)
        paced.unread(conn.parser.unreader.take_buffered())
        conn.parser.unreader = paced
        future = self._receivers.submit(answer, conn)
        self._receiving.add(future)
        return future


class PacedUnreader(SocketUnreader):  # type: ignore[misc] # gunicorn has no types
    """Reads what arrives within its time; then the body ends there, which is shorter than it said."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self._ends_at = time.monotonic() + TOTAL_SECONDS

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return what is there, or nothing where it took too long or the line is cut."""
        left = self._ends_at - time.monotonic()
        before = self.sock.gettimeout()
        try:
            self.sock.settimeout(min(IDLE_SECONDS, left))
            piece: bytes = super().chunk(size_hint) if left > 0 else b""
        except (OSError, ValueError):
            return b""
        finally:
            self.sock.settimeout(before)
        return piece
