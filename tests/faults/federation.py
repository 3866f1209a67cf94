"""Two hosts on one PostgreSQL and one Redis, and members at both.

Each host has a network of its own where this machine lets us make them (root on Linux); its data folder is
the one folder that both see.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from casework.app import prepare
from tests.support.application import Founded, Player, build_app, close, found_with_cast
from tests.support.costs import low_costs
from tests.support.drilling import hold_drill
from tests.support.hosts import Host, HostVisitor, hosts, networks
from tests.support.postgres import restartable_server
from tests.support.redis import RedisServer, serve_redis
from tests.support.secondfactor import Device, equip

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


@contextmanager
def federate(tmp_path: Path, bytecode_folder: Path) -> Iterator[Federation]:
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
            "CASEWORK_DATABASE_URL": by_network(url, network.address),
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


def by_network(url: str, address: str) -> str:
    """Return the address of a database as another host of that network writes it."""
    parts = urlsplit(url)
    port = parts.query.rpartition("port=")[2]
    return f"postgresql+psycopg://{parts.username}@{address}:{port}/casework"
