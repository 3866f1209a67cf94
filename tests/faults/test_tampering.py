"""Every sealed column, damaged in every way: refused by name, nothing written, the others still open."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Table, select, update

from casework.errors import Tampered, UnknownKey, WrongPassphrase
from casework.store.database import db
from casework.vault.envelope import HEADER_BYTES
from tests.faults.places import PLACES
from tests.faults.scene import Key, Scene, build_scene
from tests.support.application import Founded, Template, build_app, close
from tests.support.dump import dump_tables

NAMED = (Tampered, UnknownKey, WrongPassphrase)
HOW = (
    "has no entry in tests/faults/places.py. Add one: the row to damage, another row, the version "
    "that its seal is bound to, the services that read it; and let tests/faults/scene.py make two such rows."
)

# What becomes of the bytes, given them and where their envelope begins.
BYTES: Mapping[str, Callable[[bytes, int], bytes]] = {
    "header": lambda sealed, start: flipped(sealed, start),
    "epoch": lambda sealed, start: flipped(sealed, start + HEADER_BYTES - 1),
    "nonce": lambda sealed, start: flipped(sealed, start + HEADER_BYTES),
    "body": lambda sealed, start: flipped(sealed, (start + len(sealed)) // 2),
    "tag": lambda sealed, _start: flipped(sealed, len(sealed) - 1),
    "first byte": lambda sealed, _start: flipped(sealed, 0),
    "truncated": lambda sealed, _start: sealed[:-1],
    "lengthened": lambda sealed, _start: sealed + b"\0",
    "cut to its header": lambda sealed, start: sealed[: start + HEADER_BYTES],
    "emptied": lambda _sealed, _start: b"",
}
STEPS = {"version raised": 1, "version lowered": -1}


def _tables() -> Mapping[str, Table]:
    return {table.name: table for metadata in db.metadatas.values() for table in metadata.sorted_tables}


def _sealed_columns() -> list[str]:
    return [
        f"{table.name}.{column.name}"
        for table in _tables().values()
        for column in table.columns
        if column.name.endswith("_sealed") and isinstance(column.type, LargeBinary)
    ]


def _attacks() -> list[tuple[str, str]]:
    attacks = []
    for column, place in PLACES.items():
        attacks += [(column, attack) for attack in (*BYTES, "swapped column")]
        attacks += [(column, "swapped row")] if place.sibling else []
        attacks += [(column, step) for step in STEPS] if place.version else []
    return attacks


def flipped(sealed: bytes, place: int) -> bytes:
    """Change one bit of the byte at a place."""
    return sealed[:place] + bytes((sealed[place] ^ 1,)) + sealed[place + 1 :]


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Template, bytecode_folder: Any
) -> Iterator[Scene]:
    """One organization for the whole module: each test puts back what it damaged."""
    folder = tmp_path_factory.mktemp("tampering") / "instance"
    with sqlite_template.copy(folder):
        app = build_app(folder, bytecode_folder)
        with app.app_context():
            yield build_scene(Founded(app, sqlite_template.players))
        close(app)


def _read(table: str, column: str, key: Key) -> Any:
    wanted = _tables()[table]
    with db.engines[wanted.metadata.info.get("bind_key")].connect() as connection:
        query = select(wanted.c[column]).where(*(wanted.c[name] == value for name, value in key.items()))
        return connection.execute(query).scalar_one()


def _write(table: str, key: Key, values: Mapping[str, object]) -> None:
    wanted = _tables()[table]
    with db.engines[wanted.metadata.info.get("bind_key")].begin() as connection:
        query = update(wanted).where(*(wanted.c[name] == value for name, value in key.items()))
        assert connection.execute(query.values(values)).rowcount == 1


@contextmanager
def _damaged(scene: Scene, where: str, attack: str) -> Iterator[None]:
    place, (table, _, column) = PLACES[where], where.partition(".")
    key = place.key(scene)
    changed = place.version if attack in STEPS else column
    before = _read(table, changed, key)
    if attack in STEPS:
        # An audit entry's place is its primary key: far enough not to meet the next one.
        after = before + STEPS[attack] * (1000 if place.version == "sequence" else 1)
    elif attack == "swapped row":
        assert place.sibling is not None
        after = _read(table, column, place.sibling(scene))
    elif attack == "swapped column":
        foreign_table, foreign_column, foreign_key = place.foreign
        after = _read(foreign_table, foreign_column, foreign_key(scene))
    else:
        after = BYTES[attack](before, place.body_at)
    assert after != before
    _write(table, key, {changed: after})
    try:
        yield
    finally:
        db.session.remove()
        _write(table, key | ({changed: after} if changed in key else {}), {changed: before})


def test_every_sealed_column_is_attacked() -> None:
    """A new sealed column has to say how it is opened, or this fails and says how."""
    for column in _sealed_columns():
        assert column in PLACES, f"{column} {HOW}"
    assert set(PLACES) == set(_sealed_columns())


@pytest.mark.parametrize(("where", "attack"), _attacks())
def test_a_damaged_column_is_refused(scene: Scene, where: str, attack: str) -> None:
    """What reads it raises a named error, writes nothing, and what is not damaged still opens."""
    place = PLACES[where]
    with _damaged(scene, where, attack):
        before = dump_tables()
        for read in place.reads:
            db.session.remove()  # as a new request begins
            with pytest.raises(NAMED):
                read(scene)
        assert dump_tables() == before
        place.other(scene)
    for read in place.reads:
        read(scene)
