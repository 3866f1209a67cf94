"""The audit log's entries: sealed to the audit key, authenticated, chained.

    version u8 = 1 | algorithm u8 = 1 | audit epoch u32 | HPKE seal of the padded body

Whoever deletes, reorders or changes an entry breaks the chain after it. An entry that nobody's key
authenticates (written before sign-in, say) is vouched for by the next one that a member wrote.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from casework.errors import Tampered, UnknownKey
from casework.vault import envelope, labels
from casework.vault.fields import AUDIT_ENTRY
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.labels import HASH_BYTES, Label, u32, u64
from casework.vault.padding import pad, unpad

GENESIS_HASH = bytes(HASH_BYTES)
"""What the first entry names as the hash before it."""

MAC_BYTES = 36


class MacKey(NamedTuple):
    """The key under which members authenticate entries, and the epoch of `shared` that it derives from."""

    epoch: int
    key: bytes

    def __repr__(self) -> str:
        """Show the epoch only."""
        return f"MacKey({self.epoch})"


class AuditKey(NamedTuple):
    """The public half of the audit key pair, and its epoch."""

    epoch: int
    public: MemberPublic


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """What is stored of a new entry, beside its sequence and the hash of the rows it wrote."""

    sealed: bytes
    mac: bytes | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class AuditLink:
    """An entry as it is stored; nothing of it is trusted before it was checked."""

    sequence: int
    sealed: bytes
    mac: bytes | None
    rows_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class AuditHead:
    """How far a chain was checked, and up to which entry a member's key vouches for it."""

    sequence: int = 0
    hash: bytes = GENESIS_HASH
    vouched_sequence: int = 0


GENESIS = AuditHead()


def hash_rows(rows: Iterable[tuple[str, UUID, int, bytes]]) -> bytes:
    """Hash the rows that an entry wrote: name of the column, row id, version, sealed bytes, in any order.

    A deleted row is named with empty bytes.
    """
    framed = sorted((name.encode(), row.bytes, u64(version), sealed) for name, row, version, sealed in rows)
    return labels.digest(Label.AUDIT_ROWS, *(part for row in framed for part in row))


def entry_hash(
    sequence: int, previous_hash: bytes, sealed: bytes, mac: bytes | None, rows_hash: bytes
) -> bytes:
    """Return the hash that stands in the chain for this entry."""
    return labels.digest(Label.AUDIT_HASH, u64(sequence), previous_hash, sealed, mac or b"", rows_hash)


def _mac(mac_key: MacKey, sequence: int, previous_hash: bytes, sealed: bytes, rows_hash: bytes) -> bytes:
    epoch = u32(mac_key.epoch)
    parts = (epoch, u64(sequence), previous_hash, sealed, rows_hash)
    return epoch + labels.authenticate(mac_key.key, Label.AUDIT_MAC, *parts)


def _info(header: bytes, sequence: int, previous_hash: bytes, rows_hash: bytes) -> bytes:
    return labels.frame(Label.AUDIT_ENTRY, header, u64(sequence), previous_hash, rows_hash)


def seal_entry(
    audit_key: AuditKey,
    mac_key: MacKey | None,
    sequence: int,
    previous_hash: bytes,
    body: bytes,
    rows_hash: bytes,
) -> SealedEntry:
    """Seal the entry after the one with `previous_hash`; the first, number 1, comes after GENESIS_HASH."""
    header = envelope.header(audit_key.epoch)
    info = _info(header, sequence, previous_hash, rows_hash)
    sealed = header + audit_key.public.seal(info, pad(AUDIT_ENTRY.padding, body))
    mac = None if mac_key is None else _mac(mac_key, sequence, previous_hash, sealed, rows_hash)
    return SealedEntry(sealed, mac, entry_hash(sequence, previous_hash, sealed, mac, rows_hash))


def audit_epoch(sealed: bytes) -> int:
    """Return the epoch of the audit key that an entry is sealed to; Tampered if malformed."""
    return envelope.read_epoch(sealed)


def open_entry(audit_secret: MemberSecret, previous_hash: bytes, link: AuditLink) -> bytes:
    """Return the body of an entry; Tampered unless it was sealed in this place of this chain."""
    audit_epoch(link.sealed)
    header, sealed = link.sealed[: envelope.HEADER_BYTES], link.sealed[envelope.HEADER_BYTES :]
    try:
        info = _info(header, link.sequence, previous_hash, link.rows_hash)
    except OverflowError:
        raise Tampered("no such sequence") from None
    return unpad(AUDIT_ENTRY.padding, audit_secret.unseal(info, sealed))


def check_rows(link: AuditLink, rows: Iterable[tuple[str, UUID, int, bytes]]) -> None:
    """Return if the rows are those that the entry wrote; else Tampered."""
    if hash_rows(rows) != link.rows_hash:
        raise Tampered(f"audit entry {link.sequence} wrote other rows")


def follows(previous_hash: bytes, link: AuditLink) -> bool:
    """Return whether an entry's hash is the one that it has after the entry with `previous_hash`."""
    return entry_hash(link.sequence, previous_hash, link.sealed, link.mac, link.rows_hash) == link.hash


def check_mac(previous_hash: bytes, link: AuditLink, mac_keys: Mapping[int, bytes]) -> bool:
    """Return whether a member's key vouches for an entry in this place; False where it carries no MAC.

    Tampered when it carries one that no member made, UnknownKey as `check_link`.
    """
    if link.mac is None:
        return False
    if len(link.mac) != MAC_BYTES:
        raise Tampered(f"audit entry {link.sequence} has a malformed MAC")
    epoch = int.from_bytes(link.mac[:4], "big")
    if epoch not in mac_keys:
        raise UnknownKey(f"no key for the MAC of audit entry {link.sequence}")
    expected = _mac(MacKey(epoch, mac_keys[epoch]), link.sequence, previous_hash, link.sealed, link.rows_hash)
    if not hmac.compare_digest(expected, link.mac):
        raise Tampered(f"audit entry {link.sequence} was written by no member")
    return True


def check_link(head: AuditHead, link: AuditLink, mac_keys: Mapping[int, bytes]) -> AuditHead:
    """Return the head after one more entry; Tampered unless it follows and its MAC fits.

    `mac_keys` are the audit MAC keys of every epoch of `shared` that the caller holds; UnknownKey when an
    entry names another.
    """
    if link.sequence != head.sequence + 1:
        raise Tampered(f"audit entry {head.sequence + 1} is missing or out of order")
    if not follows(head.hash, link):
        raise Tampered(f"audit entry {link.sequence} does not follow the one before it")
    vouched = check_mac(head.hash, link, mac_keys)
    return AuditHead(link.sequence, link.hash, link.sequence if vouched else head.vouched_sequence)


def verify_chain(
    links: Iterable[AuditLink],
    mac_keys: Mapping[int, bytes],
    start: AuditHead = GENESIS,
    anchor: tuple[int, bytes] | None = None,
) -> AuditHead:
    """Check every entry after `start` and return the new head.

    An anchor (sequence, hash), kept from an earlier look, must be reached and have that hash: so that a
    log cut short or written anew is found. Raises as `check_link` does.
    """
    head = start
    anchored = anchor is None or anchor == (start.sequence, start.hash)
    for link in links:
        head = check_link(head, link, mac_keys)
        anchored = anchored or anchor == (head.sequence, head.hash)
    if not anchored:
        raise Tampered("the audit log is older than, or not, the one that was seen before")
    return head
