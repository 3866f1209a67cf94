"""Two hosts on one PostgreSQL and one Redis: whatever happens to one, what was answered is there.

Each host has a network of its own where this machine lets us make them (root on Linux); its data folder is
the one folder that both see.
"""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from sqlalchemy import create_engine, text

from casework.app import prepare
from casework.store.database import connection_options
from casework.vault.hostkey import derive_host_key
from tests.faults import story
from tests.faults.story import CODES, Planted
from tests.support.application import (
    CASEWORKER,
    COLLEAGUE,
    COORDINATOR,
    ORGANIZATION,
    Founded,
    Player,
    build_app,
    close,
    found_with_cast,
)
from tests.support.audit import open_log
from tests.support.canary import canary, read_files, search
from tests.support.costs import low_costs
from tests.support.drilling import hold_drill
from tests.support.hosts import Host, HostVisitor, hosts, networks, wait_until
from tests.support.memory import find_in_memory
from tests.support.postgres import restartable_server
from tests.support.redis import RedisServer, serve_redis
from tests.support.secondfactor import SPARE, Device, equip

SEAL_SECONDS = 10
BACK_SECONDS = 60
"""For what was cut off to be noticed and to come back; no promise, only an end of waiting."""
INCIDENT = {
    "precision": "day",
    "day": "2026-05-12",
    "police_service": "spvm",
    "contact_type": "traffic_stop",
    "people-0-consent_statistics": "not_asked",
}


@dataclass
class Federation:
    """Two hosts with what they share. `settings` are those that lead to database and Redis."""

    one: Host
    other: Host
    players: dict[str, Player]
    folder: Path
    database: str
    restart_database: Callable[[], None]
    redis: RedisServer
    device: Device
    settings: dict[str, object]
    bytecode_folder: Path

    def sign_in(self, login: str, *hosts: Host) -> HostVisitor:
        """Return a browser of this member, which asks these hosts in turn, or both."""
        visitor = HostVisitor(*(hosts or (self.one, self.other)))
        sign_in(visitor, self.players[login])
        return visitor

    @contextmanager
    def looked_into(self) -> Iterator[Founded]:
        """Look into the database from beside the hosts."""
        app = build_app(self.folder, self.bytecode_folder, **self.settings)
        with app.app_context():
            yield Founded(app, self.players)
        close(app)


def sign_in(visitor: HostVisitor, player: Player) -> None:
    """Sign in as a member without a second factor."""
    visitor.get("/sign-in")
    visitor.fill({"login": player.login, "passphrase": player.passphrase})
    assert visitor.page.status == 200, visitor.page.text


def log(visitor: HostVisitor, words: str) -> str:
    """Log an incident; returns the address of its case once the answer has it, else nothing."""
    visitor.get("/incidents/new")
    visitor.fill(INCIDENT | {"text": words}, action="/incidents/new")
    address = urlsplit(visitor.page.url).path
    is_there = visitor.page.status == 200 and address.startswith("/cases/") and words in visitor.page.text
    return address if is_there else ""


@pytest.fixture
def federation(tmp_path: Path, bytecode_folder: Path) -> Iterator[Federation]:
    """An organization on two hosts."""
    folder = tmp_path / "shared" / "instance"
    folder.parent.mkdir()
    with (
        networks("one", "other") as network,
        restartable_server(network.address) as (url, restart),
        serve_redis(address=network.address) as redis,
    ):
        settings: dict[str, object] = {"DATABASE_URL": url, "VOLATILE_URL": redis.local_url}
        app = build_app(folder, bytecode_folder, **settings)
        prepare(app)
        with app.app_context(), low_costs():
            founded = Founded(app, found_with_cast(app.extensions["casework"]))
            hold_drill(founded)
            device = equip(founded.context())
        close(app)
        environment = {
            "CASEWORK_DATABASE_URL": _by_network(url, network.address),
            "CASEWORK_VOLATILE_URL": redis.network_url,
        }
        with hosts(network, folder, environment, tmp_path) as (one, other):
            yield Federation(
                one,
                other,
                dict(founded.players),
                folder,
                url,
                restart,
                redis,
                device,
                settings,
                bytecode_folder,
            )


def _by_network(url: str, address: str) -> str:
    parts = urlsplit(url)
    port = parts.query.rpartition("port=")[2]
    return f"postgresql+psycopg://{parts.username}@{address}:{port}/casework"


# ---- one sign-in, two hosts ---------------------------------------------------------


def test_who_signs_in_on_one_works_on_the_other(federation: Federation) -> None:
    """Each request goes to another host: nobody notices; who signs out on one is out on both."""
    visitor = federation.sign_in(CASEWORKER)
    case = log(visitor, "A car stopped beside her.")
    assert case
    for host in (federation.one, federation.other):
        visitor.stay_at(host)
        assert "A car stopped beside her." in visitor.get(case).text
        assert visitor.get("/incidents?who=all").status == 200
    visitor.stay_at(federation.one)
    visitor.get("/account")
    visitor.submit(visitor.page.form(action="/sign-out"), {})
    visitor.stay_at(federation.other)
    assert "/sign-in" in visitor.get(case).url or visitor.page.status == 401


# ---- whatever happens under load ----------------------------------------------------


@dataclass
class Writers:
    """Members who log all the time, at both hosts; `answered` are the cases that they were told of."""

    federation: Federation
    answered: dict[str, str] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)
    _ends: threading.Event = field(default_factory=threading.Event)

    def write(self, login: str, number: int, host: Host) -> None:
        """Log, and after an error sign in again, until it ends."""
        visitor, turn = HostVisitor(host), 0
        while not self._ends.is_set():
            turn += 1
            try:
                if not visitor.cookies or visitor.page.status != 200 or "/sign-in" in visitor.page.url:
                    sign_in(visitor, self.federation.players[login])
                words = f"writer {number} told of {turn}"
                case = log(visitor, words)
                if case:
                    self.answered[words] = case
            except (AssertionError, OSError):
                self.refused.append(visitor.page.status)
                time.sleep(0.2)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let two write at each host."""
        threads = [
            threading.Thread(target=self.write, args=(login, number, host))
            for number, (login, host) in enumerate(
                (login, host)
                for login in (CASEWORKER, COLLEAGUE)
                for host in (self.federation.one, self.federation.other)
            )
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ends.set()
            for thread in threads:
                thread.join()

    def wait_for_more(self, count: int = 3) -> None:
        """Wait until so many more were logged."""
        wanted = len(self.answered) + count
        wait_until(lambda: len(self.answered) >= wanted, BACK_SECONDS, "nothing more is logged")


def _kill(federation: Federation, writers: Writers) -> None:
    for host in (federation.other, federation.one):
        host.kill()
        writers.wait_for_more()  # at the one that is left
        host.start()


def _cut(federation: Federation, writers: Writers) -> None:
    federation.other.cut()
    writers.wait_for_more()
    federation.other.mend()


def _restart_database(federation: Federation, writers: Writers) -> None:
    federation.restart_database()


def _restart_redis(federation: Federation, writers: Writers) -> None:
    federation.redis.restart()


FAULTS = {"kill": _kill, "cut": _cut, "database": _restart_database, "redis": _restart_redis}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_that_was_answered_is_lost(federation: Federation, fault: str) -> None:
    """A host that is killed or cut off, a database or a Redis that starts anew, while four members write."""
    writers = Writers(federation)
    with writers.at_work():
        writers.wait_for_more()
        FAULTS[fault](federation, writers)
        writers.wait_for_more(6)
    for host in (federation.one, federation.other):
        wait_until(partial(_works, federation, host), BACK_SECONDS, f"{host.name} does not come back")
    reader = federation.sign_in(CASEWORKER)
    lost = {words: case for words, case in writers.answered.items() if words not in reader.get(case).text}
    assert lost == {}
    with federation.looked_into() as founded:
        open_log(founded.context())  # raises where the chain has a gap


def _works(federation: Federation, host: Host) -> bool:
    visitor = HostVisitor(host)
    try:
        sign_in(visitor, federation.players[COLLEAGUE])
        return bool(log(visitor, f"{host.name} works as before"))
    except (AssertionError, OSError):
        return False


def test_who_is_cut_off_with_the_lock_keeps_nobody_waiting(federation: Federation) -> None:
    """The database lets go of a host that it hears no more of: within seconds, not hours."""
    visitor = federation.sign_in(CASEWORKER, federation.one)
    with _lock_held_at(federation.other):
        federation.other.cut()
        assert log(visitor, "He was let go at noon.")


@contextmanager
def _lock_held_at(host: Host) -> Iterator[None]:
    """Begin to write from a host's network, connected as a server of ours is, and go no further."""
    begun, done = threading.Event(), threading.Event()

    def hold() -> None:
        host.enter()
        url = host.settings["CASEWORK_DATABASE_URL"]
        engine = create_engine(url, **connection_options(url))
        with engine.connect() as connection:
            connection.execute(text("UPDATE write_head SET generation = generation"))
            begun.set()
            done.wait()
            connection.invalidate()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert begun.wait(BACK_SECONDS)
        yield
    finally:
        done.set()
        thread.join()


# ---- sessions -----------------------------------------------------------------------


def test_a_redis_that_starts_anew_ends_every_session_and_loses_no_form(federation: Federation) -> None:
    """While it is away a page says so and gives the form back; then one signs in and sends it again."""
    visitor = federation.sign_in(CASEWORKER)
    visitor.get("/incidents/new")
    written = "They asked where she lived, and would not say why."
    federation.redis.stop()
    visitor.fill(INCIDENT | {"text": written}, action="/incidents/new")
    assert visitor.page.status == 503
    assert written in visitor.page.text and "does not answer" in visitor.page.text
    federation.redis.start()
    visitor.fill({"text": written}, action="/incidents/new")
    assert visitor.page.status == 401 and written in visitor.page.text
    again = visitor.page
    sign_in(visitor, federation.players[CASEWORKER])
    visitor.page = again
    visitor.fill({"text": written}, action="/incidents/new")
    assert visitor.page.status == 200 and "/cases/" in visitor.page.url, visitor.page.text
    assert written in visitor.page.text


# ---- the emergency seal -------------------------------------------------------------


def _seal(federation: Federation, visitor: HostVisitor) -> None:
    visitor.get("/seal")
    words = federation.players[COORDINATOR].passphrase
    visitor.fill({"organization_name": ORGANIZATION, "passphrase": words, "code": SPARE})
    assert visitor.page.status == 503, visitor.page.text


def _coordinator(federation: Federation, host: Host) -> HostVisitor:
    player = federation.players[COORDINATOR]
    visitor = HostVisitor(host)
    visitor.get("/sign-in")
    visitor.fill({"login": player.login, "passphrase": player.passphrase})
    visitor.fill({"code": federation.device.fresh_code()})
    assert visitor.get("/cases").status == 200
    return visitor


def _secrets(federation: Federation) -> dict[str, bytes]:
    halves = [(federation.folder / name).read_bytes() for name in ("host.key", "host.part")]
    seed = federation.players[CASEWORKER].seed
    return {"host key": derive_host_key(*halves).passphrase_secret, "seed": seed}


def _holds_nothing(host: Host, old: set[int], secrets: dict[str, bytes]) -> bool:
    now = host.workers()
    return bool(now) and not old & now and find_in_memory({host.pid, *now}, secrets) == set()


def test_the_emergency_seal_reaches_both_hosts(federation: Federation) -> None:
    """Wherever it is put on: no session, no half of the host key, no key in any memory, within 10 s."""
    one, other = federation.one, federation.other
    caseworker = federation.sign_in(CASEWORKER, other)
    coordinator = _coordinator(federation, one)
    secrets, old = _secrets(federation), {host.name: host.workers() for host in (one, other)}
    assert "host key" in find_in_memory(other.workers(), secrets)  # the control
    _seal(federation, coordinator)
    until = time.monotonic() + SEAL_SECONDS
    assert caseworker.get("/cases").status == 503
    assert not (federation.folder / "host.part").exists()
    for host in (one, other):
        wait_until(
            lambda host=host: _holds_nothing(host, old[host.name], secrets),  # type: ignore[misc]
            until - time.monotonic(),
            f"{host.name} still holds keys",
        )
        assert HostVisitor(host).get("/sign-in").status == 503
    with federation.redis.client() as client:
        assert client.dbsize() == 0


def test_a_host_that_was_cut_off_is_sealed_once_it_is_back(federation: Federation) -> None:
    """Until then it opens nothing for anybody."""
    one, other = federation.one, federation.other
    caseworker = federation.sign_in(CASEWORKER, other)
    coordinator = _coordinator(federation, one)
    secrets, old = _secrets(federation), other.workers()
    other.cut()
    _seal(federation, coordinator)
    assert caseworker.get("/cases").status == 503
    assert "does not answer" in caseworker.page.text
    other.mend()
    wait_until(lambda: _holds_nothing(other, old, secrets), BACK_SECONDS, "it still holds keys")
    assert "recovery shares" in caseworker.get("/cases").text


# ---- nothing in plain ---------------------------------------------------------------


def test_nothing_lies_in_plain_in_what_the_hosts_share(tmp_path: Path, bytecode_folder: Path) -> None:
    """PostgreSQL's data folder with its log files, both servers' logs, Redis, the data folder.

    The whole story is told to two hosts in turn, one request here, the next there.
    """
    folder = tmp_path / "shared" / "instance"
    folder.parent.mkdir()
    with (
        networks("one", "other") as network,
        restartable_server(network.address) as (url, _restart),
        serve_redis(address=network.address) as redis,
    ):
        server = Path(parse_qs(urlsplit(url).query)["host"][0])
        environment = {"CASEWORK_DATABASE_URL": _by_network(url, network.address)}
        environment |= {"CASEWORK_VOLATILE_URL": redis.network_url}
        planted = Planted()
        with hosts(network, folder, environment, tmp_path) as running:
            tell(running, planted)
            names = _planted(planted)
            places = (redis.folder, folder, *(host.log for host in running))
            contents = read_files(*places) | _written(url, server) | {"Redis": redis.dump()}
            assert [(names[what], how, where) for what, how, where in search(names, contents)] == []
        _control(url, server)


def _written(url: str, server: Path) -> dict[str, bytes]:
    """Return what PostgreSQL wrote of this database: its data, its write-ahead log, its log files.

    Without the templates that every database begins as, and what is still empty.
    """
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        found = connection.execute("SELECT oid FROM pg_database WHERE datname <> current_database()")
        others = tuple(f"/base/{oid}/" for (oid,) in found)
    return {
        name: content.rstrip(b"\0")
        for name, content in read_files(server).items()
        if not any(other in name for other in others)
    }


def _control(url: str, server: Path) -> None:
    """A plain text in a row would be found, in the write-ahead log at least."""
    planted = canary("control")
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE scratch (plain TEXT)")
        connection.execute("INSERT INTO scratch VALUES (%s)", (planted,))
    assert any("pg_wal" in where for _what, _how, where in search([planted], _written(url, server)))


def _planted(planted: Planted) -> dict[str | bytes, str]:
    names: dict[str | bytes, str] = {text: name for name, text in planted.strings.items()}
    names |= {code: "a coded answer" for code in CODES}
    names |= {code: "a recovery code" for code in planted.codes}
    names |= {planted.device.secret: "the secret of a second factor"}
    for secret in planted.secrets:
        names |= {secret: "a cookie or link", base64.urlsafe_b64decode(secret + "=="): "its bytes"}
    return names


def tell(running: tuple[Host, ...], planted: Planted) -> None:
    """Tell the story, each request to another host; what is looked at in one's memory, to one."""
    coordinator, caseworker, stranger = (HostVisitor(*running) for _ in range(3))
    story.set_up(coordinator, planted)
    story.enrol(coordinator, planted)
    story.join(caseworker, planted, story.invite(coordinator, planted, "caseworker", "caseworker"))
    story.admit(coordinator, planted)
    story.drill(coordinator, planted)
    story.define_pattern(coordinator, planted)
    story.add_term(coordinator, planted)
    story.count_officially(coordinator, planted)
    story.add_policy(coordinator, planted)
    case = story.log(caseworker, planted)
    assert planted.strings["logged name"] in coordinator.get(case).text
    story.follow(caseworker, planted, case)
    story.tell_steps(caseworker, planted, case)
    story.tell_story(caseworker, coordinator, planted, case)
    story.attach(caseworker, planted, case)
    story.search_lists(caseworker, planted)
    story.restrict(caseworker, planted, case)
    assert coordinator.get(case).status == 404
    story.change_account(caseworker, planted)
    story.renew_shares(coordinator, planted)
    story.post_late(caseworker, planted)
    story.go_wrong(stranger, planted)
    story.back_up(coordinator, planted)
    assert len(planted.strings) > 50
    for visitor in (coordinator, caseworker, stranger):
        planted.secrets += [value for value in visitor.given if len(value) == 43]
