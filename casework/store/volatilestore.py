"""What must not outlive the power: records kept by key in one place for all processes, in memory only.

Two places can keep them: a SQLite file in memory (`store/volatilesqlite.py`), for one host, and a Redis that
writes nothing to disk (`store/volatileredis.py`), for several. Both do the same, and nobody above asks which.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeVar, get_type_hints
from uuid import UUID

from flask import Flask, current_app

from casework.store.database import db

_EXTENSION = "casework.volatile"
_LONGEST_SECONDS = 15 * 24 * 3600


class VolatileAway(Exception):
    """The store does not answer, or takes nothing; `is_full` where that is for want of memory."""

    def __init__(self, why: str, is_full: bool = False) -> None:
        super().__init__(why)
        self.is_full = is_full


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record:
    """Something that is kept until `ends_at_seconds` (whole seconds since 1970, UTC), when a sweep takes it.

    `kind` names it for good.
    """

    kind: ClassVar[str]

    ends_at_seconds: int

    @property
    def longest_seconds(self) -> int:
        """For how long a store keeps it where nobody sweeps."""
        return _LONGEST_SECONDS

    @property
    def key(self) -> bytes:
        """What it is found by, among all of its kind."""
        raise NotImplementedError

    @property
    def group(self) -> bytes:
        """Whose it is: what is listed and deleted together."""
        return b""


R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class Batch:
    """What one writer changes, all at once as the writing ends. Reading meanwhile shows what was before."""

    puts: list[Record] = field(default_factory=list)
    deletes: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    over_at_seconds: int | None = None
    clears: bool = False

    def put(self, record: Record) -> None:
        """Keep a record, in the place of the one of its key."""
        self.puts.append(record)

    def delete(self, *records: Record) -> None:
        """Delete records, where they are still there."""
        self.deletes += [(record.kind, record.key, record.group) for record in records]

    def delete_key(self, kind: type[Record], key: bytes, group: bytes) -> None:
        """Delete a record that was not read."""
        self.deletes.append((kind.kind, key, group))

    def delete_over(self, now_seconds: int) -> None:
        """Delete every record whose time is over, one that is put in the same batch too."""
        self.over_at_seconds = now_seconds

    def clear(self) -> None:
        """Delete every record there is; what is put in the same batch stays."""
        self.clears = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.puts or self.deletes or self.clears) and self.over_at_seconds is None


class VolatileStore(Protocol):
    """Where records lie. Everything raises VolatileAway, or SQLAlchemy's DBAPIError, where it fails."""

    is_shared: bool
    """Whether several hosts may have it."""

    def find(self, kind: str, key: bytes) -> bytes | None:
        """Return a record as it was spelled."""

    def list(self, kind: str, group: bytes | None = None) -> Sequence[bytes]:
        """Return every record of a kind, or of a group of it, in no order."""

    def list_keys(self, kind: str, group: bytes) -> Sequence[bytes]:
        """Return the keys of a group."""

    def writing(self) -> AbstractContextManager[Batch]:
        """Wait for the right to write, which one has at a time; apply the batch, or on an error nothing."""

    def tidy(self) -> None:
        """Let nothing that was deleted or overwritten linger."""

    def check(self) -> None:
        """Raise VolatileAway where the store does not keep what it promises: nothing on any disk."""

    def close(self) -> None:
        """Close every connection."""


def init_app(app: Flask, store: VolatileStore) -> None:
    """Let this application keep its records there."""
    app.extensions[_EXTENSION] = store


def current_store() -> VolatileStore:
    """Return where the running application keeps its records."""
    store: VolatileStore = current_app.extensions[_EXTENSION]
    return store


def find(kind: type[R], key: bytes) -> R | None:
    """Return the record with this key."""
    spelled = current_store().find(kind.kind, key)
    return None if spelled is None else read_record(kind, spelled)


def list_records(kind: type[R], group: bytes | None = None) -> list[R]:
    """Return all records of a kind, or of a group of it, in no order."""
    return [read_record(kind, spelled) for spelled in current_store().list(kind.kind, group)]


def list_keys(kind: type[Record], group: bytes) -> Sequence[bytes]:
    """Return the keys of a group, without reading what they hold."""
    return current_store().list_keys(kind.kind, group)


@contextmanager
def writing(within_transaction: bool = False) -> Iterator[Batch]:
    """Wait for the right to write, and only then let the caller read what is to be changed.

    What the database session has read ends before and after: nothing waits with a snapshot open. Inside a
    transaction of the database that must not be; what is changed there stays changed if that fails later.
    """
    if not within_transaction:
        db.session.rollback()
    try:
        with current_store().writing() as batch:
            yield batch
    finally:
        if not within_transaction:
            db.session.rollback()


def tidy() -> None:
    """Let nothing that was deleted or overwritten linger."""
    current_store().tidy()


def kinds() -> Sequence[type[Record]]:
    """Return every kind of record, by name.

    A class with slots is made twice, and the first of both may linger: each kind counts once.
    """
    made = {kind.kind: kind for kind in Record.__subclasses__()}
    return [made[name] for name in sorted(made)]


def name_shape() -> str:
    """Return eight digits for how today's records are made: those of another casework are not read."""
    made = [(kind.kind, sorted(_hints(kind).items())) for kind in kinds()]
    return hashlib.sha256(json.dumps(made).encode()).hexdigest()[:8]


def spell(record: Record) -> bytes:
    """Return the bytes of a record: a line of JSON, with the lengths of what follows it, sealed before."""
    head: dict[str, object] = {}
    tail: list[bytes] = []
    for each in dataclasses.fields(record):
        value = getattr(record, each.name)
        if isinstance(value, bytes):
            tail.append(value)
        head[each.name] = _spell_value(value)
    return json.dumps(head, separators=(",", ":")).encode("ascii") + b"\n" + b"".join(tail)


def _spell_value(value: object) -> object:
    match value:
        case None | int():
            return value
        case bytes():
            return len(value)
        case UUID():
            return value.hex
    raise TypeError(f"a record cannot hold {type(value).__name__}")


def read_record(kind: type[R], spelled: bytes) -> R:
    """Return the record that was spelled so."""
    head, _, tail = spelled.partition(b"\n")
    hints = _hints(kind)
    values: dict[str, Any] = {}
    for name, value in json.loads(head).items():
        hint = hints[name]
        if value is None:
            values[name] = None
        elif "bytes" in hint:
            values[name], tail = tail[:value], tail[value:]
        else:
            values[name] = UUID(hex=value) if "UUID" in hint else value
    return kind(**values)


def _hints(kind: type[Record]) -> dict[str, str]:
    """Return what each value is, as its class says; looked up once a kind."""
    if kind.kind not in _HINTS:
        made = get_type_hints(kind)
        _HINTS[kind.kind] = {each.name: str(made[each.name]) for each in dataclasses.fields(kind)}
    return _HINTS[kind.kind]


_HINTS: dict[str, dict[str, str]] = {}
