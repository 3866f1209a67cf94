"""The volatile store in a Redis: what it refuses, and what happens where it is away, full or slow."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from casework.errors import ConfigError
from casework.services.signing_in import sessions
from casework.services.storage import Trouble, name_trouble
from casework.store import volatileredis
from casework.store.previews import Preview
from casework.store.volatile import SessionRow
from casework.store.volatileredis import RedisStore
from casework.store.volatilestore import VolatileAway, current_store, list_records
from casework.vault.identity import MemberSecret
from tests.support.application import CASEWORKER, Founded, build_app
from tests.support.hosts import wait_until
from tests.support.redis import PASSWORD, RedisServer, serve_redis

SETTINGS = {
    "save": ("3600 1", "save set to nothing"),
    "appendonly": ("yes", "appendonly set to no"),
}


@pytest.fixture
def database() -> str:
    """The volatile store does not care which."""
    return "sqlite"


@pytest.fixture
def volatile() -> str:
    """Only this one."""
    return "redis"


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """A server that only this test has."""
    with serve_redis() as server:
        yield server


@pytest.fixture
def store(own_redis: RedisServer) -> Iterator[RedisStore]:
    """A store in it."""
    store = RedisStore(own_redis.url)
    yield store
    store.close()


def looked(number: int) -> Preview:
    """Make a small record."""
    return Preview(id=UUID(int=number), member_id=UUID(int=1), at_seconds=number, ends_at_seconds=100)


def put(store: RedisStore, number: int) -> None:
    """Keep one."""
    with store.writing() as batch:
        batch.put(looked(number))


# ---- what is refused ----------------------------------------------------------------


def test_one_that_keeps_nothing_is_taken(store: RedisStore) -> None:
    """The control of what follows."""
    store.check()


@pytest.mark.parametrize("name", SETTINGS)
def test_one_that_writes_to_a_disk_is_refused(
    own_redis: RedisServer, store: RedisStore, name: str, tmp_path: Path, bytecode_folder: Path
) -> None:
    """At the start, by the setting's name; and from the next look on where it begins to later."""
    value, said = SETTINGS[name]
    put(store, 1)
    with own_redis.client() as client:
        client.config_set(name, value)
    with pytest.raises(ConfigError, match=f"VOLATILE_URL: Redis must have {said}"):
        build_app(tmp_path / "instance", bytecode_folder, VOLATILE_URL=own_redis.url)
    assert store.find("preview", looked(1).key) is not None  # not looked yet
    with pytest.raises(VolatileAway, match=said):
        store.check()
    with pytest.raises(VolatileAway, match=said):
        store.find("preview", looked(1).key)
    with own_redis.client() as client:
        client.config_set(name, "" if name == "save" else "no")
    store.check()
    assert store.find("preview", looked(1).key) is not None


def test_one_that_throws_away_is_refused(own_redis: RedisServer, store: RedisStore) -> None:
    """Only where its memory is bounded: counted tries must not go because others came."""
    with own_redis.client() as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        store.check()
        client.config_set("maxmemory", "100mb")
    with pytest.raises(VolatileAway, match="maxmemory-policy set to noeviction"):
        store.check()


def test_one_with_a_replica_is_refused() -> None:
    """Nobody knows what that writes; nor is a replica taken."""
    with serve_redis(address="127.0.0.1") as first:
        stores = [RedisStore(first.network_url)]
        stores[0].check()
        follow = ("--replicaof", "127.0.0.1", str(first.port), "--masterauth", PASSWORD)
        with serve_redis(*follow) as replica:
            stores.append(RedisStore(replica.url))
            with first.client() as client:
                wait_until(lambda: client.info("replication")["connected_slaves"] == 1, 30, "no replica")
            for store in stores:
                with pytest.raises(VolatileAway, match="no replica, and be none"):
                    store.check()
                store.close()


def test_one_that_does_not_tell_is_refused(own_redis: RedisServer, store: RedisStore) -> None:
    """Who may not ask for its settings cannot know."""
    with own_redis.client() as client:
        client.acl_setuser(
            "casework", enabled=True, passwords=["+word"], keys=["*"], commands=["+@all", "-config"]
        )
    asked = RedisStore(own_redis.url.replace("unix://", "unix://casework:word@"))
    with pytest.raises(VolatileAway, match="does not tell its setting save"):
        asked.check()
    asked.close()


def test_a_redis_that_is_not_there_is_named_without_its_password(
    own_redis: RedisServer, tmp_path: Path, bytecode_folder: Path
) -> None:
    """By the setting."""
    url = own_redis.url.replace("unix://", "unix://:canaries@")
    own_redis.stop()
    with pytest.raises(ConfigError) as refused:
        build_app(tmp_path / "instance", bytecode_folder, VOLATILE_URL=url)
    assert str(refused.value).startswith("VOLATILE_URL: ") and "canaries" not in str(refused.value)


# ---- away, full, slow ---------------------------------------------------------------


def test_away_it_says_so_and_back_it_works(own_redis: RedisServer, store: RedisStore) -> None:
    """Reading and writing raise what the page of a database that is away stands for; nobody restarts us."""
    put(store, 1)
    own_redis.stop()
    with pytest.raises(VolatileAway) as away:
        store.find("preview", looked(1).key)
    assert name_trouble(away.value) is Trouble.AWAY
    with pytest.raises(VolatileAway):
        put(store, 2)
    own_redis.start()
    assert store.find("preview", looked(1).key) is None
    put(store, 2)
    assert len(store.list("preview")) == 1


def test_a_connection_that_was_ended_meanwhile_is_made_anew(
    own_redis: RedisServer, store: RedisStore
) -> None:
    """A restart between two requests is not noticed."""
    put(store, 1)
    own_redis.restart()
    put(store, 2)
    assert len(store.list("preview")) == 1


def test_without_memory_it_takes_nothing_more(own_redis: RedisServer, store: RedisStore) -> None:
    """That is no room, not away; what is there stays, and can be deleted."""
    put(store, 1)
    with own_redis.client() as client:
        client.config_set("maxmemory", "1")
        with pytest.raises(VolatileAway) as full:
            put(store, 2)
        assert name_trouble(full.value) is Trouble.FULL
        assert len(store.list("preview")) == 1
        client.config_set("maxmemory", "0")
    put(store, 2)


def test_who_lost_the_lock_changes_nothing(store: RedisStore) -> None:
    """A host that was cut off for longer than the lock lasts, while another wrote."""

    def write_late() -> None:
        with store.writing() as batch:
            store._redis.delete(store._lock)  # it ran out
            put(store, 1)
            batch.put(looked(2))

    with pytest.raises(VolatileAway, match="the lock was lost"):
        write_late()
    assert store.list_keys("preview", UUID(int=1).bytes) == [looked(1).key]


def test_a_lock_of_somebody_who_died_frees_itself(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lasts for some seconds; who cannot wait for so long is told."""
    store._redis.set(store._lock, "somebody else", ex=volatileredis._LOCK_SECONDS)
    monkeypatch.setattr(volatileredis, "_WAIT_SECONDS", 0.1)
    with pytest.raises(VolatileAway, match="somebody else writes"):
        put(store, 1)
    ttl = store._redis.ttl(store._lock)
    assert isinstance(ttl, int) and 0 < ttl <= volatileredis._LOCK_SECONDS
    store._redis.pexpire(store._lock, 50)
    monkeypatch.setattr(volatileredis, "_WAIT_SECONDS", 15)
    put(store, 1)


def test_an_error_frees_the_lock_at_once(store: RedisStore) -> None:
    """Not only after its seconds."""

    def fail() -> None:
        with store.writing():
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert store._redis.get(store._lock) is None


# ---- by itself ----------------------------------------------------------------------


def test_it_forgets_by_itself_what_nobody_sweeps(founded: Founded) -> None:
    """Every name runs out, a session's as soon as no late form of it is taken any more."""
    player = founded.players[CASEWORKER]
    sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
    store = current_store()
    assert isinstance(store, RedisStore)
    (row,) = list_records(SessionRow)
    late = founded.runtime.limits.late_form_seconds
    ttl = store._redis.ttl(store._name("session", row.key.hex()))
    assert isinstance(ttl, int) and late - 5 < ttl < late + 600
    put(store, 1)
    assert all(0 < int(str(store._redis.ttl(name))) for name in store._redis.scan_iter("*"))


def test_clearing_takes_what_another_casework_kept(store: RedisStore) -> None:
    """The emergency seal ends every session, also those that this version does not read."""
    store._redis.set("casework:00000000:session:ab", b"sealed")
    store._redis.set("other", b"not ours")
    with store.writing() as batch:
        batch.clear()
        batch.put(looked(1))
    names = {bytes(name) for name in store._redis.scan_iter("*")}
    assert b"other" in names and b"casework:00000000:session:ab" not in names
    assert len(store.list("preview")) == 1
