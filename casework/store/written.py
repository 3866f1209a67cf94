"""Remembers what a transaction wrote, so that its audit entry can cover every row."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from casework.store.database import Model, db

_WRITTEN = "casework_written"

WrittenRow = tuple[str, UUID, int, bytes]
"""Table, row id, version, SHA-256 over all columns; empty bytes for a deleted row."""


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


def _identify(row: Model) -> UUID:
    key = inspect(row).mapper.primary_key_from_instance(row)
    if len(key) == 1 and isinstance(key[0], UUID):
        return key[0]
    # Rows that are named by several columns, or by none of ours, get an id from them.
    return UUID(bytes=hashlib.sha256(b"".join(_framed(part) for part in key)).digest()[:16])


def describe_row(row: Model, deleted: bool = False) -> WrittenRow:
    """Return what the audit log covers of a row: all its columns as they stand."""
    table, row_id, version = row.__tablename__, _identify(row), getattr(row, "version", 1)
    if deleted:
        return table, row_id, version, b""
    columns = sorted(column.key for column in inspect(row).mapper.columns)
    # By attribute: what was not loaded is loaded now, else its place would be empty.
    framed = (_framed(name) + _framed(getattr(row, name)) for name in columns)
    return table, row_id, version, hashlib.sha256(b"".join(framed)).digest()


def _is_lasting(row: Model) -> bool:
    return getattr(row, "__bind_key__", None) is None


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _flush_context: object) -> None:
    written: list[WrittenRow] = session.info.setdefault(_WRITTEN, [])
    changed = [row for row in (*session.new, *session.dirty) if _is_lasting(row) and session.is_modified(row)]
    written.extend(describe_row(row) for row in changed)
    written.extend(describe_row(row, deleted=True) for row in session.deleted if _is_lasting(row))


def forget_written() -> None:
    """Start a transaction with nothing remembered."""
    db.session.info[_WRITTEN] = []


def take_written() -> list[WrittenRow]:
    """Flush, and return every row written since `forget_written`, as it stands after its last write."""
    db.session.flush()
    written: list[WrittenRow] = db.session.info.get(_WRITTEN, [])
    return list({(table, row_id): row for row in written for table, row_id in [row[:2]]}.values())
