"""§16: age files, and the backup and the ledger in them."""

import hashlib
import io
import re
import tarfile
from typing import Any

import pyrage

from tests.vault.reader.conventions import Document, from_base64url, from_hex_id, read_document
from tests.vault.reader.erasures import read_second
from tests.vault.reader.refusals import Tampered, UnknownKey, require
from tests.vault.reader.roster import Roster, read_roster
from tests.vault.reader.seals import Secret

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
NAMES = {"database.sqlite", "database.pgdump"}
MANIFEST = {"schema", "made_at", "organization", "revision", "generation", "roster", "audit", "files"}
ATTACHED = re.compile("[0-9a-f]{32}[.](original|cleaned|preview)")
LEDGER = {"schema", "made_at", "organization", "audit", "erased", "roster"}


def _checksum(values: list[int]) -> int:
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check


def bech32(prefix: str, data: bytes) -> str:
    """Return data in bech32 (BIP-173)."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[place : place + 5], 2) for place in range(0, len(bits), 5)]
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = _checksum(head + values + [0] * 6) ^ 1
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(ALPHABET[value] for value in values)


def recipient_of(public: bytes) -> str:
    """Return the age recipient of a recovery key."""
    return bech32("age", public[1 + 1184 : 1 + 1184 + 32])


def open_age(secret: Secret, sealed: bytes) -> bytes:
    """Return what an age file to a recovery key holds."""
    require(sealed.startswith(b"age-encryption.org/v1\n"), "no age file")
    identity = pyrage.x25519.Identity.from_str(bech32("age-secret-key-", secret.x25519).upper())
    require(str(identity.to_public()) == recipient_of(secret.public), "bech32")
    try:
        return bytes(pyrage.decrypt(sealed, [identity]))
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise UnknownKey("no recipient") from error
        raise Tampered("age") from error


def _stands(value: Any, name: str) -> None:
    require(isinstance(value, dict) and value.keys() == {name, "hash"}, name)
    require(type(value[name]) is int and value[name] > 0 and len(from_base64url(value["hash"])) == 32, name)


def _head(document: Document, keys: set[str], *schemas: int) -> Document:
    require(document.keys() == keys and type(document["schema"]) is int, "keys")
    require(document["schema"] in schemas, "schema")
    from_hex_id(document["organization"])
    _stands(document["audit"], "sequence")
    return document


def read_backup(secret: Secret, sealed: bytes) -> tuple[Document, bytes]:
    """Return a backup's manifest, and the database in it."""
    manifest, contents = read_archive(open_age(secret, sealed))
    return manifest, contents[manifest["files"][0]["name"]]


def read_archive(archive: bytes) -> tuple[Document, dict[str, bytes]]:
    """Return the manifest in a tar, and the files that it names."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
        members = tar.getmembers()
        contents = {}
        for member in members:
            taken = tar.extractfile(member) if member.isreg() and "/" not in member.name else None
            require(taken is not None and member.name not in contents, "not a plain file")
            assert taken is not None
            contents[member.name] = taken.read()
    require(bool(members) and members[0].name == "manifest.json", "manifest first")
    manifest = _head(read_document(contents["manifest.json"]), MANIFEST, 1, 2)
    _stands(manifest["roster"], "number")
    generation, listed = manifest["generation"], manifest["files"]
    require(type(generation) is int and generation >= 0 and isinstance(manifest["revision"], str), "numbers")
    require([one["name"] for one in listed] == list(contents)[1:], "files")
    require(bool(listed) and listed[0]["name"] in NAMES, "the database first")
    attached = [one["name"] for one in listed[1:]]
    require((manifest["schema"] == 2) == bool(attached) and attached == sorted(set(attached)), "schema")
    require(all(ATTACHED.fullmatch(name) for name in attached), "names of attachments")
    for one in listed:
        content = contents[one["name"]]
        require(one.keys() == {"name", "bytes", "sha256"} and one["bytes"] == len(content), "size")
        require(from_base64url(one["sha256"]) == hashlib.sha256(content).digest(), "hash")
    del contents["manifest.json"]
    return manifest, contents


def _read_erased(one: Any) -> bytes:
    """Return which case was erased; who signed for it is for `erasures` to say."""
    require(isinstance(one, dict) and one.keys() == {"case", "erased_at", "signature"}, "erased")
    from_base64url(one["signature"])
    read_second(one["erased_at"])
    return from_hex_id(one["case"])


def read_ledger(secret: Secret, sealed: bytes) -> tuple[Document, Roster]:
    """Return what a ledger says, and the roster in it, verified."""
    return read_ledger_document(open_age(secret, sealed))


def read_ledger_document(encoded: bytes) -> tuple[Document, Roster]:
    """Return the same of the document itself."""
    document = _head(read_document(encoded), LEDGER, 2)
    erased = [_read_erased(one) for one in document["erased"]]
    require(erased == sorted(set(erased)), "order")
    entries = [
        (entry["number"], from_base64url(entry["body"]), from_base64url(entry["signature"]))
        for entry in document["roster"]
        if entry.keys() == {"number", "body", "signature"}
    ]
    require(len(entries) == len(document["roster"]), "entries")
    return document, read_roster(entries)
