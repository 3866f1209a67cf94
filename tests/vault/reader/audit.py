"""§12: the chain of the audit log, and what its entries say."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.vault.reader.conventions import (
    Document,
    digest,
    frame,
    from_base64url,
    from_hex_id,
    mac,
    read_document,
    u64,
)
from tests.vault.reader.envelope import unpad
from tests.vault.reader.refusals import Tampered, UnknownKey, require
from tests.vault.reader.seals import Secret

BODY = {"schema", "event", "member", "at", "fields"}
Row = tuple[str, bytes, int, bytes]
"""Name, id, version and content of a row."""


@dataclass(frozen=True)
class Link:
    """An entry as it is stored."""

    sequence: int
    sealed: bytes
    mac: bytes | None
    rows_hash: bytes
    hash: bytes


@dataclass
class Chain:
    """Checks entries in their order, and opens them."""

    mac_keys: Mapping[int, bytes]
    audit_keys: Mapping[int, Secret]
    sequence: int = 0
    hash: bytes = bytes(32)
    vouched: int = 0
    passed: dict[int, bytes] = field(default_factory=dict)

    def read(self, link: Link) -> bytes:
        """Return the body of the next entry."""
        require(link.sequence == self.sequence + 1, "sequence")
        require(len(link.rows_hash) == len(link.hash) == 32 and link.mac != b"", "length")
        parts = (u64(link.sequence), self.hash, link.sealed)
        hashed = digest("casework v1 audit hash", *parts, link.mac or b"", link.rows_hash)
        require(hashed == link.hash, "hash")
        if link.mac is not None:
            self._check_mac(link.mac, *parts, link.rows_hash)
            self.vouched = link.sequence
        body = self._open(link)
        self.sequence, self.hash = link.sequence, link.hash
        self.passed[link.sequence] = link.hash
        return body

    def check_anchor(self, sequence: int, hashed: bytes) -> None:
        """Refuse a chain that does not hold what was noted elsewhere."""
        require(self.passed.get(sequence) == hashed, "anchor")

    def _check_mac(self, stored: bytes, *parts: bytes) -> None:
        require(len(stored) == 36, "length of a mac")
        key = self.mac_keys.get(int.from_bytes(stored[:4], "big"))
        if key is None:
            raise UnknownKey("epoch of a mac")
        expected = mac(key, "casework v1 audit mac", stored[:4], *parts)
        require(hmac.compare_digest(expected, stored[4:]), "mac")

    def _open(self, link: Link) -> bytes:
        require(len(link.sealed) > 6 and link.sealed[:2] == b"\1\1", "entry")
        secret = self.audit_keys.get(int.from_bytes(link.sealed[2:6], "big"))
        if secret is None:
            raise UnknownKey("epoch of an entry")
        place = (link.sealed[:6], u64(link.sequence), self.hash, link.rows_hash)
        return unpad("padme", secret.unseal(frame("casework v1 audit entry", *place), link.sealed[6:]))


def _row(listed: Any) -> Row:
    require(isinstance(listed, list) and len(listed) == 4, "row")
    name, row_id, version, content = listed
    require(isinstance(name, str) and type(version) is int and 0 <= version < 2**64, "name or version")
    decoded = from_base64url(content)
    require(len(decoded) in (0, 32), "content")
    return name, from_hex_id(row_id), version, decoded


def hash_rows(rows: list[Row]) -> bytes:
    """Return the hash over rows."""
    parts = (part for name, row, version, content in rows for part in (name, row, u64(version), content))
    return digest("casework v1 audit rows", *parts)


def _check_moment(at: object) -> None:
    shape = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
    require(isinstance(at, str) and re.fullmatch(shape, at) is not None, "at")
    try:
        datetime.fromisoformat(str(at))
    except ValueError as error:
        raise Tampered("at") from error


def read_body(encoded: bytes, rows_hash: bytes) -> tuple[Document, list[Row] | None]:
    """Return what an entry says, and the rows it lists; None where its schema lists none."""
    document = read_document(encoded)
    schema = document.get("schema")
    require(type(schema) is int and schema in (1, 2), "schema")
    require(document.keys() == (BODY if schema == 1 else BODY | {"rows"}), "keys")
    fields, event, member = document["fields"], document["event"], document["member"]
    require(isinstance(event, str) and isinstance(fields, dict), "event or fields")
    require(all(isinstance(value, str) or type(value) is int for value in fields.values()), "fields")
    if member is not None:
        from_hex_id(member)
    _check_moment(document["at"])
    if schema == 1:
        return document, None
    require(isinstance(document["rows"], list), "rows")
    rows = [_row(listed) for listed in document["rows"]]
    places = [row[:2] for row in rows]
    require(rows == sorted(rows) and len(set(places)) == len(places), "order of rows")
    require(hash_rows(rows) == rows_hash, "rows hash")
    return document, rows
