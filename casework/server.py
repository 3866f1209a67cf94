"""The threads that answer requests, and never wait for one: a request gets a thread once it is here whole.

gunicorn's own threads read from the socket, so that a few connections that send a byte now and then would
hold them all. Here the worker's loop collects what arrives, for every connection at once and with a deadline.
Files are sent and received by a few threads of their own (`casework/transfers.py`).
"""

import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from functools import partial
from selectors import EVENT_READ
from typing import Any
from uuid import UUID

from casework.arriving import Arriving, HeldUnreader
from casework.gate import INCOMING, OUTGOING, Gate
from casework.metering import Meter
from casework.recycling import EndingWorker
from casework.sending import FILE, Pace, PacedLine, count_unread
from casework.transfers import BUSY, DRAIN_SECONDS, MANY, PacedUnreader, Transfers
from casework.web.uploading import RECEIVES

CONNECTIONS = 200
"""Connections held at once, those that wait for their next request included."""
ARRIVING = 100
"""Requests arriving at once; one more ends the oldest."""
ARRIVAL_SECONDS = 30.0
PAGE = Pace(seconds=20.0, least_bytes=0, total_seconds=20.0)
"""For an answer that the system has not taken whole; it takes a usual page at once."""
LARGE_ARRIVING = 2
"""Lists to be imported and overlong forms that arrive at once, from different members: each is held whole."""
LARGE_SECONDS = 300.0
LINGER_SECONDS = 2.0
DRAINED = 16
"""Refused senders listened to at once, until they have seen their answer; one more ends the oldest."""
_PIECE_BYTES = 64 * 1024


class PatientWorker(EndingWorker):
    """Collects requests in its loop and hands each to a thread once it is whole."""

    most_bytes = 1024 * 1024

    def init_process(self) -> None:
        """Begin to work, with threads for files and for the entrance too."""
        self.transfers = Transfers()
        self._busy, self._counting = 0, threading.Lock()
        # Strangers who sign in, one after the other, leave as many threads for pages as there are.
        self.entrance = ThreadPoolExecutor(max(1, self.cfg.threads // 2), "entrance")
        super().init_process()

    def load_wsgi(self) -> None:
        """Tell the application of each request whether its thread may read a file."""
        super().load_wsgi()
        app: Any = self.wsgi  # type: ignore[has-type] # gunicorn has no types
        self.gate = Gate(app)
        meter: Meter | None = app.extensions["casework.meter"]
        if meter:
            meter.sources |= {
                "threads_busy": lambda: self._busy,
                "requests_waiting": lambda: self.tpool._work_queue.qsize(),
                "connections": lambda: self.nr_conns,
            }

        def answer(environ: dict[str, Any], start_response: Any) -> Any:
            unreader = getattr(environ["wsgi.input"].reader, "unreader", None)
            environ[RECEIVES] = isinstance(unreader, PacedUnreader)
            return app(environ, start_response)

        self.wsgi = answer

    def handle(self, conn: Any) -> Any:
        """Answer in a thread; how many do is counted."""
        with self._counting:
            self._busy += 1
        try:
            return super().handle(conn)
        finally:
            with self._counting:
                self._busy -= 1

    def accept(self, listener: socket.socket) -> None:
        """Take a connection; where that is the last one that fits, one that waits for nothing goes."""
        super().accept(listener)
        if self.nr_conns >= self.worker_connections and self.keepalived_conns:
            conn = self.keepalived_conns.popleft()
            self.poller.unregister(conn.sock)
            self._close(conn)

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """Take the next request of a connection that was kept."""
        if not _is_closed(client):
            super().on_client_socket_readable(conn, client)

    def enqueue_req(self, conn: Any) -> None:
        """Wait in the loop until the request is whole."""
        # So that a usual page fits, and no thread waits for a slow reader.
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024)
        if not conn.initialized:
            conn.init()
            conn.parser.unreader = HeldUnreader()
            conn.is_answered = False
        conn.arriving = Arriving(self.cfg, conn.client, self.most_bytes, self.gate.find_errand)
        self._wait(conn, self._collect, ARRIVAL_SECONDS)
        ahead = conn.parser.unreader.take_buffered()
        if ahead:  # the next request came with the last
            self._take(conn, ahead)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer; who does not take the answer in time loses it."""
        takes_file = conn.arriving.transfer == OUTGOING and conn.arriving.member is not None
        paced = copy(conn)
        paced.sock = PacedLine(conn.sock, FILE if takes_file else PAGE)
        return super().handle_request(req, paced) and not conn.arriving.is_sending

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Keep the connection for its next request, or close it without the loop waiting for that."""
        if not fs.cancelled() and fs.exception() is None and not fs.result():
            self._linger(conn)
        else:
            super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """End what did not arrive in time, and this worker once it has answered its share."""
        self.look_whether_to_leave()
        now = time.monotonic()
        for conn in [conn for conn in self.pending_conns if conn.timeout <= now]:
            self._drop(conn)

    def _wait(self, conn: Any, callback: Any, seconds: float) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + seconds
        self._make_room()
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(callback, conn))

    def _make_room(self) -> None:
        """Let one go where as many wait as may: one that has its answer, else who has taken longest."""
        if len(self.pending_conns) < ARRIVING:
            return
        answered = next((conn for conn in self.pending_conns if conn.is_answered), None)
        self._drop(answered or min(self.pending_conns, key=lambda conn: conn.timeout))

    def _collect(self, conn: Any, sock: socket.socket) -> None:
        piece = _receive(sock)
        if piece is None:
            return
        if piece:
            self._take(conn, piece)
        else:
            self._drop(conn)

    def _take(self, conn: Any, piece: bytes) -> None:
        arriving = conn.arriving
        arriving.take(piece)
        if arriving.refusal or arriving.is_asking or arriving.is_whole:
            self._forget(conn)
            if arriving.refusal:
                self._refuse(conn, arriving.refusal)
            elif count_unread(conn.sock):
                # Who has not taken the last answer would have a thread wait with the next.
                self._linger(conn)
            elif arriving.is_asking:
                self._ask(conn)
            else:
                self._answer(conn)

    def _ask(self, conn: Any) -> None:
        """Find out who it is before more is read, or sent; meanwhile nobody listens to the connection."""
        asked = self.tpool.submit(self.gate.find_member, conn.arriving.errand, conn.arriving.cookies)
        asked.add_done_callback(lambda done: self.method_queue.defer(self._admit, conn, done))

    def _admit(self, conn: Any, asked: "Future[UUID | None]") -> None:
        """Let come what a member sends; all others get their answer without it."""
        arriving = conn.arriving
        arriving.admit(asked.result() if asked.exception() is None else None)
        if arriving.member is None or arriving.is_whole or arriving.transfer == INCOMING:
            self._answer(conn)
        elif not arriving.is_large:
            self._wait(conn, self._collect, ARRIVAL_SECONDS)
        elif self._may_send_much(conn):
            self._wait(conn, self._collect, LARGE_SECONDS)
        else:
            self._refuse(conn, b"503 Service Unavailable")

    def _may_send_much(self, conn: Any) -> bool:
        others = [other.arriving for other in self.pending_conns if not other.is_answered]
        lists = [other for other in others if other.is_large and not other.is_asking]
        own = [other for other in lists if other.member == conn.arriving.member]
        return not own and len(lists) < LARGE_ARRIVING

    def _answer(self, conn: Any) -> None:
        """Let a thread answer; who comes with a file while all receive others is told so."""
        arriving = conn.arriving
        conn.parser.unreader.unread(bytes(arriving.data))
        arriving.data.clear()
        if arriving.errand.is_entrance:
            entered = self.entrance.submit(self.handle, conn)
            entered.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))
        elif arriving.member is None or arriving.transfer not in (INCOMING, OUTGOING):
            super().enqueue_req(conn)
        elif arriving.transfer == OUTGOING:
            self._hand_over(conn, self.transfers.send(conn, self.handle), MANY)
        else:
            self._hand_over(conn, self.transfers.receive(conn, self.handle), BUSY)

    def _hand_over(self, conn: Any, future: "Future[Any] | None", refusal: tuple[bytes, bytes]) -> None:
        if future is None:
            self._refuse(conn, *refusal)
        else:
            future.add_done_callback(lambda done: self.method_queue.defer(self._finish_file, conn, done))

    def _finish_file(self, conn: Any, done: "Future[Any]") -> None:
        self.finish_request(conn, done)
        self.transfers.go_on()

    def _refuse(self, conn: Any, status: bytes, body: bytes = b"") -> None:
        head = b"HTTP/1.1 %b\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n" % status
        try:
            conn.sock.send(head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        except OSError:
            pass  # who does not take it either goes without
        self._linger(conn)

    def _linger(self, conn: Any) -> None:
        """Say that nothing more comes, and close once the other side has: at once may cut the answer."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
        else:
            conn.is_answered = True
            senders = [one for one in self.pending_conns if one.is_answered and one.arriving.is_sending]
            if conn.arriving.is_sending and len(senders) >= DRAINED:
                self._drop(senders[0])
            # Who sends a file reads the answer only after its last byte.
            self._wait(conn, self._drain, DRAIN_SECONDS if conn.arriving.is_sending else LINGER_SECONDS)

    def _drain(self, conn: Any, sock: socket.socket) -> None:
        piece = _receive(sock)
        if piece is None:
            return
        if not piece:
            self._drop(conn)

    def _drop(self, conn: Any) -> None:
        self._forget(conn)
        self._close(conn)

    def _close(self, conn: Any) -> None:
        self.nr_conns -= 1
        conn.close()

    def _forget(self, conn: Any) -> None:
        self.pending_conns.remove(conn)
        self.poller.unregister(conn.sock)


def _receive(sock: socket.socket) -> bytes | None:
    """Return what has come: nothing of one that ended, None where there is nothing to be read."""
    if _is_closed(sock):
        return None
    try:
        return sock.recv(_PIECE_BYTES)
    except (BlockingIOError, InterruptedError):
        return None
    except OSError:
        return b""


def _is_closed(sock: socket.socket) -> bool:
    """Return whether it was ended to make room, by what came in the same moment."""
    return sock.fileno() < 0
