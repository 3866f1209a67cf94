"""What each leak opens, alone and with another: the tables of docs/operating.md, from files alone."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from casework.errors import VaultError
from casework.services import incidents
from casework.services.signing_in import sessions
from casework.store.volatile import SessionRow
from casework.store.volatilesqlite import SqliteStore
from casework.store.volatilestore import read_record
from casework.vault.fields import SESSION_SEED, Compartment
from casework.vault.hostkey import HostKey, derive_host_key
from casework.vault.identity import MemberSecret
from casework.vault.session import decode_session_secret, open_for_session, session_id_hash
from tests.support.application import (
    ADVOCATE,
    CASEWORKER,
    COORDINATOR,
    Founded,
    Player,
    Template,
    build_app,
    close,
)
from tests.support.records import incident_draft
from tests.support.thief import Dump, Keys

NOTHING, TEXT = bytes(32), "She was asked for papers twice."
ALL = set(Compartment)
OPENED_BY = {
    ADVOCATE: {Compartment.SHARED, Compartment.CODED},
    CASEWORKER: ALL - {Compartment.AUDIT},
    COORDINATOR: ALL,
}


@dataclass(frozen=True)
class Leaked:
    """Everything that can leak of one organization, and a cookie whose session is open."""

    dump: Dump
    outside: bytes
    erasable: bytes
    volatile: Path
    cookie: str
    players: dict[str, Player]

    @property
    def host_key(self) -> HostKey:
        """The whole of it."""
        return derive_host_key(self.outside, self.erasable)

    def words(self, *logins: str) -> list[str]:
        """Return the passphrases of these members, or of all."""
        return [self.players[login].passphrase for login in logins or self.players]


@pytest.fixture(scope="module")
def leaked(
    sqlite_template: Template, bytecode_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Leaked]:
    """Copies of the files of a server on which the caseworker is signed in."""
    folder, loot = tmp_path_factory.mktemp("leaks") / "instance", tmp_path_factory.mktemp("loot")
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            founded = Founded(app, sqlite_template.players)
            incidents.log_incident(founded.context(CASEWORKER), incident_draft(TEXT))
            player = founded.players[CASEWORKER]
            cookie = sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
            for file in (*folder.glob("casework.sqlite*"), *(folder / "volatile").glob("*")):
                shutil.copy(file, loot)
        close(app)
        outside, erasable = ((folder / name).read_bytes() for name in ("host.key", "host.part"))
    dump = Dump(loot / "casework.sqlite")
    yield Leaked(dump, outside, erasable, loot / "volatile.sqlite", cookie, dict(sqlite_template.players))
    dump.close()


def _compartments(keys: Keys) -> set[Compartment]:
    return {compartment for compartment, _epoch in keys}


@pytest.mark.parametrize("login", OPENED_BY)
def test_dump_host_key_and_a_passphrase_open_what_the_role_opens(leaked: Leaked, login: str) -> None:
    """And no more: an advocate's opens no name and no narrative."""
    keys = leaked.dump.open_by_passphrases(leaked.host_key, leaked.words(login))
    assert _compartments(keys) == OPENED_BY[login]
    if Compartment.NARRATIVE in _compartments(keys):
        assert leaked.dump.read_narratives(keys) == [TEXT]
    else:
        with pytest.raises(VaultError):
            leaked.dump.read_narratives(keys)


@pytest.mark.parametrize("half", ["neither", "outside", "erasable"])
def test_dump_and_every_passphrase_open_nothing_without_the_whole_host_key(leaked: Leaked, half: str) -> None:
    """Not even whether a passphrase is right can be told."""
    outside = leaked.outside if half == "outside" else NOTHING
    erasable = leaked.erasable if half == "erasable" else NOTHING
    assert leaked.dump.open_by_passphrases(derive_host_key(outside, erasable), leaked.words()) == {}


def test_dump_and_host_key_open_nothing_and_confirm_a_guessed_name(leaked: Leaked) -> None:
    """Guesses at passphrases can be tried, at Argon2's price; a login name that is guessed can be checked."""
    assert leaked.dump.open_by_passphrases(leaked.host_key, ["not one of them"]) == {}
    assert leaked.dump.knows_login(leaked.host_key.login_hmac(CASEWORKER))
    assert not leaked.dump.knows_login(leaked.host_key.login_hmac("nobody"))
    assert not leaked.dump.knows_login(derive_host_key(leaked.outside, NOTHING).login_hmac(CASEWORKER))


def test_dump_and_quorum_open_all(leaked: Leaked) -> None:
    """Without any host key or passphrase."""
    keys = leaked.dump.open_by_quorum(leaked.players[COORDINATOR].recovery_seed)
    assert _compartments(keys) == ALL
    assert leaked.dump.read_narratives(keys) == [TEXT]


def test_dump_and_any_other_secret_as_if_it_were_the_quorum_s(leaked: Leaked) -> None:
    """No member's seed, no half of the host key and no cookie opens what is sealed to recovery."""
    for seed in (*(p.seed for p in leaked.players.values()), leaked.outside, leaked.erasable):
        with pytest.raises(VaultError):
            leaked.dump.open_by_quorum(seed)


def _session_rows(leaked: Leaked) -> list[SessionRow]:
    store = SqliteStore(f"sqlite:///{leaked.volatile}")
    rows = [read_record(SessionRow, spelled) for spelled in store.list("session")]
    store.close()
    return rows


def _open_row(secret: bytes, row: SessionRow) -> bytes:
    assert row.seed_sealed is not None
    return open_for_session(secret, SESSION_SEED, row.row_id, 1, row.seed_sealed)


def test_the_volatile_store_without_its_cookies_opens_nothing(leaked: Leaked) -> None:
    """Nothing that lies on the server opens a session: neither what names its row, nor the host key."""
    (row,) = _session_rows(leaked)
    tried = [row.id_hash, leaked.outside, leaked.erasable, NOTHING, leaked.host_key.passphrase_secret]
    for secret in tried:
        with pytest.raises(VaultError):
            _open_row(secret, row)


def test_volatile_store_and_a_live_cookie_open_that_session_and_with_a_dump_its_records(
    leaked: Leaked,
) -> None:
    """Without passphrase or host key: who holds a cookie holds the member's keys until the session ends."""
    secret = decode_session_secret(leaked.cookie)
    (row,) = _session_rows(leaked)
    assert row.id_hash == session_id_hash(secret)
    seed = _open_row(secret, row)
    assert seed == leaked.players[CASEWORKER].seed
    keys = leaked.dump.open_by_seed(leaked.players[CASEWORKER].id, MemberSecret(seed))
    assert _compartments(keys) == OPENED_BY[CASEWORKER]
    assert leaked.dump.read_narratives(keys) == [TEXT]
