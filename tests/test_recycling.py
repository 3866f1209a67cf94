"""A worker is replaced after a number of requests, and nobody notices."""

import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.live_server import LiveServer, serve

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
