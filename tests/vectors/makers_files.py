"""Vectors of the files that leave the machine."""

import hashlib
import io
import tarfile
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from casework.vault import backup, documents, encoding
from casework.vault.erasure import Way, sign_erasure
from tests.vectors.makers_lists import BOTH, FIRST, SECOND
from tests.vectors.material import ANA, ANA_ID, BEN, OTHER_ROW, ROW, Case, Kept, flip, tampered, vectors

TEXT = b"what a file holds"
DATABASE = "database.sqlite"
AUDIT_END: dict[str, Any] = {"sequence": 3, "hash": encoding.to_text(bytes([9]) * 32)}
MADE: dict[str, Any] = {
    "schema": 1,
    "made_at": "2026-11-25T12:00:00+00:00",
    "organization": ROW.hex,
    "audit": AUDIT_END,
}
MANIFEST: dict[str, Any] = MADE | {
    "revision": "0001",
    "generation": 5,
    "roster": {"number": BOTH.number, "hash": encoding.to_text(BOTH.hash)},
    "files": [
        {"name": DATABASE, "bytes": len(TEXT), "sha256": encoding.to_text(hashlib.sha256(TEXT).digest())}
    ],
}
SIGNED = sign_erasure(ANA, ANA_ID, BOTH.pin, ROW, datetime(2026, 11, 25, 11, tzinfo=UTC), Way.HAND)
ERASED: list[dict[str, Any]] = [
    {"case": "0" * 32, "erased_at": "2026-11-25T10:00:00+00:00", "signature": ""},
    {"case": ROW.hex, "erased_at": "2026-11-25T11:00:00+00:00", "signature": encoding.to_text(SIGNED)},
]
LEDGER: dict[str, Any] = MADE | {
    "schema": 2,
    "erased": ERASED,
    "roster": [
        {
            "number": entry["number"],
            "body": encoding.to_text(entry["body"].encode()),
            "signature": encoding.to_text(bytes.fromhex(entry["signature"])),
        }
        for entry in (FIRST, SECOND)
    ],
}


def backups(kept: Kept) -> Any:
    """Age files to a key."""
    short = kept.value("one chunk", "sealed", backup.seal_bytes(ANA.public, TEXT).hex())
    given = {"seed": ANA.seed.hex(), "sealed": short}
    end = short.index(b"\n--- ".hex()) + 2 * (5 + 43 + 1)  # of the header, behind its MAC
    reject = tampered(
        given,
        another_version={"sealed": short.replace(b"/v1\n".hex(), b"/v2\n".hex(), 1)},
        header_changed={"sealed": flip(short, end // 2 - 20)},
        nonce_changed={"sealed": flip(short, end // 2 + 2)},
        chunk_changed={"sealed": flip(short, end // 2 + 20)},
        tag_changed={"sealed": flip(short, -1)},
        truncated={"sealed": short[:-2]},
        trailing_byte={"sealed": short + "00"},
        armoured={"sealed": b"-----BEGIN AGE ENCRYPTED FILE-----\n".hex() + short},
        empty={"sealed": ""},
    )
    reject.append(("another key", given | {"seed": BEN.seed.hex()}, "UnknownKey"))
    accept = [("one chunk", given, TEXT.hex())]
    return vectors("An age file to the X25519 half of a public key, and what it holds.", accept, reject)


def _tar(files: list[tuple[str, bytes]]) -> dict[str, str]:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return {"archive": target.getvalue().rstrip(b"\0").hex() + "00" * 2048}


def _attached(row: UUID, copy: str) -> tuple[str, bytes]:
    return f"{row.hex}.{copy}", f"what is sealed of {copy}".encode()


def _with_files(schema: int, *attached: tuple[str, bytes]) -> list[tuple[str, bytes]]:
    """Return the files of a tar whose manifest names these besides the database."""
    files = [
        {"name": name, "bytes": len(content), "sha256": encoding.to_text(hashlib.sha256(content).digest())}
        for name, content in ((DATABASE, TEXT), *attached)
    ]
    document = documents.encode(MANIFEST | {"schema": schema, "files": files})
    return [("manifest.json", document), (DATABASE, TEXT), *attached]


def archives(_kept: Kept) -> Any:
    """The tar in a backup."""
    manifest, database = ("manifest.json", documents.encode(MANIFEST)), (DATABASE, TEXT)
    result = {"roster": BOTH.number, "audit": 3, "files": {DATABASE: TEXT.hex()}}
    changed = {
        "another name": [manifest, ("database.pgdump", TEXT)],
        "another size": [manifest, (DATABASE, TEXT + b".")],
        "another content": [manifest, (DATABASE, TEXT[::-1])],
        "no database": [manifest],
        "one file more": [manifest, database, ("more", TEXT)],
        "the database first": [database, manifest],
        "no manifest": [database],
    }
    manifests = {
        "another schema": MANIFEST | {"schema": 2},
        "true for a number": MANIFEST | {"schema": True},
        "a key too many": MANIFEST | {"more": 1},
        "a hash cut": MANIFEST | {"audit": AUDIT_END | {"hash": "AA"}},
        "a text for a number": MANIFEST | {"generation": "5"},
        "a number below zero": MANIFEST | {"generation": -1},
    }
    changed |= {
        name: [(manifest[0], documents.encode(document)), database] for name, document in manifests.items()
    }
    reject: list[Case] = [(name, _tar(files), "Tampered") for name, files in changed.items()]
    accept: list[Case] = [("one database", _tar([manifest, database]), result)]
    attached = [_attached(ROW, "cleaned"), _attached(ROW, "original"), _attached(OTHER_ROW, "original")]
    whole = _with_files(2, *attached)
    held = {DATABASE: TEXT.hex()} | {name: content.hex() for name, content in attached}
    accept.append(("a database and the files of cases", _tar(whole), result | {"files": held}))
    spoilt = {
        "files of cases in schema 1": _with_files(1, *attached),
        "schema 2 without files of cases": _with_files(2),
        "files of cases out of order": _with_files(2, *attached[::-1]),
        "a file of a case twice": _with_files(2, attached[0], attached[0]),
        "a copy that there is not": _with_files(2, _attached(ROW, "another")),
        "a file of a case that is missing": whole[:-1],
        "a file of a case that the manifest does not name": [*whole, _attached(OTHER_ROW, "preview")],
    }
    reject += [(name, _tar(files), "Tampered") for name, files in spoilt.items()]
    return vectors("The tar in a backup, and what it holds.", accept, reject)


def ledgers(_kept: Kept) -> Any:
    """The document in a ledger file."""
    first, second = LEDGER["roster"]
    wrong: dict[str, dict[str, Any]] = {
        "another schema": {"schema": 3},
        "the first schema": {"schema": 1, "erased": ["0" * 32, ROW.hex]},
        "true for a number": {"schema": True},
        "a key too many": {"more": 1},
        "out of order": {"erased": ERASED[::-1]},
        "erased twice": {"erased": [ERASED[1], ERASED[1]]},
        "an id with dashes": {"erased": [ERASED[1] | {"case": str(ROW)}]},
        "an erasure without a signature": {
            "erased": [{"case": ROW.hex, "erased_at": ERASED[1]["erased_at"]}]
        },
        "an erasure with a key too many": {"erased": [ERASED[1] | {"more": 1}]},
        "an erasure without a time zone": {"erased": [ERASED[1] | {"erased_at": "2026-11-25T11:00:00"}]},
        "an erasure in a part of a second": {
            "erased": [ERASED[1] | {"erased_at": "2026-11-25T11:00:00.500000+00:00"}]
        },
        "a roster without its founding": {"roster": [second]},
        "no roster": {"roster": []},
        "an entry's number changed": {"roster": [first, second | {"number": 3}]},
        "an entry's signature changed": {"roster": [first, second | {"signature": first["signature"]}]},
        "no end of the log": {"audit": {"sequence": 3}},
    }
    reject: list[Case] = [
        (name, {"document": documents.encode(LEDGER | changed).hex()}, "Tampered")
        for name, changed in wrong.items()
    ]
    given = {"document": documents.encode(LEDGER).hex()}
    result = {"erased": [one["case"] for one in ERASED], "pin": BOTH.pin.encode().hex(), "audit": 3}
    return vectors("The document in a ledger file, and what it says.", [("a ledger", given, result)], reject)


MAKERS = {"archive": archives, "backup": backups, "ledger": ledgers}
