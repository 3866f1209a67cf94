"""The server does not wait for slow connections: a thread is only taken by a request that is here whole."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.live_server import serve

ROOT = Path(__file__).parent.parent
SLOW = 12  # more than there are threads
SOON = 15  # seconds: half of what a thread would wait that listened to one; a busy machine takes a few
FORM = b"POST /language HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The TCP port of a server with two threads."""
    folder = tmp_path_factory.mktemp("server")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    settings = {
        "CASEWORK_CONFIG": "",
        "CASEWORK_THREADS": "2",
        "CASEWORK_VOLATILE_URL": f"sqlite:///{folder}/volatile.sqlite",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEWORK_")}
    process = subprocess.Popen(
        [sys.executable, "run.py", "--port", str(port), "--instance", folder / "instance"],
        cwd=ROOT,
        env=kept | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    assert "is running" in process.stdout.readline()
    yield port
    process.terminate()
    said = process.communicate(timeout=60)[0]
    assert said == ""


def _ask(port: int) -> float:
    """Return how many seconds the first page takes."""
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/setup")
    assert connection.getresponse().status == 200
    connection.close()
    return time.monotonic() - began


def _send(port: int, request: bytes) -> bytes:
    """Send these bytes; returns the answer's status line."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(request)
        return client.recv(1000).split(b"\r\n")[0]


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /setup HTTP/1.1\r\nHost: loc",
        FORM + b"Content-Length: 1000\r\n\r\nnext=",
        FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nne",
        FORM + b"Content-Length: 900000000\r\n\r\nnext=",
    ],
    ids=["head", "body", "chunks", "too_large"],
)
def test_slow_connections_hold_nobody_up(port: int, begun: bytes) -> None:
    """However many there are and whatever they have sent so far, a page comes within seconds."""
    with ExitStack() as held:
        clients = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60)) for _ in range(SLOW)
        ]
        for client in clients:
            client.sendall(begun)
        time.sleep(0.3)
        assert _ask(port) < SOON


def test_more_connections_than_are_held_end_the_oldest(port: int) -> None:
    """Nobody is kept out by hundreds of connections that say nothing."""
    with ExitStack() as held:
        for _ in range(300):
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
        assert _ask(port) < SOON


def test_refused_senders_are_the_first_to_go(port: int) -> None:
    """Hundreds who were refused a form too large, and stay, keep nobody out."""
    with ExitStack() as held:
        clients = []
        for _ in range(150):
            client = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            client.sendall(FORM + b"Content-Length: 900000000\r\n\r\nnext=")
            clients.append(client)
        for client in clients[:3]:
            assert client.recv(100).startswith(b"HTTP/1.1 413")
        for _ in range(3):
            assert _ask(port) < SOON
        # The newest are still listened to, so that they see their answer; the others are gone.
        assert clients[-1].recv(100).startswith(b"HTTP/1.1 413")
        time.sleep(1)
        assert sum(_is_open(client) for client in clients) <= 16


def _is_open(client: socket.socket) -> bool:
    """Return whether the server still takes what this client sends."""
    try:
        for _ in range(3):
            client.sendall(b"a")
            time.sleep(0.01)
    except OSError:
        return False
    return True


def test_kept_connections_keep_nobody_out(port: int) -> None:
    """As many as are held at once, answered, each with the beginning of its next request."""
    request = b"GET /static/tokens.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as held:
        clients = [
            held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60)) for _ in range(200)
        ]
        for client in clients:
            client.sendall(request + request[:10])
        for client in clients:
            with suppress(ConnectionResetError):  # the oldest may be gone
                client.recv(100)
        assert _ask(port) < SOON


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.parametrize(
    "first", [b"GET / HT", b"GET /static/tokens.css HTTP/1.1\r\nHost: localhost\r\n\r\n"]
)
def test_one_that_goes_just_as_it_says_more(tmp_path: Path, first: bytes) -> None:
    """Ended to make room while what it sent is already there to be read: the worker goes on."""
    with serve(tmp_path / "instance") as server, ExitStack() as held:
        before = server.workers()
        clients = [
            held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            for _ in range(200 if first.endswith(b"\r\n") else 100)
        ]
        for client in clients:
            client.sendall(first)
        if first.endswith(b"\r\n"):
            for client in clients:
                with suppress(ConnectionResetError):
                    client.recv(100)
        time.sleep(0.5)
        for pid in before:
            os.kill(pid, signal.SIGSTOP)
        held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
        for client in clients:
            with suppress(OSError):
                client.sendall(b"a")
        for pid in before:
            os.kill(pid, signal.SIGCONT)
        time.sleep(0.5)
        assert _ask(server.port) < SOON
        assert server.workers() == before


def test_a_form_on_a_slow_line_arrives(port: int) -> None:
    """As long as anybody's may be, in pieces over seconds; members' longer ones: tests/faults."""
    body = b"language=fr&next=%2Fsetup&padding=" + b"a" * 30 * 1024
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(FORM + b"Content-Length: %d\r\n\r\n" % len(body))
        for start in range(0, len(body), 4 * 1024):
            client.sendall(body[start : start + 4 * 1024])
            time.sleep(0.3)
        # Without a token the form is refused, but by the page that has read it.
        assert client.recv(1_000).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/language", b"413"),
        ("/sign-in", b"413"),
        ("/%73ign-in?next=x", b"413"),
        ("/setup/organisation", b"413"),
        ("/join/abc", b"413"),
        ("/nothing/here", b"413"),
        ("/static/casework.css", b"413"),
        ("/incidents/new", b"302"),
        ("/account/records", b"302"),
    ],
)
def test_a_strangers_long_form_is_not_waited_for(port: int, path: str, status: bytes) -> None:
    """Of who is not signed in no more is read than the largest form that anybody may send."""
    head = FORM.replace(b"/language", path.encode(), 1)
    assert _send(port, head + b"Content-Length: 40000\r\n\r\nnext=").split()[1] == status


def test_of_two_requests_in_one_piece_the_first_is_answered_whole(port: int) -> None:
    """The second too, if the first answer was taken by then; else the connection ends."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(b"GET /static/tokens.css HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
        client.shutdown(socket.SHUT_WR)
        answers = b"".join(iter(lambda: client.recv(65536), b""))
    css = (ROOT / "casework" / "static" / "tokens.css").read_bytes()
    assert answers.startswith(b"HTTP/1.1 200")
    assert answers.count(css) in (1, 2)


@pytest.mark.parametrize("requests", [1, 40], ids=["one by one", "in one piece"])
def test_unread_answers_hold_nobody_up(port: int, requests: int) -> None:
    """Who asks again and again and never reads has no thread wait: pages come."""
    request_ = b"GET /static/casework.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with ExitStack() as stack:
        clients = []
        for _ in range(SLOW):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", port))
            clients.append(client)
        for _ in range(80 // requests):
            for client in clients:
                with suppress(OSError):  # ended, as it may be
                    client.send(request_ * requests)
            time.sleep(0.02)
        assert _ask(port) < SOON


def test_a_strangers_list_is_not_waited_for(port: int) -> None:
    """A list to be imported is answered at once where nobody is signed in, however much it says will come."""
    head = b"POST /imports/file HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
    head += b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    assert _send(port, head).split()[1] == b"302"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / nonsense\r\n\r\n", b"400"),
        (b"\r\n\r\n", b"400"),
        (FORM + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (FORM + b"Content-Length: 900000000\r\n\r\n", b"413"),
        (FORM + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000, b"431"),
    ],
    ids=["line", "empty", "two_lengths", "too_large", "chunks", "endless_head"],
)
def test_what_is_not_waited_for_is_refused_at_once(port: int, request_: bytes, status: bytes) -> None:
    """With a status, not with silence."""
    assert _send(port, request_).split()[1] == status
