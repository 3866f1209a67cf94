"""Entries of the audit log, opened with one reader's keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from casework.errors import Invalid, UnknownKey, VaultError
from casework.services.auditing.state import start_of_log
from casework.store import audit as store
from casework.vault import audit as vault_audit
from casework.vault import auditbody
from casework.vault.audit import GENESIS, AuditHead, AuditLink
from casework.vault.auditbody import AuditBody
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring

__all__ = ["AuditBody", "Opened", "Reader", "find_first_since", "walk_back"]

_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry as far as it opens: `body` is None where it was changed, or its key is not held."""

    sequence: int
    body: AuditBody | None


class Reader:
    """The audit keys and MAC keys of every epoch that a coordinator holds, and where the log begins.

    Its repr shows none.
    """

    def __init__(self, keyring: Keyring, start: AuditHead | None = None) -> None:
        self.start = start or _find_start(keyring)
        held = dict(keyring.epoch_keys())
        self._secrets = {
            epoch: MemberSecret(key)
            for (compartment, epoch), key in held.items()
            if compartment is Compartment.AUDIT
        }
        self.mac_keys = {
            epoch: keyring.audit_mac_key(epoch).key
            for compartment, epoch in held
            if compartment is Compartment.SHARED
        }

    def open(self, previous_hash: bytes, link: AuditLink) -> AuditBody:
        """Return what an entry says; UnknownKey for an epoch that is not held, Tampered as its rows are."""
        secret = self._secrets.get(vault_audit.audit_epoch(link.sealed))
        if secret is None:
            raise UnknownKey("no audit key for an entry")
        return auditbody.decode(vault_audit.open_entry(secret, previous_hash, link), link.rows_hash)

    def try_open(self, previous_hash: bytes, link: AuditLink) -> Opened:
        """Return what an entry says, as far as it opens."""
        try:
            return Opened(link.sequence, self.open(previous_hash, link))
        except VaultError:
            return Opened(link.sequence, None)


def _find_start(keyring: Keyring) -> AuditHead:
    """Return what the oldest entry follows; where that was tampered with, what the first of all does.

    Then the missing ones are named, and so is the row that ought to say why.
    """
    try:
        return start_of_log(keyring)
    except (VaultError, Invalid):
        return GENESIS


def walk_back(reader: Reader, before: int, chunk: int = _CHUNK) -> Iterator[Opened]:
    """Yield the entries before this one, newest first."""
    while links := [AuditLink(*row) for row in store.list_entries_before(before, chunk + 1)]:
        for link, earlier in zip(links[:chunk], [*links[1:], None], strict=False):
            yield reader.try_open(earlier.hash if earlier else reader.start.hash, link)
        if len(links) <= chunk:
            return
        before = links[chunk - 1].sequence


def find_first_since(reader: Reader, moment: datetime, end: int) -> int:
    """Return the first entry, numbered below `end`, written at this moment or later; else `end`.

    By halving: clocks may have jumped by minutes, entries that do not open are passed over.
    """
    low, high = store.find_oldest_sequence() or end, end
    while low < high:
        middle = (low + high) // 2
        opened = next((one for one in walk_back(reader, middle + 1, chunk=1) if one.body), None)
        if opened is None or opened.body is None or opened.body.at < moment:
            low = middle + 1
        else:
            high = min(middle, opened.sequence)
    return low
