"""Vectors of what audit entries say."""

import json
from datetime import UTC, datetime
from typing import Any

from casework.vault import audit, auditbody, documents, encoding
from casework.vault.auditbody import AuditBody, RowMark
from tests.vectors.material import ANA_ID, OTHER_ROW, ROW, Case, Kept, tampered, vectors

MARKS = (
    RowMark("case", ROW, 2, bytes(range(32))),
    RowMark("case_key", OTHER_ROW, 1, b""),
    RowMark("incident", ROW, 1, bytes(range(1, 33))),
)


def bodies(_kept: Kept) -> Any:
    """What entries say, in both schemas."""
    at, fields = datetime(2026, 11, 5, 14, 30, 9, tzinfo=UTC), {"case": ROW.hex, "incident": ROW.hex}
    newest = auditbody.encode(AuditBody("incident.logged", ANA_ID, at, fields, MARKS)).decode()
    keyless = auditbody.encode(AuditBody("draft.kept", None, at, {"count": 3}, ())).decode()
    oldest = newest.replace('"schema":2', '"schema":1').partition(',"rows":')[0] + ',"schema":1}'
    rows_hash, of_none = audit.hash_rows(MARKS).hex(), audit.hash_rows(()).hex()
    given = {"body": newest, "rows_hash": rows_hash}
    listed = [[row.table, row.id.hex, row.version, row.digest.hex()] for row in MARKS]
    said = {"event": "incident.logged", "member": ANA_ID.hex, "at": at.isoformat(), "fields": fields}
    accept: list[Case] = [
        ("three rows, one deleted", given, said | {"rows": listed}),
        (
            "no rows, by nobody",
            {"body": keyless, "rows_hash": of_none},
            {"event": "draft.kept", "member": None, "at": at.isoformat(), "fields": {"count": 3}, "rows": []},
        ),
        ("schema 1", {"body": oldest, "rows_hash": rows_hash}, said | {"rows": None}),
    ]
    changes = {
        "another schema": ('"schema":2', '"schema":3'),
        "rows in schema 1": ('"schema":2', '"schema":1'),
        "schema as a truth": ('"schema":2', '"schema":true'),
        "key missing": (',"member":"' + ANA_ID.hex + '"', ""),
        "key too many": ('"schema":2', '"schema":2,"z":1'),
        "not canonical": ('"schema":2', '"schema": 2'),
        "another version": (f'"{ROW.hex}",2', f'"{ROW.hex}",3'),
        "another table": ('"case",', '"person",'),
        "no version": (f'"{ROW.hex}",2', f'"{ROW.hex}",-1'),
        "id of a row in upper case": (f'["case","{ROW.hex}"', f'["case","{ROW.hex.upper()}"'),
        "content cut": (f'"{encoding.to_text(MARKS[0].digest)}"', f'"{encoding.to_text(bytes(31))}"'),
        "moment without offset": ("+00:00", ""),
        "moment with fractions": ("14:30:09+", "14:30:09.5+"),
        "field of another kind": (f'"case":"{ROW.hex}"', '"case":null'),
        "member of another kind": (f'"member":"{ANA_ID.hex}"', '"member":7'),
    }
    reject = [
        (name, given | {"body": newest.replace(*change)}, "Tampered") for name, change in changes.items()
    ]
    reject += tampered(given, rows_of_another_hash={"rows_hash": of_none})
    swapped = {"body": _reordered(newest), "rows_hash": rows_hash}
    return vectors(
        "The body of an audit entry.", accept, [*reject, ("rows in another order", swapped, "Tampered")]
    )


def _reordered(body: str) -> str:
    document = json.loads(body)
    document["rows"] = document["rows"][::-1]
    return documents.encode(document).decode()


MAKERS = {"audit_body": bodies}
