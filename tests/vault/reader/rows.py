"""§12: what the audit log says of rows, held against the rows that are there."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.vault.reader.audit import Row
from tests.vault.reader.conventions import Document, u32
from tests.vault.reader.refusals import require
from tests.vault.reader.tables import Table, Tables

UNLISTED = {"audit_entry", "fact_column", "fact_index", "restoration", "write_head", "alembic_version"}
KEYLESS = {"member.joined": {"invitation", "member"}, "draft.kept": {"draft"}, "backup.written": {"backup"}}


def _framed(data: bytes) -> bytes:
    return u32(len(data)) + data


def _spell(kind: str, value: Any) -> bytes:
    if kind == "BLOB":
        return b"b" + bytes(value)
    if kind == "CHAR(32)":
        return b"u" + bytes.fromhex(value)
    if kind == "DATETIME":
        moment = datetime.fromisoformat(value).replace(tzinfo=UTC)
        return b"d" + moment.isoformat().encode()
    return b"s" + value.encode() if isinstance(value, str) else b"i%d" % value


def _describe(table: Table, row: Document) -> Row:
    columns = (
        _framed(b"s" + name.encode()) + _framed(_spell(table.kinds[name], row[name]))
        for name in sorted(row)
        if row[name]
    )
    content = hashlib.sha256(b"".join(columns)).digest()
    key = [_spell(table.kinds[name], row[name]) for name in table.key]
    if len(key) == 1 and key[0][:1] == b"u":
        row_id = key[0][1:]
    else:
        row_id = hashlib.sha256(b"".join(_framed(part) for part in key)).digest()[:16]
    return table.name, row_id, int(row.get("version", 1)), content


def describe_rows(tables: Tables) -> Iterator[Row]:
    """Yield every row as the log would list it."""
    for name in sorted(tables.names - UNLISTED):
        table = tables.table(name)
        yield from (_describe(table, row) for row in tables.rows(name))


class Explained:
    """What the entries read so far leave behind."""

    def __init__(self, is_whole: bool = True) -> None:
        """Begin before the first entry; where others have expired, not every row is named any more."""
        self._is_whole = is_whole
        self._rows: dict[tuple[str, bytes], tuple[int, bytes]] = {}

    def take(self, event: str, is_vouched: bool, rows: list[Row]) -> None:
        """Take the rows of an entry; without a mac it explains only what its event writes."""
        for name, row, version, content in rows:
            require(is_vouched or name in KEYLESS.get(event, ()), "written without keys")
            self._rows[name, row] = (version, content)

    def check(self, tables: Tables) -> int:
        """Refuse rows that the log does not explain, and such as are gone; returns how many there are."""
        found = {(name, row): (version, content) for name, row, version, content in describe_rows(tables)}
        expected = {place: state for place, state in self._rows.items() if state[1]}
        if not self._is_whole:
            found = {place: state for place, state in found.items() if place in self._rows}
        require(found == expected, "rows that the log does not explain")
        return len(found)
