"""The organization that the members play in, and the server that they ask."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from benchmarks.filling import CASEWORKERS, fill
from benchmarks.instances import add_member, note_member, open_instance, read_member, recall, remember
from casework.domain.permissions import Role
from casework.services.context import Context, build_context
from casework.services.signing_in.sessions import start_session
from tests.support.secondfactor import equip

COORDINATORS, ADVOCATES = 5, 8
"""Of all members; the rest are caseworkers."""
_FIRST = CASEWORKERS + 2  # who is there once the instance is filled: the founder and one advocate too


@dataclass(frozen=True)
class Player:
    """A member with an open session: the role that they play, and their cookie."""

    role: Role
    cookie: str


def prepare(folder: Path, cases: int, members: int, database_url: str) -> list[str]:
    """Fill a folder, or use it again; returns all members as words of `note_member`, each after its role."""
    known = recall(folder)
    if not known:
        fill(folder, cases, database_url)
        known = recall(folder)
    if "members" not in known:
        app = open_instance(folder, database_url)
        with app.app_context():
            words = list(_join(app, read_member(app, known["coordinator"]), members))
        remember(folder, known | {"members": " ".join(words)})
        return words
    return known["members"].split()


def _join(app: Flask, founder: Context, members: int) -> Iterator[str]:
    """Let the others join, and yield all: a coordinator with the second factor that the server asks for."""
    roles = [Role.COORDINATOR] * (COORDINATORS - 1) + [Role.ADVOCATE] * ADVOCATES
    roles += [Role.CASEWORKER] * (members - 1 - len(roles))
    equip(founder)
    yield f"{Role.COORDINATOR}={note_member(founder)}"
    for number, role in enumerate(roles):
        one = add_member(founder, f"player{number}", role)
        if role is Role.COORDINATOR:
            equip(one)
        yield f"{role}={note_member(one)}"


def sign_in(folder: Path, words: list[str], database_url: str) -> tuple[str, list[Player]]:
    """Open a session for each member; returns the name of the cookie, and the players."""
    app, players = open_instance(folder, database_url), []
    with app.app_context():
        for word in words:
            role, _, rest = word.partition("=")
            context = read_member(app, rest)
            context = build_context(context.runtime, context.member_id, context.secret)
            cookie = start_session(context.runtime, context.member_id, context.secret)
            players.append(Player(Role(role), cookie))
    return app.config["MEMBER_COOKIE"], players


@contextmanager
def serve(folder: Path, port: int, database_url: str, log: Path) -> Iterator[int]:
    """Run run.py's server, whose worker is never renewed; yields its process id. It logs to `log`."""
    given = {
        "CASEWORK_CONFIG": "",
        "CASEWORK_VOLATILE_URL": f"sqlite:///{folder}/volatile/volatile.sqlite",
        # A worker that is renewed would hide what grows.
        "CASEWORK_WORKER_REQUESTS": "10000000",
    }
    if database_url:
        given["CASEWORK_DATABASE_URL"] = database_url
    command = [sys.executable, "run.py", "--port", str(port), "--instance", str(folder)]
    with log.open("w") as written:
        process = subprocess.Popen(  # noqa: S603
            command, env=os.environ | given, stdout=subprocess.PIPE, stderr=written, text=True
        )
        try:
            said = process.stdout.readline() if process.stdout else ""
            if not said.startswith("casework is running"):
                raise SystemExit(f"the server did not start: {log.read_text('utf-8')}")
            yield process.pid
        finally:
            process.terminate()
            process.wait(60)
