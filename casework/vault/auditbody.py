"""What an audit entry says: an event, by whom, when, and every row that it wrote; sealed as its body.

Schema 2 lists the rows, so that a changed one can be named. Schema 1 left them to the rows hash alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from casework.errors import Tampered
from casework.vault import documents, encoding
from casework.vault.audit import hash_rows
from casework.vault.labels import HASH_BYTES

SCHEMA = 2

_KEYS = {
    1: {"schema", "event", "member", "at", "fields"},
    2: {"schema", "event", "member", "at", "fields", "rows"},
}


class RowMark(NamedTuple):
    """A row as an entry left it: table, id, version, SHA-256 of its content; no bytes for a deleted one."""

    table: str
    id: UUID
    version: int
    digest: bytes

    @property
    def is_deleted(self) -> bool:
        """Whether the entry deleted the row."""
        return not self.digest


@dataclass(frozen=True, slots=True)
class AuditBody:
    """An opened entry. `rows` is None where its schema did not list them; `member` where nobody had keys."""

    event: str
    member: UUID | None
    at: datetime
    fields: Mapping[str, str | int]
    rows: tuple[RowMark, ...] | None


def encode(body: AuditBody) -> bytes:
    """Return the canonical bytes in the newest schema; ValueError for a moment without a time zone."""
    if body.at.tzinfo is None:
        raise ValueError("a moment without time zone")
    return documents.encode(
        {
            "schema": SCHEMA,
            "event": body.event,
            "member": body.member.hex if body.member else None,
            "at": body.at.isoformat(timespec="seconds"),
            "fields": dict(body.fields),
            "rows": [
                [row.table, row.id.hex, row.version, encoding.to_text(row.digest)]
                for row in sort_rows(body.rows or ())
            ],
        }
    )


def decode(encoded: bytes, rows_hash: bytes) -> AuditBody:
    """Read an entry; Tampered unless it is spelled as its schema has it, with the rows that were hashed."""
    document = documents.decode(encoded)
    schema = document.get("schema")
    if type(schema) is not int or _KEYS.get(schema) != document.keys():
        raise Tampered("an audit entry of an unknown schema")
    try:
        member = document["member"]
        body = AuditBody(
            event=_text(document["event"]),
            member=None if member is None else _id(member),
            at=_moment(document["at"]),
            fields=_fields(document["fields"]),
            rows=None if schema == 1 else tuple(_row(*row) for row in document["rows"]),
        )
    except (TypeError, ValueError, AttributeError):
        raise Tampered("an audit entry with a value of another kind") from None
    if body.rows is not None and (
        list(body.rows) != sort_rows(body.rows) or hash_rows(body.rows) != rows_hash
    ):
        raise Tampered("an audit entry lists other rows than it was hashed with")
    return body


def sort_rows(rows: Iterable[RowMark]) -> list[RowMark]:
    """Return the rows in the order of the rows hash."""
    return sorted(rows, key=lambda row: (row.table.encode(), row.id.bytes, row.version, row.digest))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _id(value: str) -> UUID:
    found = UUID(hex=value)
    if found.hex != value:
        raise ValueError("another spelling of an id")
    return found


def _moment(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None or found.isoformat(timespec="seconds") != value:
        raise ValueError("another spelling of a moment")
    return found


def _fields(value: Any) -> dict[str, str | int]:
    if not isinstance(value, dict) or not all(type(field) in (str, int) for field in value.values()):
        raise TypeError("fields are texts and whole numbers")
    return value


def _row(table: str, row_id: str, version: int, digest: str) -> RowMark:
    content = encoding.from_text(digest)
    if type(version) is not int or not 0 <= version < 2**64 or len(content) not in (0, HASH_BYTES):
        raise ValueError("no version, or no digest")
    return RowMark(_text(table), _id(row_id), version, content)
