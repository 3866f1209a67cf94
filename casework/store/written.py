"""Remembers what a transaction wrote, so that its audit entry can cover every row."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from casework.store.database import Model, db

_WRITTEN = "casework_written"

WrittenRow = tuple[str, UUID, int, bytes]
"""Table, row id, version, SHA-256 over the columns that hold something; empty bytes for a deleted row."""


def _spelled(value: object) -> bytes:
    """One spelling for a value, whether it was just made or has been read from either database."""
    match value:
        case None:
            return b"-"
        case bytes():
            return b"b" + value
        case bool() | int():
            return b"i%d" % value  # a boolean is 0 or 1
        case str():
            # An enumeration's member is its text.
            return b"s" + str(value).encode()
        case UUID():
            return b"u" + value.bytes
        case datetime():
            return b"d" + value.astimezone(UTC).isoformat().encode()
    raise TypeError(f"a column that holds {type(value).__name__} has no spelling in the audit log")


def _framed(value: object) -> bytes:
    spelled = _spelled(value)
    return len(spelled).to_bytes(4, "big") + spelled


def spell_values(values: Iterable[object]) -> bytes:
    """Return one spelling of a row's values, each with its length, whichever database it was read from."""
    return b"".join(_framed(value) for value in values)


def identify(key: Sequence[object]) -> UUID:
    """Return the id of a row by its primary key: the key itself where that is one UUID, else made from it."""
    if len(key) == 1 and isinstance(key[0], UUID):
        return key[0]
    return UUID(bytes=hashlib.sha256(b"".join(_framed(part) for part in key)).digest()[:16])


def digest_columns(columns: Mapping[str, object]) -> bytes:
    """Return the SHA-256 of a row's columns.

    An empty one (nothing, 0, false, no bytes) is left out: a column that a later version adds, empty in the
    rows that stand, changes no digest of theirs.
    """
    framed = (_framed(name) + _framed(columns[name]) for name in sorted(columns) if columns[name])
    return hashlib.sha256(b"".join(framed)).digest()


def describe_row(row: Model, deleted: bool = False) -> WrittenRow:
    """Return what the audit log covers of a row: all its columns as they stand."""
    mapper = inspect(row).mapper
    row_id = identify(mapper.primary_key_from_instance(row))
    table, version = row.__tablename__, getattr(row, "version", 1)
    if deleted:
        return table, row_id, version, b""
    # By attribute: what was not loaded is loaded now, else its place would be empty.
    return table, row_id, version, digest_columns({c.key: getattr(row, c.key) for c in mapper.columns})


def describe_columns(table: str, key: Sequence[str], columns: Mapping[str, object]) -> WrittenRow:
    """Return the same of a row that was read as plain columns; `key` names those of its primary key."""
    row_id = identify([columns[name] for name in key])
    version = columns.get("version", 1)
    assert isinstance(version, int)  # noqa: S101 - every column of that name is one
    return table, row_id, version, digest_columns(columns)


def is_covered(model: type[Model]) -> bool:
    """Return whether entries list the rows of this table: all lasting ones but the log's own."""
    return getattr(model, "__bind_key__", None) is None and getattr(model, "covered_by_log", True)


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _flush_context: object) -> None:
    written: list[WrittenRow] = session.info.setdefault(_WRITTEN, [])
    changed = [
        row for row in (*session.new, *session.dirty) if is_covered(type(row)) and session.is_modified(row)
    ]
    written.extend(describe_row(row) for row in changed)
    written.extend(describe_row(row, deleted=True) for row in session.deleted if is_covered(type(row)))


@event.listens_for(Session, "do_orm_execute")
def _refuse_unlisted(execution: ORMExecuteState) -> None:
    """Let nothing be written past the log: a statement over many rows tells nobody which rows it wrote."""
    if not (execution.is_insert or execution.is_update or execution.is_delete):
        return
    name = getattr(getattr(execution.statement, "table", None), "name", None)
    covered = {model.__tablename__ for model in Model.__subclasses__() if is_covered(model)}
    if name in covered and not execution.execution_options.get("unlisted"):
        raise RuntimeError(f"rows of {name} are written one by one, so that the audit log can list them")


def forget_written() -> None:
    """Start a transaction with nothing remembered."""
    db.session.info[_WRITTEN] = []


def take_written() -> list[WrittenRow]:
    """Flush, and return every row written since `forget_written`, as it stands after its last write."""
    db.session.flush()
    written: list[WrittenRow] = db.session.info.get(_WRITTEN, [])
    return list({(table, row_id): row for row in written for table, row_id in [row[:2]]}.values())
