"""Instances for the benchmarks: opened, filled once, with members whose seeds are known."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from flask import Flask

from casework.app import create_app, prepare
from casework.config import load_settings
from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.services.context import Context, build_context
from casework.services.membership import admitting, invitations
from casework.services.signing_in import sessions
from casework.services.signing_in.passphrases import Choice
from casework.vault.identity import MemberSecret

_CHOSEN = "seven lanterns behind the orchard gate"
_KNOWN = "benchmark.json"


def open_instance(folder: Path, database_url: str = "") -> Flask:
    """Return the application over a folder, its tables made, without tokens in forms."""
    own = {"DATABASE_URL": database_url} if database_url else {}
    settings = load_settings(
        {"CASEWORK_CONFIG": ""},
        overrides={
            "INSTANCE_PATH": folder,
            "VOLATILE_URL": f"sqlite:///{folder}/volatile/volatile.sqlite",
            **own,
        },
    )
    app = create_app(settings)
    prepare(app)
    app.config["WTF_CSRF_ENABLED"] = False
    runtime = app.extensions["casework"]
    # Its members are made here: none has a device that gives codes.
    limits = replace(runtime.limits, second_factor_required=False)
    app.extensions["casework"] = replace(runtime, limits=limits)
    return app


def add_member(coordinator: Context, login: str, role: Role) -> Context:
    """Invite somebody, let them join, admit them; returns their context."""
    runtime, profile = coordinator.runtime, MemberProfile(login.title(), "en")
    coordinator = build_context(runtime, coordinator.member_id, coordinator.secret)
    coordinator = replace(coordinator, is_confirmed=True)
    link = invitations.invite(coordinator, profile, frozenset({role}))
    cookie = invitations.join(runtime, link, login, Choice(_CHOSEN, _CHOSEN))
    joined = sessions.resolve(runtime, cookie)
    if not isinstance(joined, Context):
        raise SystemExit("who joined has no session")
    sessions.sign_out(runtime, cookie)
    waiting = next(one for one in invitations.list_invitees(coordinator) if one.fingerprint)
    admitting.admit_member(coordinator, waiting.invitation_id, waiting.fingerprint, waiting.roles)
    return build_context(runtime, joined.member_id, joined.secret)


def remember(folder: Path, known: Mapping[str, object]) -> None:
    """Write down what the next run over the same folder has to know; all of it is invented."""
    (folder / _KNOWN).write_text(json.dumps(known))


def recall(folder: Path) -> dict[str, str]:
    """Return what was written down; empty before the folder was filled."""
    path = folder / _KNOWN
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return found


def note_member(context: Context) -> str:
    """Return a member as one word, for `remember`."""
    return f"{context.member_id.hex}:{context.secret.seed.hex()}"


def read_member(app: Flask, word: str) -> Context:
    """Return the context of a member that `note_member` gave."""
    member_id, seed = word.split(":")
    return build_context(app.extensions["casework"], UUID(member_id), MemberSecret(bytes.fromhex(seed)))
