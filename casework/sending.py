"""Files on their way out: turns that members share, and lines that have to take what they are given."""

import errno
import fcntl
import socket
import struct
import sys
import termios
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from uuid import UUID

SENDERS = 12
"""Files sent at once. Each takes a thread that mostly waits, and a piece of the file."""
EACH_SENT = 3
"""Of these to one member: two long ones leave a turn for the previews of a page."""
WAITING = 96
"""Requests that wait for a turn: with those that have one, half of all connections (`casework/server.py`)."""
EACH_WAITING = 32
"""Of these from one member. A proxy may ask for all previews of a page at once."""

_LOOK_SECONDS = 1.0
_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Pace:
    """What a line has to take while we wait for it: so much in so long, and all of it in `total_seconds`."""

    seconds: float
    least_bytes: int
    total_seconds: float


FILE = Pace(seconds=60.0, least_bytes=60_000, total_seconds=4 * 3600.0)
"""A kilobyte a second, below what the slowest telephone lines bring (GPRS: 2 to 5), and a minute without any
for a tunnel or a lift. Who reads slowly holds only turns of their own, so this need not be strict. All of it
comes within four hours: 200 MB at 14 kB a second."""


@dataclass(eq=False, slots=True)
class _Sending:
    member: UUID
    answer: Callable[[], Any]
    future: "Future[Any]" = field(default_factory=Future)


class Senders:
    """The threads that send, and who waits for one. Only the worker's loop calls this."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(SENDERS, "send")
        self._waiting: list[_Sending] = []
        self._sending: list[_Sending] = []

    def send(self, member: UUID, answer: Callable[[], Any]) -> "Future[Any] | None":
        """Answer a member once they have a turn; None where too many wait already."""
        asked = _Sending(member, answer)
        self._waiting.append(asked)
        self.go_on()
        own = [one for one in self._waiting if one.member == member]
        if asked in self._waiting and (len(own) > EACH_WAITING or len(self._waiting) > WAITING):
            self._waiting.remove(asked)
            return None
        return asked.future

    def go_on(self) -> None:
        """Begin what has its turn, first for who has the fewest; to be called after each end."""
        self._sending = [one for one in self._sending if not one.future.done()]
        while (chosen := self._choose()) is not None:
            self._waiting.remove(chosen)
            self._sending.append(chosen)
            self._threads.submit(_run, chosen)

    def _choose(self) -> _Sending | None:
        if len(self._sending) >= SENDERS:
            return None
        held = [one.member for one in self._sending]
        fitting = [one for one in self._waiting if held.count(one.member) < EACH_SENT]
        return min(fitting, key=lambda one: held.count(one.member), default=None)


def _run(sending: _Sending) -> None:
    try:
        sending.future.set_result(sending.answer())
    except BaseException as error:  # the loop looks at it, as with every future
        sending.future.set_exception(error)


class PacedLine:
    """A socket that raises ConnectionResetError once the other side takes too little.

    Only the time counts in which something was to be sent. What was sent counts once the other side has
    acknowledged it; where the system cannot tell, once the system has taken it.
    """

    def __init__(self, sock: socket.socket, pace: Pace) -> None:
        self._sock = sock
        self._pace = pace
        self._sent_bytes = self._taken_bytes = 0
        self._waited_seconds = self._all_waited_seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        """Be the socket in all else."""
        return getattr(self._sock, name)

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        left = memoryview(data)
        while left:
            left = left[self._send(left) :]

    def sendfile(self, file: BinaryIO, offset: int = 0, count: int | None = None) -> int:
        """Send what stands in a file, as `socket.sendfile` does; returns how many bytes that was."""
        file.seek(offset)
        sent = 0
        while count is None or sent < count:
            piece = file.read(_PIECE_BYTES if count is None else min(_PIECE_BYTES, count - sent))
            if not piece:
                break
            self.sendall(piece)
            sent += len(piece)
        return sent

    def _send(self, piece: memoryview) -> int:
        began, sent = time.monotonic(), 0
        self._sock.settimeout(_LOOK_SECONDS)
        try:
            sent = self._sock.send(piece)
        except TimeoutError:
            pass
        waited = time.monotonic() - began
        self._sent_bytes += sent
        self._waited_seconds += waited
        self._all_waited_seconds += waited
        if self._is_too_slow():
            # Nothing of what the system holds for it is wanted any more.
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise ConnectionResetError(errno.ECONNRESET, "too slow")
        return sent

    def _is_too_slow(self) -> bool:
        if self._all_waited_seconds >= self._pace.total_seconds:
            return True
        if self._waited_seconds < self._pace.seconds:
            return False
        taken = self._sent_bytes - count_unread(self._sock)
        is_slow = taken - self._taken_bytes < self._pace.least_bytes
        self._waited_seconds, self._taken_bytes = 0.0, taken
        return is_slow


def count_unread(sock: socket.socket) -> int:
    """Return how many sent bytes the other side has not acknowledged; 0 where the system cannot tell.

    Who reads an answer acknowledges it, at the latest with the next request: tcp(7), SIOCOUTQ.
    """
    try:
        return int.from_bytes(fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)), sys.byteorder)
    except OSError:  # macOS
        return 0
