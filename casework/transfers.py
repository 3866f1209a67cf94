"""Files on their way in and out: a few threads of their own, so that slow lines hold up nobody else.

What comes in is read as it is sealed, and never collected: memory stays as it is, whatever the size.
"""

import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gunicorn.http.unreader import SocketUnreader

from casework.sending import Senders

RECEIVERS = 4
"""Files received at once; who sends more is told to wait. Those to be sent: `casework/sending.py`."""
EACH = 2
"""Files received at once from one member."""
HELD = 12
"""Threads for what is received, and for what is here and waits for its cleaned copy: one member has half."""
RESTING_SECONDS = 5.0
"""Who has asked nothing of the line for so long does not receive: a file of a form is being cleaned."""
PACE_SECONDS, PACE_BYTES = 30.0, 120_000
"""A sender brings at least so much in so long that we wait for it: 4 kB a second."""
TOTAL_SECONDS = 3600.0
"""For all of a file: 200 MB on a line of 60 kB a second."""
DRAIN_SECONDS = 30.0
"""For what a refused sender still has under way: browsers look at the answer only once all is sent."""
_BUSY_TEXT = """\
Others are sending files just now. Go back, and try again in a minute.
D’autres envoient des fichiers en ce moment. Revenez en arrière et réessayez dans une minute.
Otras personas están enviando archivos en este momento. Vuelva atrás e inténtelo de nuevo en un minuto.
"""
_MANY_TEXT = """\
Many files are on their way already. Wait until some have come, then ask for this one again.
Beaucoup de fichiers sont déjà en route. Attendez que quelques-uns soient arrivés, puis redemandez celui-ci.
Ya hay muchos archivos en camino. Espere a que lleguen algunos y vuelva a pedir este.
"""
BUSY = (b"503 Service Unavailable", _BUSY_TEXT.encode())
MANY = (b"503 Service Unavailable", _MANY_TEXT.encode())


@dataclass(frozen=True, slots=True)
class _Receiving:
    member: UUID
    future: "Future[Any]"
    reader: "PacedUnreader"


class Transfers:
    """The threads, and how many of them receive. Only the worker's loop calls this."""

    def __init__(self) -> None:
        self._receivers = ThreadPoolExecutor(HELD, "receive")
        self._senders = Senders()
        self._receiving: list[_Receiving] = []
        self._lines: dict[Future[Any], socket.socket] = {}

    @property
    def is_busy(self) -> bool:
        """Whether any file is on its way, or waits for its turn."""
        return not all(future.done() for future in self._lines)

    def send(self, conn: Any, answer: Callable[[Any], Any]) -> "Future[Any] | None":
        """Answer a member's request in a thread that may wait for who takes a file, once they have a turn.

        None where too many wait. After each end `go_on` lets the next begin.
        """
        future = self._senders.send(conn.arriving.member, lambda: answer(conn))
        return None if future is None else self._note(future, conn)

    def go_on(self) -> None:
        """Begin to send to who has their turn now."""
        self._senders.go_on()

    def cut(self) -> None:
        """End every file on its way: its thread finds the line closed."""
        for future, line in self._lines.items():
            if not future.done():
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def _note(self, future: "Future[Any]", conn: Any) -> "Future[Any]":
        self._lines = {future: line for future, line in self._lines.items() if not future.done()}
        self._lines[future] = conn.sock
        return future

    def receive(self, conn: Any, answer: Callable[[Any], Any]) -> "Future[Any] | None":
        """Answer in a thread that reads a member's file as it comes; None where no more can be read now."""
        member = conn.arriving.member
        self._receiving = [one for one in self._receiving if not one.future.done()]
        if not self._has_turn(member):
            return None
        paced = PacedUnreader(conn.sock, conn.arriving.missing_bytes)
        paced.unread(conn.parser.unreader.take_buffered())
        conn.parser.unreader = paced
        future = self._note(self._receivers.submit(answer, conn), conn)
        self._receiving.append(_Receiving(member, future, paced))
        return future

    def _has_turn(self, member: UUID) -> bool:
        """Look for a turn, and for a thread; both are shared so that one member leaves some to the others."""
        own = [one for one in self._receiving if one.member == member]
        turns = (self._receiving, RECEIVERS, HELD), (own, EACH, HELD // 2)
        return all(
            len(held) < threads and sum(one.reader.is_receiving for one in held) < receivers
            for held, receivers, threads in turns
        )


class PacedUnreader(SocketUnreader):  # type: ignore[misc] # gunicorn has no types
    """Reads what comes in its time and fast enough; then the body ends there, which is shorter than it said.

    Only the time counts in which something was asked of the line.
    """

    def __init__(self, sock: socket.socket, missing_bytes: int) -> None:
        super().__init__(sock)
        self._missing_bytes = missing_bytes
        self._is_asking = False
        self._asked_at = time.monotonic()
        self._ends_at = time.monotonic() + TOTAL_SECONDS
        self._is_over = False
        self._waited_seconds = 0.0
        self._come_bytes = 0

    @property
    def is_receiving(self) -> bool:
        """Whether a file still comes: not once all is here, nor while what came is worked on for long."""
        if self._is_over or self._missing_bytes <= 0:
            return False
        return self._is_asking or time.monotonic() - self._asked_at < RESTING_SECONDS

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Return what is there, or nothing, once and for all, where it took too long or the line is cut."""
        self._is_asking = True
        try:
            piece = self._ask(size_hint)
        finally:
            self._is_asking, self._asked_at = False, time.monotonic()
        self._missing_bytes -= len(piece)
        return piece

    def _ask(self, size_hint: int | None) -> bytes:
        piece = None
        before = self.sock.gettimeout()
        while piece is None and not self._is_over:
            try:
                piece = self._wait(size_hint)
            except (OSError, ValueError):
                piece = b""
            self._is_over = piece == b"" or self._is_too_slow()
        if self.sock.fileno() >= 0:
            self.sock.settimeout(before)
        return piece or b""

    def _wait(self, size_hint: int | None) -> bytes | None:
        began = time.monotonic()
        try:
            self.sock.settimeout(min(PACE_SECONDS - self._waited_seconds, self._ends_at - began))
            piece: bytes = super().chunk(size_hint)
        except TimeoutError:
            return None
        finally:
            self._waited_seconds += time.monotonic() - began
        self._come_bytes += len(piece)
        return piece

    def _is_too_slow(self) -> bool:
        if time.monotonic() >= self._ends_at:
            return True
        if self._waited_seconds < PACE_SECONDS:
            return False
        is_slow = self._come_bytes < PACE_BYTES
        self._waited_seconds, self._come_bytes = 0.0, 0
        return is_slow
