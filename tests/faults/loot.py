"""What a copy of the files gives to who holds some passphrases or seeds: no session, no running casework."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from uuid import UUID

from casework.errors import VaultError
from casework.vault import roster
from casework.vault.compartments import RECOVERY_ID, open_epoch_key
from casework.vault.fields import FOLLOW_UP_NARRATIVE, INCIDENT_NARRATIVE, PERSON_IDENTITY, Compartment, Field
from casework.vault.hostkey import derive_host_key
from casework.vault.identity import MemberSecret
from casework.vault.keyring import CaseKey, Keyring
from casework.vault.passphrase import open_seed
from casework.vault.restricted import open_wrapped_key
from casework.vault.rosterentry import Entry

Secrets = Mapping[UUID, MemberSecret]
_TEXTS = (
    ("person", "identity", PERSON_IDENTITY),
    ("incident", "narrative", INCIDENT_NARRATIVE),
    ("follow_up", "narrative", FOLLOW_UP_NARRATIVE),
)


def find_seeds(folder: Path, passphrases: Iterable[str]) -> Secrets:
    """Return the seeds that these passphrases open, with the host key that lies in the folder."""
    host_key = derive_host_key(*((folder / half).read_bytes() for half in ("host.key", "host.part")))
    found = {}
    for passphrase in passphrases:
        for row in _read(folder, "SELECT id, seed_sealed, seed_version FROM member"):
            member_id = UUID(row["id"])
            try:
                sealed, version = row["seed_sealed"], row["seed_version"]
                found[member_id] = open_seed(passphrase, member_id, host_key, sealed, version=version)
            except VaultError:
                continue
    return found


def open_texts(folder: Path, secrets: Secrets, lent: Iterable[CaseKey] = ()) -> dict[UUID, bytes]:
    """Return every identity and narrative that opens, by record; `lent` are case keys from elsewhere."""
    opened: dict[UUID, bytes] = {}
    keys = [*find_case_keys(folder, secrets), *lent]
    for table, name, field in _TEXTS:
        query = f"SELECT id, case_id, {name}_version AS version, {name}_sealed AS sealed FROM {table}"  # noqa: S608
        for row in _read(folder, query):
            opened |= {UUID(row["id"]): plain for plain in _try(keys, field, row)}
    return opened


def find_case_keys(folder: Path, secrets: Secrets) -> list[CaseKey]:
    """Return every key of a case that opens: wrapped under a compartment, or sealed to who is named."""
    keyring, keys = _find_keyring(folder, secrets), list[CaseKey]()
    for row in _read(folder, "SELECT *, NULL AS recipient_id FROM case_key"):
        keys += _open_key(keyring, row, row["key_sealed"])
    for row in _read(folder, "SELECT * FROM case_key_seal"):
        place = UUID(row["case_id"]), Compartment(row["compartment"]), row["generation"]
        for recipient, secret in secrets.items():
            try:
                wrapped = open_wrapped_key(secret, recipient, *place, row["key_sealed"])
            except VaultError:
                continue
            keys += _open_key(keyring, row, wrapped)
    return keys


def _find_keyring(folder: Path, secrets: Secrets) -> Keyring:
    entries = _read(folder, "SELECT number, body, signature FROM roster_entry ORDER BY number")
    commitments = roster.verify([Entry(*entry) for entry in entries]).commitments
    seals = _read(folder, "SELECT member_id, compartment, epoch, key_sealed FROM epoch_seal")
    seals += _read(folder, "SELECT '' AS member_id, compartment, epoch, key_sealed FROM recovery_seal")
    keys = {}
    for row in seals:
        recipient = UUID(row["member_id"]) if row["member_id"] else RECOVERY_ID
        place = Compartment(row["compartment"]), row["epoch"]
        if recipient in secrets:
            sealed = row["key_sealed"]
            keys[place] = open_epoch_key(secrets[recipient], recipient, *place, sealed, commitments[place])
    return Keyring(keys, {compartment: epoch for compartment, epoch in sorted(keys)})


def _open_key(keyring: Keyring, row: sqlite3.Row, wrapped: bytes) -> Iterator[CaseKey]:
    place = UUID(row["case_id"]), Compartment(row["compartment"]), row["generation"]
    try:
        yield keyring.open_case_key(*place, wrapped)
    except VaultError:
        return


def _try(keys: Iterable[CaseKey], field: Field, row: sqlite3.Row) -> Iterator[bytes]:
    for key in keys:
        if key.case_id == UUID(row["case_id"]) and key.compartment is field.compartment:
            try:
                yield key.open(field, UUID(row["id"]), row["version"], row["sealed"])
            except VaultError:
                continue


def _read(folder: Path, query: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(folder / "casework.sqlite")) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(query).fetchall()
