"""An application of its own for each test, copied from one that was founded once, with a standing cast.

`app` has an organization and its cast, `empty_app` is before its first run; `runtime` and `founded` go with
`app`. A folder of tests that overrides `database` gets them on PostgreSQL too, one that
overrides `volatile` with a Redis.
"""

import contextvars
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from casework.app import create_app, prepare
from casework.config import Settings, load_settings
from casework.domain.member import MemberProfile
from casework.domain.organization import OrganizationProfile
from casework.domain.permissions import Role
from casework.domain.quorum import USUAL
from casework.services import founding, patterns
from casework.services.context import Context, build_context
from casework.services.membership import admitting, invitations
from casework.services.recovery.sharing import Sharing
from casework.services.runtime import Runtime
from casework.services.signing_in import sessions
from casework.services.signing_in.passphrases import Choice
from casework.store.database import db
from casework.store.volatilestore import current_store
from casework.vault.identity import MemberSecret
from tests.support.bucket import Bucket
from tests.support.costs import low_costs
from tests.support.postgres import new_database
from tests.support.remembered import RememberedTemplates, remember_statements

ORGANIZATION = "Collectif Traverse"
COORDINATOR, CASEWORKER, COLLEAGUE, ADVOCATE, PENDING = "cora", "ines", "theo", "ada", "pia"
ROLES: Mapping[str, frozenset[Role]] = {
    COORDINATOR: frozenset({Role.COORDINATOR}),
    CASEWORKER: frozenset({Role.CASEWORKER}),
    COLLEAGUE: frozenset({Role.CASEWORKER}),
    ADVOCATE: frozenset({Role.ADVOCATE}),
    PENDING: frozenset({Role.CASEWORKER}),  # joined, and waits for admission
}


class LoneClient(FlaskClient):
    """A browser whose requests share nothing with each other or with the context that a test runs in."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Answer as a server would: in a context of the request's own, read to its end."""
        kwargs.setdefault("buffered", True)
        return contextvars.Context().run(super().open, *args, **kwargs)


@dataclass(frozen=True)
class Player:
    """One of the cast; the login name is the key in `ROLES`."""

    login: str
    id: UUID
    seed: bytes
    recovery_seed: bytes = b""
    recovery_shares: tuple[str, ...] = ()

    @property
    def passphrase(self) -> str:
        """What this member signs in with."""
        return f"{self.login} keeps four quiet lanterns"


@dataclass(frozen=True)
class Template:
    """An organization with its cast, to copy. `postgres_url` is empty where SQLite lies in the folder.

    `made` is what the deed returned that stocked it: see tests/support/stocked.py.
    """

    folder: Path
    players: Mapping[str, Player]
    postgres_url: str = ""
    database_name: str = ""
    made: Any = None

    @contextmanager
    def copy(self, folder: Path) -> Iterator[dict[str, object]]:
        """Copy it into a new folder, and its database; yields the settings that lead there."""
        shutil.copytree(self.folder, folder)
        if not self.postgres_url:
            yield {}
            return
        with new_database(self.postgres_url, self.database_name) as url:
            yield {"DATABASE_URL": url}


@dataclass(frozen=True)
class Founded:
    """An organization and its cast, without the seconds that real sign-ins cost."""

    app: Flask
    players: Mapping[str, Player]

    @property
    def runtime(self) -> Runtime:
        """What the application holds in its process."""
        runtime: Runtime = self.app.extensions["casework"]
        return runtime

    def context(self, login: str = COORDINATOR) -> Context:
        """Return the context of a member who has just shown who they are, for calling services with."""
        db.session.rollback()
        player = self.players[login]
        context = build_context(self.runtime, player.id, MemberSecret(player.seed))
        return replace(context, is_confirmed=True)

    def client(self, login: str = "") -> FlaskClient:
        """Return a browser, signed in as this member, or as nobody."""
        client = self.app.test_client()
        if login:
            player = self.players[login]
            cookie = sessions.start_session(self.runtime, player.id, MemberSecret(player.seed))
            client.set_cookie(self.app.config["MEMBER_COOKIE"], cookie)
        return client


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory, bytecode_folder: Path) -> Path:
    """A data folder before its first run, to be copied."""
    folder = tmp_path_factory.mktemp("empty") / "instance"
    app = build_app(folder, bytecode_folder)
    prepare(app)
    close(app)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(
    tmp_path_factory: pytest.TempPathFactory, empty_folder: Path, bytecode_folder: Path
) -> Template:
    """The organization on SQLite."""
    folder = tmp_path_factory.mktemp("founded") / "instance"
    shutil.copytree(empty_folder, folder)
    return _found(build_app(folder, bytecode_folder), Template(folder, {}))


@pytest.fixture(scope="session")
def postgres_template(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, bytecode_folder: Path
) -> Iterator[Template]:
    """The organization on PostgreSQL."""
    folder = tmp_path_factory.mktemp("founded") / "instance"
    with new_database(postgres_url) as url:
        app = build_app(folder, bytecode_folder, DATABASE_URL=url)
        prepare(app)
        yield _found(app, Template(folder, {}, postgres_url, urlsplit(url).path[1:]))


@pytest.fixture
def database() -> str:
    """What `app` runs on: sqlite or postgres."""
    return "sqlite"


@pytest.fixture
def volatile() -> str:
    """Where `app` keeps what is volatile: sqlite or redis."""
    return "sqlite"


@pytest.fixture
def volatile_settings(volatile: str, request: pytest.FixtureRequest) -> dict[str, object]:
    """The settings that lead there."""
    return {"VOLATILE_URL": request.getfixturevalue("redis_url")} if volatile == "redis" else {}


@pytest.fixture
def attached() -> str:
    """Where `app` keeps files of cases: disk or bucket."""
    return "disk"


@pytest.fixture
def attached_settings(attached: str, tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, object]:
    """The settings that lead there."""
    if attached == "disk":
        return {}
    bucket: Bucket = request.getfixturevalue("bucket")
    return bucket.settings(tmp_path / "instance")


@pytest.fixture
def template(database: str, request: pytest.FixtureRequest) -> Template:
    """What `app` is copied from."""
    made: Template = request.getfixturevalue(f"{database}_template")
    return made


@pytest.fixture
def app(
    tmp_path: Path,
    template: Template,
    bytecode_folder: Path,
    volatile_settings: dict[str, object],
    attached_settings: dict[str, object],
) -> Iterator[Flask]:
    """The application with the organization; pytest-flask pushes a request context of it for the test."""
    folder = tmp_path / "instance"
    with template.copy(folder) as settings:
        app = build_app(folder, bytecode_folder, **settings, **volatile_settings, **attached_settings)
        yield app
        close(app)


@pytest.fixture
def empty_app(
    tmp_path: Path, empty_folder: Path, bytecode_folder: Path, volatile_settings: dict[str, object]
) -> Iterator[Flask]:
    """The application before its first run; no context of it is pushed."""
    folder = tmp_path / "empty"
    shutil.copytree(empty_folder, folder)
    app = build_app(folder, bytecode_folder, **volatile_settings)
    yield app
    close(app)


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    """What `app` holds in its process."""
    runtime: Runtime = app.extensions["casework"]
    return runtime


@pytest.fixture
def founded(app: Flask, template: Template) -> Founded:
    """The organization of `app`: `founded.context(CASEWORKER)`, `founded.client(ADVOCATE)`."""
    return Founded(app, template.players)


def build_app(folder: Path, bytecode_folder: Path, **overrides: object) -> Flask:
    """Build an application over a data folder; its sessions lie in there too: they are the test's own.

    Coordinators may go without a second factor: `require_second_factor` makes it as for people.
    """
    return _for_tests(create_app(_settings(folder, overrides)), bytecode_folder)


def build_closed_app(folder: Path, bytecode_folder: Path, **overrides: object) -> Flask:
    """Build what the commands get where nothing else starts: only a restore or a recovery goes on."""
    return _for_tests(create_app(_settings(folder, overrides), may_be_closed=True), bytecode_folder)


def _settings(folder: Path, overrides: dict[str, object]) -> Settings:
    volatile = f"sqlite:///{folder}/volatile/volatile.sqlite"
    return load_settings(
        {"CASEWORK_CONFIG": ""},
        overrides={"INSTANCE_PATH": folder, "VOLATILE_URL": volatile} | overrides,
    )


def _for_tests(app: Flask, bytecode_folder: Path) -> Flask:
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    require_second_factor(app, False)
    app.jinja_env.bytecode_cache = RememberedTemplates(str(bytecode_folder))
    app.test_client_class = LoneClient
    with app.app_context():
        remember_statements(db.engine)
    return app


def require_second_factor(app: Flask, required: bool = True) -> None:
    """Let coordinators of this application not go without a second factor, or let them."""
    runtime: Runtime = app.extensions["casework"]
    limits = replace(runtime.limits, second_factor_required=required)
    app.extensions["casework"] = replace(runtime, limits=limits)


def close(app: Flask) -> None:
    """Close every connection, so that SQLite leaves one file behind."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        current_store().close()


def _found(app: Flask, template: Template) -> Template:
    with app.app_context(), low_costs():
        players = found_with_cast(app.extensions["casework"])
    close(app)
    return replace(template, players=players)


def found_with_cast(runtime: Runtime) -> dict[str, Player]:
    secret, sharing = MemberSecret.generate(), Sharing.draw(USUAL)
    first = Player(COORDINATOR, UUID(int=0), secret.seed)
    member_id = founding.found_organization(
        runtime,
        OrganizationProfile(ORGANIZATION, ("en", "fr"), "en"),
        MemberProfile(COORDINATOR.title(), "en"),
        COORDINATOR,
        first.passphrase,
        secret,
        sharing.public,
        shares=sharing.record(runtime.today()),
    )
    players = {COORDINATOR: Player(COORDINATOR, member_id, secret.seed, sharing.seed, sharing.shares)}
    patterns.add_starter_patterns(build_context(runtime, member_id, secret))
    for login, roles in ROLES.items():
        if login != COORDINATOR:
            players[login] = _invite(runtime, build_context(runtime, member_id, secret), login, roles)
    return players


def _invite(runtime: Runtime, coordinator: Context, login: str, roles: frozenset[Role]) -> Player:
    link = invitations.invite(coordinator, MemberProfile(login.title(), "en"), roles)
    player = Player(login, UUID(int=0), b"")
    cookie = invitations.join(runtime, link, login, Choice(player.passphrase, player.passphrase))
    joined = sessions.resolve(runtime, cookie)
    assert isinstance(joined, Context)
    sessions.sign_out(runtime, cookie)
    if login != PENDING:
        invitee = next(i for i in invitations.list_invitees(coordinator) if i.fingerprint)
        coordinator = replace(coordinator, is_confirmed=True)
        admitting.admit_member(coordinator, invitee.invitation_id, invitee.fingerprint, invitee.roles)
    return Player(login, joined.member_id, joined.secret.seed)
