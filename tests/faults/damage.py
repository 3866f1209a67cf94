"""Damaging one sealed column in place, and putting it back."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Table, select, update

from casework.store.database import db
from casework.store.volatilestore import Record, kinds, list_records, writing
from casework.vault.envelope import HEADER_BYTES
from tests.faults.places import PLACES
from tests.faults.scene import Key, Scene

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


def tables() -> Mapping[str, Table]:
    """Return the tables of the database by name."""
    return {table.name: table for table in db.metadata.sorted_tables}


def volatile() -> Mapping[str, type[Record]]:
    """Return the kinds of volatile records by name."""
    return {kind.kind: kind for kind in kinds()}


def flipped(sealed: bytes, place: int) -> bytes:
    """Change one bit of the byte at a place; -1 is the last."""
    place %= len(sealed)
    return sealed[:place] + bytes((sealed[place] ^ 1,)) + sealed[place + 1 :]


def _find(table: str, key: Key) -> Record | None:
    """Return the volatile record of this key; None where the table is one of the database."""
    kind = volatile().get(table)
    if kind is None:
        return None
    (found,) = (
        one for one in list_records(kind) if all(getattr(one, name) == value for name, value in key.items())
    )
    return found


def _read(table: str, column: str, key: Key) -> Any:
    if record := _find(table, key):
        return getattr(record, column)
    wanted = tables()[table]
    with db.engines[wanted.metadata.info.get("bind_key")].connect() as connection:
        query = select(wanted.c[column]).where(*(wanted.c[name] == value for name, value in key.items()))
        return connection.execute(query).scalar_one()


def _write(table: str, key: Key, values: Mapping[str, Any]) -> None:
    if record := _find(table, key):
        with writing() as batch:
            batch.put(replace(record, **values))
        return
    wanted = tables()[table]
    with db.engines[wanted.metadata.info.get("bind_key")].begin() as connection:
        query = update(wanted).where(*(wanted.c[name] == value for name, value in key.items()))
        assert connection.execute(query.values(values)).rowcount == 1


@contextmanager
def damaged(scene: Scene, where: str, attack: str) -> Iterator[None]:
    """Damage the column that `where` names in the way that `attack` names, for as long as the block runs."""
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
