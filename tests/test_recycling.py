"""A worker is replaced after a number of requests, and nobody notices."""

import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

import pytest

from casework.recycling import STOP_SECONDS, count_down, keep_one_leaving
from casework.services.incidents import log_incident
from tests.support.application import CASEWORKER, Founded, Template, build_app, close
from tests.support.files import recording
from tests.support.live_server import LiveServer, serve
from tests.support.records import incident_draft
from tests.support.visitor import Visitor

REQUESTS = 10
FORM = b"POST /language HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    """Give a server whose workers answer about ten requests each."""
    with serve(tmp_path / "instance", CASEWORK_WORKER_REQUESTS=str(REQUESTS)) as server:
        yield server


def _ask(port: int, times: int) -> list[int]:
    """Ask again and again as a browser does, on one connection while it stays open; returns the statuses."""
    statuses, connection = [], HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(times):
        connection.request("GET", "/setup")
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
        if answer.will_close:
            connection.close()
    connection.close()
    return statuses


def test_every_request_is_answered_while_workers_change(server: LiveServer) -> None:
    """Four browsers ask at once, on connections that they keep; several workers come and go under them."""
    seen = server.workers()
    with ThreadPoolExecutor(4) as browsers:
        asking = [browsers.submit(_ask, server.port, 10) for _ in range(4)]
        while not all(one.done() for one in asking):
            seen |= server.workers()
            time.sleep(0.05)
    assert [status for one in asking for status in one.result()] == [200] * 40
    assert len(seen) >= 3


def test_a_form_on_its_way_is_answered_by_the_worker_that_ends(server: LiveServer) -> None:
    """Half of it came before the last request that the worker answers; the other half comes seconds later."""
    body = b"language=fr&next=%2Fsetup"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(FORM + b"Content-Length: %d\r\n\r\n" % len(body) + body[:8])
        before = server.workers()
        with ThreadPoolExecutor(1) as other:
            asking = other.submit(_ask, server.port, 2 * REQUESTS)
            time.sleep(4)
            assert before <= server.workers()
            client.sendall(body[8:])
            assert client.recv(1_000).startswith(b"HTTP/1.1 400")  # it has no token, and was read
            assert asking.result() == [200] * 2 * REQUESTS
    assert not before & server.workers()


HEAD = """\
POST /cases/{case}/files/add HTTP/1.1
Host: 127.0.0.1:{port}
Cookie: {cookies}
Content-Type: multipart/form-data; boundary=x
Content-Length: {length}
Sec-Fetch-Site: same-origin
Accept: application/json

"""
PART = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'


def _begin(server: LiveServer, visitor: Visitor, case: str, size: int) -> tuple[socket.socket, bytes]:
    """Begin to send a file of this size; returns the line, and what has still to be sent."""
    form = visitor.get(f"/cases/{case}/files").form("csrf_token", action="/files/add")
    body = PART.format("csrf_token", "") + dict(form.fields)["csrf_token"] + "\r\n"
    body += PART.format("file", '; filename="long.mp3"')
    whole = body.encode() + recording(size) + b"\r\n--x--\r\n"
    head = HEAD.format(case=case, port=server.port, cookies=visitor.cookies, length=len(whole))
    client = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    client.sendall(head.replace("\n", "\r\n").encode() + whole[: size // 2])
    return client, whole[size // 2 :]


def test_a_file_on_its_way_outlives_its_worker(
    sqlite_template: Template, bytecode_folder: Path, tmp_path: Path
) -> None:
    """A new worker answers at once; the old one takes the whole file, longer than a stop gives, and ends."""
    folder = tmp_path / "instance"
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            founded = Founded(app, sqlite_template.players)
            case = log_incident(founded.context(CASEWORKER), incident_draft()).case_id
        close(app)
        with serve(folder, CASEWORK_WORKER_REQUESTS="20") as server:
            visitor = Visitor(server.port)
            visitor.get("/sign-in")
            visitor.fill({"login": CASEWORKER, "passphrase": sqlite_template.players[CASEWORKER].passphrase})
            client, rest = _begin(server, visitor, str(case), 2_000_000)
            old, began = server.workers(), time.monotonic()
            assert len(old) == 1
            while server.workers() == old:
                assert visitor.get("/cases").status == 200
            while time.monotonic() - began < STOP_SECONDS + 2:
                # The old one lives; nobody waits while the new one starts.
                asked = time.monotonic()
                time.sleep(1)
                assert len(server.workers()) == 2 and old < server.workers()
                assert visitor.get("/static/tokens.css").status == 200
                assert time.monotonic() - asked < 7
            with client:
                client.sendall(rest)
                assert client.recv(100).startswith(b"HTTP/1.1 201")
            until = time.monotonic() + STOP_SECONDS
            while old & server.workers():
                assert time.monotonic() < until
                time.sleep(0.1)
            assert len(server.workers()) == 1
            assert "long.mp3" in visitor.get(f"/cases/{case}/files").text


def test_workers_that_wait_for_files_do_not_pile_up() -> None:
    """As another starts, all but the newest are told to stop; who had a successor is not replaced."""
    told: list[int] = []
    workers = {pid: SimpleNamespace(age=age) for pid, age in ((100, 1), (101, 2))}
    arbiter = SimpleNamespace(WORKERS=workers, worker_age=3, num_workers=3)
    arbiter.kill_worker = lambda pid, _signal: told.append(pid)
    keep_one_leaving(arbiter, SimpleNamespace(age=3))
    assert told == [100]
    count_down(arbiter, workers[100])
    count_down(arbiter, workers[101])
    assert arbiter.num_workers == 1
    count_down(arbiter, SimpleNamespace(age=3))  # the newest: another takes its place
    assert arbiter.num_workers == 1
