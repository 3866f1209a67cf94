"""Nothing of what people enter lies in plain in what two hosts share."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from tests.faults import story, telling
from tests.faults.federation import by_network
from tests.faults.planted import Planted
from tests.support.canary import canary, read_files, search
from tests.support.hosts import Host, HostVisitor, hosts, networks
from tests.support.postgres import restartable_server
from tests.support.redis import serve_redis


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
        environment = {"CASEWORK_DATABASE_URL": by_network(url, network.address)}
        environment |= {"CASEWORK_VOLATILE_URL": redis.network_url}
        planted = Planted()
        with hosts(network, folder, environment, tmp_path) as running:
            _tell(running, planted)
            names = planted.names()
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


def _tell(running: tuple[Host, ...], planted: Planted) -> None:
    """Tell the story, each request to another host; what is looked at in one's memory, to one."""
    coordinator, caseworker, stranger = (HostVisitor(*running) for _ in range(3))
    telling.tell(coordinator, caseworker, planted)
    story.post_late(caseworker, planted)
    story.go_wrong(stranger, planted)
    story.back_up(coordinator, planted)
    assert len(planted.strings) > 50
    for visitor in (coordinator, caseworker, stranger):
        planted.take(visitor)
