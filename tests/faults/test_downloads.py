"""Downloads from a real server: who does not read them holds nobody up, and long forms are a member's."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from casework.sending import EACH_SENT, EACH_WAITING
from casework.services.attachments.adding import add_attachment
from casework.services.incidents import log_incident
from tests.support.application import CASEWORKER, COLLEAGUE, Founded, Template, build_app, close
from tests.support.files import recording
from tests.support.live_server import LiveServer, serve
from tests.support.records import incident_draft
from tests.support.visitor import Visitor

SIZE = 12_000_000  # more than the system takes for a line


@dataclass(frozen=True)
class Scene:
    """A server, the address of a file in it, and two members."""

    server: LiveServer
    file: str
    reader: Visitor
    other: Visitor

    def take(self, visitor: Visitor) -> bool:
        """Download the file; returns whether all of it came."""
        form = visitor.get(self.file).form(action="/original")
        return visitor.submit(form, {}).status == 200 and len(visitor.body) == SIZE

    def request(self, cookies: str) -> bytes:
        """Return the request for the file."""
        form = self.reader.get(self.file).form(action="/original")
        token = dict(form.fields)["csrf_token"]
        body = f"csrf_token={token}"
        lines = [
            f"POST {self.file}/original HTTP/1.1",
            f"Host: 127.0.0.1:{self.server.port}",
            f"Cookie: {cookies}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "Sec-Fetch-Site: same-origin",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _sign_in(server: LiveServer, template: Template, login: str) -> Visitor:
    visitor = Visitor(server.port)
    visitor.get("/sign-in")
    visitor.fill({"login": login, "passphrase": template.players[login].passphrase})
    assert visitor.get("/cases").status == 200
    return visitor


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Template, bytecode_folder: Path
) -> Iterator[Scene]:
    """A case with a large file."""
    folder = tmp_path_factory.mktemp("downloads") / "instance"
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            founded = Founded(app, sqlite_template.players)
            context = founded.context(CASEWORKER)
            case_id = log_incident(context, incident_draft()).case_id
            file_id = add_attachment(context, case_id, "long.mp3", "", [recording(SIZE)])
        close(app)
        with serve(folder, CASEWORK_THREADS="2") as server:
            members = [_sign_in(server, sqlite_template, login) for login in (CASEWORKER, COLLEAGUE)]
            yield Scene(server, f"/cases/{case_id}/files/{file_id}", *members)


def _ask(scene: Scene, held: ExitStack, times: int, cookies: str) -> list[socket.socket]:
    """Ask for the file on as many lines that take next to nothing."""
    request, clients = scene.request(cookies), []
    for _ in range(times):
        client = held.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(30)
        client.connect(("127.0.0.1", scene.server.port))
        client.sendall(request)
        clients.append(client)
    time.sleep(1)
    return clients


def test_one_member_who_never_reads_holds_nobody_up(scene: Scene) -> None:
    """Others' downloads begin at once, though one member has asked for many and reads none."""
    with ExitStack() as held:
        _ask(scene, held, 12, scene.reader.cookies)
        began = time.monotonic()
        assert scene.take(scene.other)
        assert time.monotonic() - began < 10


def test_one_member_takes_no_more_connections_than_their_share(scene: Scene) -> None:
    """More of them than the server holds: the last are told to wait, and pages and files come to others."""
    with ExitStack() as held:
        clients = _ask(scene, held, 220, scene.reader.cookies)
        began = time.monotonic()
        assert scene.take(scene.other)
        assert time.monotonic() - began < 15
        answer = clients[EACH_SENT + EACH_WAITING + 10].recv(200)
        assert answer.startswith(b"HTTP/1.1 503")


def test_strangers_take_no_turn(scene: Scene) -> None:
    """Who is not signed in gets a short answer, whatever was asked for."""
    with ExitStack() as held:
        clients = _ask(scene, held, 40, "x=y")
        assert {client.recv(12) for client in clients} <= {b"HTTP/1.1 400", b"HTTP/1.1 302"}
        assert scene.take(scene.other)


def test_turns_come_again(scene: Scene) -> None:
    """Once those that did not read are gone, the same member has turns, and all of the file."""
    with ExitStack() as held:
        _ask(scene, held, 8, scene.reader.cookies)
    began = time.monotonic()
    assert scene.take(scene.reader)
    assert time.monotonic() - began < 15


def test_a_long_form_of_a_member_arrives(scene: Scene) -> None:
    """It may be longer than what anybody may send, and come slowly."""
    page = scene.reader.get("/incidents/new")
    form = page.form("csrf_token", action="/incidents/new")
    token = dict(form.fields)["csrf_token"]
    body = f"csrf_token={token}&narrative={'a' * 900_000}".encode()
    head = [
        "POST /incidents/new HTTP/1.1",
        f"Host: 127.0.0.1:{scene.server.port}",
        f"Cookie: {scene.reader.cookies}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Sec-Fetch-Site: same-origin",
    ]
    with socket.create_connection(("127.0.0.1", scene.server.port), timeout=20) as client:
        client.sendall("\r\n".join(head).encode() + b"\r\n\r\n")
        for start in range(0, len(body), 128 * 1024):
            client.sendall(body[start : start + 128 * 1024])
            time.sleep(0.2)
        assert client.recv(12) == b"HTTP/1.1 422"  # read, and found wanting


def test_a_long_form_that_came_too_late_is_kept(scene: Scene, sqlite_template: Template) -> None:
    """The screen has locked meanwhile: the server still takes it, and keeps it as a draft."""
    visitor = _sign_in(scene.server, sqlite_template, COLLEAGUE)
    form = visitor.get("/incidents/new").form("csrf_token", action="/incidents/new")
    visitor.fill({}, action="/lock")
    page = visitor.submit(form, {"narrative": "a" * 100_000})
    assert page.url.endswith("kept=1")
