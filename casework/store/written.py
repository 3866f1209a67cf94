"""Remembers what a transaction wrote, so that its audit entry can cover every row."""

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from casework.store.database import Model, db

_WRITTEN = "casework_written"

WrittenRow = tuple[str, UUID, int, bytes]
"""Table, row id, version, SHA-256 over all columns; empty bytes for a deleted row."""


def _framed(value: object) -> bytes:
    plain = value if isinstance(value, bytes) else repr(value).encode()
    return len(plain).to_bytes(4, "big") + plain


def _identify(row: Model) -> UUID:
    key = inspect(row).mapper.primary_key_from_instance(row)
    if len(key) == 1 and isinstance(key[0], UUID):
        return key[0]
    # Rows that are named by several columns, or by none of ours, get an id from them.
    return UUID(bytes=hashlib.sha256(b"".join(_framed(part) for part in key)).digest()[:16])


def _describe(row: Model, deleted: bool) -> WrittenRow:
    state: Any = inspect(row)
    columns = sorted(column.key for column in state.mapper.columns)
    digest = hashlib.sha256(
        b"".join(_framed(name) + _framed(state.dict.get(name)) for name in columns)
    ).digest()
    return row.__tablename__, _identify(row), getattr(row, "version", 1), b"" if deleted else digest


def _is_lasting(row: Model) -> bool:
    return getattr(row, "__bind_key__", None) is None


@event.listens_for(Session, "after_flush")
def _remember(session: Session, _flush_context: object) -> None:
    written: list[WrittenRow] = session.info.setdefault(_WRITTEN, [])
    changed = [row for row in (*session.new, *session.dirty) if _is_lasting(row) and session.is_modified(row)]
    written.extend(_describe(row, deleted=False) for row in changed)
    written.extend(_describe(row, deleted=True) for row in session.deleted if _is_lasting(row))


def forget_written() -> None:
    """Start a transaction with nothing remembered."""
    db.session.info[_WRITTEN] = []


def take_written() -> list[WrittenRow]:
    """Flush, and return every row written since `forget_written`."""
    db.session.flush()
    written: list[WrittenRow] = db.session.info.get(_WRITTEN, [])
    return written
