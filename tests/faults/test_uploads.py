"""Uploads to a real server: large ones in flat memory, killed in the middle, slow ones beside others."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from casework.recycling import STOP_SECONDS
from tests.faults import story
from tests.faults.planted import Planted
from tests.support.files import recording
from tests.support.live_server import LiveServer, serve
from tests.support.visitor import Visitor

MEGABYTE = 1024 * 1024
LARGE = 200_000_000
SOON = 15  # seconds: half of what a thread would wait that listened to one of them
CANARY = b"canaryuploadzzqqxxvvkk"
BOUNDARY = b"xyzxyzxyz"


class Killed(Exception):
    """What is left of the server that was killed."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder."""
    return tmp_path / "instance"


def _log_a_case(server: LiveServer, planted: Planted) -> tuple[Visitor, str]:
    """Found an organization and log an incident; returns a coordinator and the address of the case."""
    visitor = Visitor(server.port)
    story.set_up(visitor, planted)
    story.enrol(visitor, planted)
    return visitor, urlsplit(story.log(visitor, planted)).path


def _head(visitor: Visitor, server: LiveServer, case: str, size: int, name: str) -> tuple[bytes, bytes]:
    """Return the head of a request that brings a file of this size, and what ends it."""
    page = visitor.get(case).text
    token = page.partition('enctype="multipart/form-data"')[2].partition('value="')[2].partition('"')[0]
    part = b'--%b\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n'
    first = part % (BOUNDARY, b"csrf_token", b"") + token.encode() + b"\r\n"
    first += part % (BOUNDARY, b"file", b'; filename="%b"' % name.encode())
    last = b"\r\n--%b--\r\n" % BOUNDARY
    lines = [
        f"POST {case}/files/add HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"Cookie: {visitor.cookies}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY.decode()}",
        f"Content-Length: {len(first) + size + len(last)}",
        "Sec-Fetch-Site: same-origin",
        "Accept: application/json",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + first, last


def _pieces(size: int) -> Iterator[bytes]:
    """Yield what begins as a recording does, with a canary in every piece."""
    start = recording(MEGABYTE - len(CANARY)) + CANARY
    sent = 0
    while sent < size:
        piece = start[: size - sent]
        yield piece
        sent += len(piece)


def _peak_mb(server: LiveServer) -> float:
    """Return the most memory that a worker has had."""
    peaks = []
    for pid in server.workers():
        lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
        peaks += [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return max(peaks)


def _plain_files(*folders: Path) -> list[Path]:
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and CANARY in path.read_bytes()
    ]


def test_a_large_upload_in_flat_memory(folder: Path) -> None:
    """200 MB go through, byte for byte, and the server's memory grows by a fraction of that."""
    with serve(folder) as server:
        visitor, case = _log_a_case(server, Planted())
        before = _peak_mb(server)
        head, last = _head(visitor, server, case, LARGE, "long.mp3")
        with socket.create_connection(("127.0.0.1", server.port), timeout=300) as client:
            client.sendall(head)
            for piece in _pieces(LARGE):
                client.sendall(piece)
            client.sendall(last)
            assert client.recv(100).startswith(b"HTTP/1.1 201"), "refused"
        assert _peak_mb(server) - before < 60
        page = visitor.get(f"{case}/files").text
        assert "long.mp3" in page
        assert _plain_files(folder) == []


def test_a_server_killed_in_the_middle(folder: Path) -> None:
    """No plain text on the disk, no half file listed; the next start sweeps what was half written."""
    planted = Planted()
    temporary = folder.with_name("temporary")
    temporary.mkdir()
    with pytest.raises(Killed), serve(folder, TMPDIR=str(temporary)) as server:
        visitor, case = _log_a_case(server, planted)
        head, _last = _head(visitor, server, case, LARGE, "half.mp3")
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
            client.sendall(head)
            for number, piece in enumerate(_pieces(LARGE)):
                client.sendall(piece)
                if number == 100:
                    break
            time.sleep(0.5)
            assert list(folder.glob("attachments/??/*.part"))
            _kill(server)
        raise Killed
    assert _plain_files(folder, temporary) == []
    with serve(folder) as server:
        assert list(folder.glob("attachments/??/*")) == []
        again = Visitor(server.port)
        words = planted.passphrase("setup passphrase")
        again.get("/sign-in")
        again.fill({"login": planted.strings["setup login"], "passphrase": words})
        again.fill({"code": planted.codes[0]})
        page = again.get(f"{case}/files")
        assert page.status == 200 and "half.mp3" not in page.text


def _kill(server: LiveServer) -> None:
    for pid in (*server.workers(), server.pid):
        os.kill(pid, signal.SIGKILL)


def test_slow_uploads_hold_nobody_up(folder: Path) -> None:
    """However many one member begins: pages come, and those after the second are told to come back."""
    with serve(folder) as server:
        visitor, case = _log_a_case(server, Planted())
        heads = [_head(visitor, server, case, MEGABYTE, f"{number}.mp3")[0] for number in range(6)]
        clients = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in heads]
        for client, head in zip(clients, heads, strict=True):
            client.sendall(head + b"ID3")
            time.sleep(0.1)
        began = time.monotonic()
        assert visitor.get(case).status == 200
        assert time.monotonic() - began < SOON
        answers = [client.recv(100)[:12] for client in clients[2:]]
        assert answers == [b"HTTP/1.1 503"] * 4
        for client in clients:
            client.close()
        time.sleep(1)
        head, last = _head(visitor, server, case, MEGABYTE, "last.mp3")
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
            client.sendall(head + b"".join(_pieces(MEGABYTE)) + last)
            assert client.recv(100).startswith(b"HTTP/1.1 201")


def _spelled(case: str, spelling: str) -> str:
    """Return another spelling of where files go, which the routes take for the same."""
    return {
        "as_it_is": f"{case}/files/add",
        "escaped": f"{case}/%66iles/%61dd",
        "upper": f"{case.upper().replace('/CASES/', '/cases/')}/files/add",
        "slashes": f"//{case[1:]}/files/add",
        "whole": f"http://127.0.0.1{case}/files/add?x=1",
    }[spelling]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveServer, Visitor, str]]:
    """A server with two threads for pages, a coordinator and a case."""
    with serve(tmp_path_factory.mktemp("shared") / "instance", CASEWORK_THREADS="2") as server:
        yield server, *_log_a_case(server, Planted())


@pytest.mark.parametrize("is_member", [False, True], ids=["stranger", "member"])
@pytest.mark.parametrize("spelling", ["as_it_is", "escaped", "upper", "slashes", "whole"])
def test_no_spelling_of_the_path_takes_a_thread(
    shared: tuple[LiveServer, Visitor, str], spelling: str, is_member: bool
) -> None:
    """However the path is written, a file that does not come holds up no page."""
    server, visitor, case = shared
    head, _last = _head(visitor, server, case, LARGE, "never.mp3")
    head = head.replace(f"{case}/files/add".encode(), _spelled(case, spelling).encode(), 1)
    if not is_member:
        head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(b"Cookie"))
    with ExitStack() as held:
        clients = [
            held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            for _ in range(4)
        ]
        for client in clients:
            client.sendall(head.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
        time.sleep(0.3)
        began = time.monotonic()
        assert visitor.get(case).status == 200
        assert time.monotonic() - began < SOON
        if not is_member:
            # Nothing of the body was waited for: each is told at once that there is no session.
            assert [client.recv(12) for client in clients] == [b"HTTP/1.1 401"] * 4


@pytest.mark.parametrize("cookie", [b"", b"made-up"], ids=["no_cookie", "made_up"])
def test_strangers_take_no_turn(shared: tuple[LiveServer, Visitor, str], cookie: bytes) -> None:
    """While many of them begin files and lists, and stay, a member's file comes in, and a list."""
    server, visitor, case = shared
    head, last = _head(visitor, server, case, MEGABYTE, "member.mp3")
    ours = next(line for line in head.split(b"\r\n") if line.startswith(b"Cookie"))
    theirs = b"Cookie: " + b"; ".join(pair.split(b"=")[0] + b"=" + cookie for pair in ours[8:].split(b"; "))
    strange = head.replace(ours, theirs, 1)
    with ExitStack() as held:
        for number in range(12):
            client = held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            client.sendall(
                strange.replace(f"{case}/files/add".encode(), b"/imports/file") if number % 2 else strange
            )
        time.sleep(0.5)
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
            client.sendall(head + b"".join(_pieces(MEGABYTE)) + last)
            assert client.recv(100).startswith(b"HTTP/1.1 201")
        form = visitor.get("/imports").form("file")
        assert visitor.upload(form, {}, "list.csv", b"Name,Date\nZoe,2026-01-01\n").status == 200


def test_stopping_waits_for_no_file(folder: Path) -> None:
    """An upload that goes on no further is cut after the seconds that a stop gives; nothing of it stays."""
    with serve(folder) as server:
        visitor, case = _log_a_case(server, Planted())
        head, _last = _head(visitor, server, case, LARGE, "idle.mp3")
        workers = server.workers()
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
            client.sendall(head + b"".join(_pieces(MEGABYTE)))
            time.sleep(1)
            for pid in workers:
                os.kill(pid, signal.SIGTERM)
            began = time.monotonic()
            while workers & server.workers():
                assert time.monotonic() - began < STOP_SECONDS + 5, "it waits"
                time.sleep(0.1)
    with serve(folder):
        assert list(folder.glob("attachments/??/*")) == []


def test_who_may_not_is_refused_before_the_file(folder: Path) -> None:
    """Without a session the answer comes at once, and not a byte of the file is kept."""
    with serve(folder) as server:
        visitor, case = _log_a_case(server, Planted())
        head, _last = _head(visitor, server, case, LARGE, "refused.mp3")
        nobody = head.replace(b"Content-Type", b"X-Ignored: 1\r\nContent-Type", 1)
        nobody = b"\r\n".join(line for line in nobody.split(b"\r\n") if not line.startswith(b"Cookie"))
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
            client.sendall(nobody + recording(1000))
            assert client.recv(100)[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 401", b"HTTP/1.1 302")
        assert list(folder.glob("attachments/**/*.part")) == []
