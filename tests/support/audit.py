"""The audit log, verified and opened as a coordinator may."""

from collections.abc import Sequence
from typing import Any

from casework.services.auditing.state import start_of_log
from casework.services.context import Context
from casework.store.audit import AuditEntry, list_audit_entries
from casework.vault import audit, documents
from casework.vault.audit import AuditLink
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret


def links(rows: Sequence[AuditEntry] | None = None) -> list[AuditLink]:
    """Return the entries as they are stored."""
    return [
        AuditLink(row.sequence, row.entry_sealed, row.mac, row.rows_hash, row.hash)
        for row in (list_audit_entries() if rows is None else rows)
    ]


def open_log(coordinator: Context) -> list[dict[str, Any]]:
    """Check the chain from where it begins and return every entry's document; Tampered at the first fault."""
    chain, keys = links(), dict(coordinator.keyring.epoch_keys())
    epochs = [epoch for compartment, epoch in keys if compartment is Compartment.SHARED]
    mac_keys = {epoch: coordinator.keyring.audit_mac_key(epoch).key for epoch in epochs}
    start = start_of_log(coordinator.keyring)
    audit.verify_chain(chain, mac_keys, start)
    previous, opened = start.hash, []
    for link in chain:
        secret = MemberSecret(keys[Compartment.AUDIT, audit.audit_epoch(link.sealed)])
        opened.append(documents.decode(audit.open_entry(secret, previous, link)))
        previous = link.hash
    return opened
