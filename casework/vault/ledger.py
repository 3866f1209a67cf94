"""The chain of the ledger of releases: each entry's hash covers the one before it."""

from uuid import UUID

from casework.vault import labels
from casework.vault.labels import HASH_BYTES, Label, u64

GENESIS_HASH = bytes(HASH_BYTES)
"""What stands before the first entry."""


def entry_hash(previous_hash: bytes, number: int, release_id: UUID, sealed: bytes) -> bytes:
    """Return the hash of an entry; numbers begin at 1."""
    return labels.digest(Label.LEDGER_HASH, previous_hash, u64(number), release_id.bytes, sealed)


def release_checksum(content: bytes) -> str:
    """Return the checksum by which anybody can tell a release is the one: 64 hex digits."""
    return labels.digest(Label.RELEASE_CHECKSUM, content).hex()
