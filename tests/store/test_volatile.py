"""The volatile store keeps to one contract, in a SQLite file and in a Redis."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from casework.services.context import Context
from casework.services.signing_in import sessions
from casework.store.attempts import AttemptRow
from casework.store.previews import Preview
from casework.store.tables import open_volatile
from casework.store.volatile import CeremonyRow, SessionRow
from casework.store.volatilesqlite import SqliteStore
from casework.store.volatilestore import Record, VolatileStore, init_app, list_records, read_record, spell
from casework.vault.identity import MemberSecret
from tests.support.application import CASEWORKER, Founded
from tests.support.kept import kept_bytes

ONE, OTHER = UUID(int=1), UUID(int=2)
WRITERS, TURNS = 40, 3
"""More than a process has connections: whoever has the lock still has to read."""


@pytest.fixture
def database() -> str:
    """The volatile store does not care which."""
    return "sqlite"


@pytest.fixture(params=["sqlite", "redis"])
def volatile(request: pytest.FixtureRequest) -> str:
    """Both."""
    return str(request.param)


@pytest.fixture
def store(app: Flask) -> VolatileStore:
    """That of the application."""
    store: VolatileStore = app.extensions["casework.volatile"]
    return store


@pytest.fixture
def opened_again(app: Flask, volatile: str, request: pytest.FixtureRequest) -> Iterator[VolatileStore]:
    """The same, as another process has it."""
    if volatile == "sqlite":
        first = app.extensions["casework.volatile"]
        url = f"sqlite:///{first.engine.url.database}"
    else:
        url = request.getfixturevalue("redis_url")
    other = open_volatile(url)
    yield other
    other.close()


def looked(number: int, member_id: UUID = ONE, ends: int = 100) -> Preview:
    """Make a small record of a group."""
    return Preview(id=UUID(int=number), member_id=member_id, at_seconds=number, ends_at_seconds=ends)


def put(store: VolatileStore, *records: Record) -> None:
    """Keep them."""
    with store.writing() as batch:
        for record in records:
            batch.put(record)


def numbers(store: VolatileStore, group: bytes | None = None) -> list[int]:
    """Return which are there."""
    return sorted(read_record(Preview, spelled).at_seconds for spelled in store.list("preview", group))


def test_a_record_is_found_again_by_another_process(
    store: VolatileStore, opened_again: VolatileStore
) -> None:
    """With every kind of value: bytes of any sort, none, numbers and ids."""
    record = AttemptRow(
        subject_hmac=bytes(range(256)), tries=3, free_at_seconds=5, tried_at_seconds=4, ends_at_seconds=9
    )
    state = CeremonyRow(id_hash=b"\n", row_id=ONE, version=1, state_sealed=b"", ends_at_seconds=9)
    put(store, record, state)
    for kept in (record, state):
        spelled = opened_again.find(kept.kind, kept.key)
        assert spelled == spell(kept)
        assert read_record(type(kept), spelled) == kept
    assert opened_again.find("attempt", b"\n") is None


def test_the_last_write_counts(store: VolatileStore) -> None:
    """A record takes the place of the one of its key; what is deleted is gone, what is not there may be."""
    put(store, looked(1), looked(2), looked(3))
    changed = Preview(id=UUID(int=1), member_id=ONE, at_seconds=7, ends_at_seconds=100)
    with store.writing() as batch:
        batch.delete(looked(2), looked(9))
        batch.put(changed)
    assert numbers(store) == [3, 7]


def test_groups_are_listed_by_themselves(store: VolatileStore) -> None:
    """Whose they are tells them apart; the keys alone can be asked for."""
    put(store, looked(1), looked(2, OTHER), looked(3))
    assert (numbers(store), numbers(store, ONE.bytes)) == ([1, 2, 3], [1, 3])
    assert list(store.list_keys("preview", OTHER.bytes)) == [UUID(int=2).bytes]
    assert numbers(store, UUID(int=8).bytes) == []


def test_what_is_over_goes(store: VolatileStore) -> None:
    """In its second, of every kind; also what is put in the same batch."""
    put(store, looked(1, ends=10), looked(2, ends=11))
    with store.writing() as batch:
        batch.put(looked(3, ends=9))
        batch.delete_over(10)
    assert numbers(store) == [2]


def test_clearing_takes_all_kinds(store: VolatileStore) -> None:
    """What is put in the same batch stays."""
    put(
        store,
        looked(1),
        CeremonyRow(id_hash=b"a", row_id=ONE, version=1, state_sealed=b"", ends_at_seconds=9),
    )
    with store.writing() as batch:
        batch.clear()
        batch.put(looked(2))
    assert (numbers(store), store.list("ceremony")) == ([2], [])


def test_an_error_changes_nothing_and_the_next_may_write(store: VolatileStore) -> None:
    """All of a batch, or nothing."""
    put(store, looked(1))

    def fail() -> None:
        with store.writing() as batch:
            batch.put(looked(2))
            batch.delete(looked(1))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert numbers(store) == [1]
    put(store, looked(3))
    assert numbers(store) == [1, 3]


def test_one_writes_at_a_time(store: VolatileStore, opened_again: VolatileStore) -> None:
    """Of many who read, add one and write, none is lost, in whichever process."""

    def count(place: VolatileStore) -> None:
        for _ in range(TURNS):
            with place.writing() as batch:
                spelled = place.find("preview", ONE.bytes)
                at = read_record(Preview, spelled).at_seconds if spelled else 0
                batch.put(Preview(id=ONE, member_id=ONE, at_seconds=at + 1, ends_at_seconds=100))

    threads = [
        threading.Thread(target=count, args=(place,)) for place in (store, opened_again) * (WRITERS // 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(store) == [WRITERS * TURNS]


def _sign_in(founded: Founded) -> str:
    player = founded.players[CASEWORKER]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


def _make_otherwise(store: VolatileStore) -> None:
    """Leave what an earlier casework would have left."""
    assert isinstance(store, SqliteStore)
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE entry"))
        connection.execute(text("CREATE TABLE session (id_hash BLOB)"))
        connection.execute(text("PRAGMA user_version = 0"))


@pytest.mark.parametrize("volatile", ["sqlite"])
def test_what_an_older_casework_kept_goes(founded: Founded, store: VolatileStore, tmp_path: Path) -> None:
    """Its tables, with its sessions; the next sign-in works."""
    _make_otherwise(store)
    assert isinstance(store, SqliteStore)
    init_app(founded.app, SqliteStore(f"sqlite:///{store.engine.url.database}"))
    assert list_records(CeremonyRow) == []
    assert isinstance(sessions.resolve(founded.runtime, _sign_in(founded)), Context)


def test_a_restart_of_the_application_signs_nobody_out(founded: Founded, opened_again: VolatileStore) -> None:
    """Who opens the store anew finds the sessions."""
    cookie = _sign_in(founded)
    init_app(founded.app, opened_again)
    assert isinstance(sessions.resolve(founded.runtime, cookie), Context)


@pytest.mark.parametrize("end", [sessions.lock, lambda _cookie: sessions.end_all_sessions()])
def test_a_seed_that_was_destroyed_is_nowhere(founded: Founded, end: Callable[[str], None]) -> None:
    """Neither in the file nor in the Redis, by whatever name."""
    cookie = _sign_in(founded)
    (row,) = list_records(SessionRow)
    sealed = row.seed_sealed
    assert sealed is not None and sealed in kept_bytes()
    end(cookie)
    assert sealed not in kept_bytes()
