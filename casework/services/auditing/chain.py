"""The chain of the audit log, checked entry by entry without stopping at a fault."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from casework.errors import Tampered, UnknownKey
from casework.services.audit import check_keyless
from casework.services.auditing.entries import AuditBody, Reader
from casework.services.auditing.findings import Fault, Findings
from casework.vault import audit as vault_audit
from casework.vault.audit import AuditHead, AuditLink
from casework.vault.auditbody import RowMark

Place = tuple[str, UUID]
"""Table and id of a row."""
_DROPPED = frozenset({"statistics_export"})
"""Tables that a migration took away, with all their rows."""


@dataclass
class Recorded:
    """What the log says of rows: how its newest entry left each, and how older ones had."""

    newest: dict[Place, tuple[RowMark, int]] = field(default_factory=dict)
    older: dict[tuple[Place, bytes], int] = field(default_factory=dict)

    def record(self, rows: Sequence[RowMark], sequence: int) -> None:
        """Take in what an entry wrote."""
        for row in (one for one in rows if one.table not in _DROPPED):
            place = row.table, row.id
            before = self.newest.get(place)
            if before:
                self.older[place, before[0].digest] = before[1]
            self.newest[place] = row, sequence


class Chain:
    """Takes entries in order. An entry that cannot be trusted says nothing of rows.

    `unlisted` counts entries of the first schema, which did not list their rows, `unread` those whose key the
    reader does not hold; `vouched` is the newest that a member's key authenticates.
    """

    def __init__(self, reader: Reader, start: AuditHead, findings: Findings) -> None:
        self.findings = findings
        self.recorded = Recorded()
        self.sequence, self.hash, self.vouched = start.sequence, start.hash, start.vouched_sequence
        self.unlisted = self.unread = 0
        self._reader = reader
        # An altered entry leaves two: the hash that stands there, and the one that it ought to have.
        self._previous: tuple[bytes, ...] = (start.hash,)

    def take(self, link: AuditLink) -> AuditBody | None:
        """Check one more entry; returns what it says where it can be trusted."""
        if link.sequence != self.sequence + 1:
            self.findings.add_entry(Fault.ENTRY_MISSING, self.sequence + 1, link.sequence - 1)
            self._previous = ()
        fitting = next((hash_ for hash_ in self._previous if vault_audit.follows(hash_, link)), None)
        body = self._open(link, fitting)
        made = [self._hash(hash_, link) for hash_ in self._previous]
        self._previous = (link.hash,) if fitting is not None else tuple({link.hash, *made})
        self.sequence, self.hash = link.sequence, link.hash
        if body is None:
            return None
        if body.rows is None:
            self.unlisted += 1
        else:
            self.recorded.record(body.rows, link.sequence)
        return body

    @staticmethod
    def _hash(previous: bytes, link: AuditLink) -> bytes:
        return vault_audit.entry_hash(link.sequence, previous, link.sealed, link.mac, link.rows_hash)

    def _open(self, link: AuditLink, fitting: bytes | None) -> AuditBody | None:
        if fitting is None and not self._previous:
            self.findings.add_entry(Fault.ENTRY_UNPROVEN, link.sequence)
            return None
        if fitting is None:
            self.findings.add_entry(Fault.ENTRY_CHANGED, link.sequence)
        for previous in self._previous if fitting is None else (fitting,):
            try:
                vouched = vault_audit.check_mac(previous, link, self._reader.mac_keys)
                if fitting is None and not vouched:
                    continue
                body = self._reader.open(previous, link)
                if not vouched:
                    check_keyless(body.event, body.rows or ())
            except UnknownKey:
                self.unread += 1
                return None
            except (Tampered, ValueError):
                continue
            self.vouched = link.sequence if vouched else self.vouched
            return body
        if fitting is not None:
            self.findings.add_entry(Fault.ENTRY_FORGED, link.sequence)
        return None
