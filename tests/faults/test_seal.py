"""The emergency seal in real processes: killed at any moment, in two servers at once, and against a thief."""

import os
import random
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from casework.app import prepare
from casework.services import incidents
from casework.services.context import Context
from casework.services.runtime import Runtime
from casework.services.sealing import seal_organization
from casework.services.signing_in import authentication, sessions
from casework.store.organization import is_sealed
from casework.vault.hostkey import HostKey, derive_host_key
from casework.vault.identity import MemberSecret
from tests.support.application import (
    CASEWORKER,
    COORDINATOR,
    ORGANIZATION,
    Founded,
    Template,
    build_app,
    close,
)
from tests.support.drilling import hold_drill, hold_drill_in
from tests.support.live_server import LiveServer, serve
from tests.support.memory import find_in_memory
from tests.support.records import incident_draft
from tests.support.secondfactor import SPARE, Device
from tests.support.thief import Dump
from tests.support.visitor import Visitor

RUNS = 20
SECONDS = 10
PART = "host.part"


@pytest.fixture
def folder(sqlite_template: Template, tmp_path: Path) -> Iterator[Path]:
    """A data folder."""
    with sqlite_template.copy(tmp_path / "instance"):
        yield tmp_path / "instance"


def _host_key(folder: Path) -> HostKey:
    return derive_host_key((folder / "host.key").read_bytes(), (folder / PART).read_bytes())


# ---- kill -9 ------------------------------------------------------------------------


def _seal_in_a_child(folder: Path, bytecode_folder: Path, template: Template) -> tuple[int, int]:
    """Fork a process that seals; returns its id, and what can be read from once it is about to."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            context = Founded(app, template.players).context()
            os.write(writing, b".")
            seal_organization(context, template.players[COORDINATOR].passphrase, ORGANIZATION)
        os._exit(0)
    finally:
        os._exit(1)


def _kill_after(seconds: float | None, child: int, reading: int) -> float:
    """Let it seal, for so long or to its end; returns how long it lived."""
    assert os.read(reading, 1) == b"."
    os.close(reading)
    began = time.monotonic()
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return time.monotonic() - began


def _is_whole(app: Flask, folder: Path, template: Template, cookie: str) -> bool:
    """Check that all stands, or that nothing opens, as a start finds it; returns whether it is sealed."""
    prepare(app)
    with app.app_context():
        runtime: Runtime = app.extensions["casework"]
        found = sessions.resolve(runtime, cookie)
        if is_sealed():
            assert runtime.is_sealed
            assert not (folder / PART).exists()
            assert found is None
            return True
        assert isinstance(found, Context)
        secret = authentication.open_member(runtime, CASEWORKER, template.players[CASEWORKER].passphrase)[1]
        assert secret.seed == template.players[CASEWORKER].seed
    return False


def test_killed_at_any_moment_it_is_sealed_or_not(
    sqlite_template: Template, tmp_path: Path, bytecode_folder: Path
) -> None:
    """Kills spread over the time that sealing takes: all works as before, or the next start ends it."""
    took, outcomes = 0.0, []
    for run in range(RUNS):
        folder = tmp_path / f"run-{run}"
        with sqlite_template.copy(folder):
            app = build_app(folder, bytecode_folder)
            with app.app_context():
                founded = Founded(app, sqlite_template.players)
                hold_drill(founded)
                player = founded.players[CASEWORKER]
                cookie = sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
            close(app)
            child = _seal_in_a_child(folder, bytecode_folder, sqlite_template)
            moment = None if run == 0 else took * (run - random.random()) / (RUNS - 2)
            lived = _kill_after(moment, *child)
            took = took or lived
            app = build_app(folder, bytecode_folder)
            outcomes.append(_is_whole(app, folder, sqlite_template, cookie))
            close(app)
    assert outcomes[0]
    assert not all(outcomes), "no kill came early enough to prove anything"


# ---- two servers --------------------------------------------------------------------


@pytest.fixture
def servers(folder: Path) -> Iterator[tuple[LiveServer, LiveServer]]:
    """Two servers over one data folder, as two workers are."""
    with serve(folder) as one, serve(folder) as other:
        yield one, other


def _sign_in(server: LiveServer, template: Template, login: str, device: Device | None = None) -> Visitor:
    visitor = Visitor(server.port)
    visitor.get("/sign-in")
    visitor.fill({"login": login, "passphrase": template.players[login].passphrase})
    if device is not None:
        visitor.fill({"code": device.fresh_code()})
    assert visitor.get("/cases").status == 200
    return visitor


def _begin_upload(server: LiveServer, visitor: Visitor) -> socket.socket:
    """Begin to send a file, and stop; where it goes is looked at only once its form has come."""
    lines = [
        f"POST /cases/{uuid4()}/files/add HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"Cookie: {visitor.cookies}",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Length: 1000000",
        "Sec-Fetch-Site: same-origin",
    ]
    client = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    client.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
    return client


def _wait_until_new(server: LiveServer, old: set[int]) -> None:
    until = time.monotonic() + SECONDS
    while old & server.workers() or not server.workers():
        assert time.monotonic() < until, "a worker that held keys goes on"
        time.sleep(0.1)


def test_every_worker_is_dead_to_requests_within_seconds(
    servers: tuple[LiveServer, LiveServer], folder: Path, sqlite_template: Template, bytecode_folder: Path
) -> None:
    """The one that sealed, and one that only learns of it: their memory goes, what starts is sealed."""
    one, other = servers
    caseworker = _sign_in(other, sqlite_template, CASEWORKER)
    device = hold_drill_in(folder, sqlite_template, bytecode_folder)
    coordinator = _sign_in(one, sqlite_template, COORDINATOR, device)
    words, before = sqlite_template.players[COORDINATOR].passphrase, (one.workers(), other.workers())
    held = {"host key": _host_key(folder).passphrase_secret, "seed": sqlite_template.players[CASEWORKER].seed}
    if os.getuid() == 0:
        assert find_in_memory(other.workers(), held) >= {"host key"}
    upload = _begin_upload(other, caseworker)
    coordinator.get("/seal")
    coordinator.fill({"organization_name": ORGANIZATION, "passphrase": words, "code": SPARE})
    assert coordinator.page.status == 503
    answers = [caseworker.get("/cases"), caseworker.get("/"), caseworker.get("/sign-in")]
    assert {page.status for page in answers} == {503}
    assert all("recovery shares" in page.text for page in answers)
    for server, old in zip(servers, before, strict=True):
        _wait_until_new(server, old)
        assert Visitor(server.port).get("/sign-in").status == 503
    upload.close()  # it held no worker back
    assert not (folder / PART).exists()
    if os.getuid() == 0:
        pids = {pid for server in servers for pid in (server.pid, *server.workers())}
        assert find_in_memory(pids, held) == set()


# ---- a thief ------------------------------------------------------------------------


def _copy(folder: Path, to: Path) -> Dump:
    """Take a copy of the database as it is on the disk, its log included."""
    to.mkdir()
    for file in folder.glob("casework.sqlite*"):
        shutil.copy(file, to)
    return Dump(to / "casework.sqlite")


def test_after_a_seal_no_passphrase_opens_a_dump_and_the_quorum_opens_all(
    folder: Path, tmp_path: Path, bytecode_folder: Path, sqlite_template: Template
) -> None:
    """Neither a dump taken after the seal, nor one from before with all that is on the server now."""
    players = sqlite_template.players
    words, text = [player.passphrase for player in players.values()], "He asked where she was born."
    app = build_app(folder, bytecode_folder)
    with app.app_context():
        founded = Founded(app, players)
        hold_drill(founded)
        incidents.log_incident(founded.context(CASEWORKER), incident_draft(text))
        before, whole_key = _copy(folder, tmp_path / "before"), _host_key(folder)
        seal_organization(founded.context(), players[COORDINATOR].passphrase, ORGANIZATION)
    close(app)
    after = _copy(folder, tmp_path / "after")
    assert before.read_narratives(before.open_by_passphrases(whole_key, words)) == [text]  # the control
    assert [path.name for path in folder.glob("host.*")] == ["host.key"]
    left = derive_host_key((folder / "host.key").read_bytes(), bytes(32))
    assert before.open_by_passphrases(left, words) == {}
    for host_key in (left, whole_key):
        assert after.open_by_passphrases(host_key, words) == {}
    assert after.read_narratives(after.open_by_quorum(players[COORDINATOR].recovery_seed)) == [text]
    before.close()
    after.close()
