"""The audit log: which events there are, with exactly which fields, and how one is written."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from casework.store.audit import AuditEntry
from casework.store.database import db
from casework.store.head import Head, advance_audit
from casework.store.written import WrittenRow
from casework.vault import audit as vault_audit
from casework.vault import auditbody
from casework.vault.audit import AuditKey
from casework.vault.auditbody import AuditBody, RowMark
from casework.vault.fields import Compartment
from casework.vault.keyring import Keyring

# An event that is not here, or comes with other fields than these, is a programming error.
EVENTS: Mapping[str, frozenset[str]] = {
    "account.other_sessions_ended": frozenset(),
    "account.passphrase_changed": frozenset(),
    "account.profile_changed": frozenset(),
    "account.recovery_codes_made": frozenset(),
    "account.second_factor_removed": frozenset(),
    "account.second_factor_set": frozenset(),
    "account.session_ended": frozenset(),
    "access_request.added": frozenset({"request"}),
    "access_request.changed": frozenset({"request"}),
    "act.changed": frozenset({"case", "incident"}),
    "act.recorded": frozenset({"case", "incident"}),
    "act.removed": frozenset({"case", "incident"}),
    "act.restored": frozenset({"case", "incident"}),
    "attachment.added": frozenset({"case", "attachment"}),
    "attachment.changed": frozenset({"case", "attachment"}),
    "attachment.erased": frozenset({"case", "attachment"}),
    "attachment.original_taken": frozenset({"case", "attachment"}),
    "attachment.removed": frozenset({"case", "attachment"}),
    "attachment.restored": frozenset({"case", "attachment"}),
    "attachment.taken": frozenset({"case", "attachment"}),
    "attachment.viewed": frozenset({"case", "attachment"}),
    "audit.accepted": frozenset({"through"}),
    "audit.expired": frozenset({"hash", "through"}),
    "audit.held": frozenset(),
    "audit.read": frozenset(),
    "audit.released": frozenset(),
    "audit.verified": frozenset({"findings", "through"}),
    "backup.downloaded": frozenset({"backup"}),
    "backup.restored": frozenset({"cases"}),
    "backup.written": frozenset({"backup", "expired"}),
    "case.access_changed": frozenset({"case"}),
    "case.announced": frozenset({"case"}),
    "case.binned": frozenset({"case", "reason"}),
    "case.closed": frozenset({"case", "reason"}),
    "case.erased": frozenset({"case"}),
    "case.exported": frozenset({"case", "consents", "files", "follow_ups", "incidents", "people"}),
    "case.granted": frozenset({"case", "member"}),
    "case.handed_over": frozenset({"case", "to"}),
    "case.held": frozenset({"case"}),
    "case.opened_up": frozenset({"case"}),
    "case.read": frozenset({"case"}),
    "case.rekeyed": frozenset({"case"}),
    "case.released": frozenset({"case"}),
    "case.reopened": frozenset({"case"}),
    "case.restored": frozenset({"case"}),
    "case.restricted": frozenset({"case"}),
    "case.withdrawn": frozenset({"case", "member"}),
    "cases.binned": frozenset({"count"}),
    "cases.exported": frozenset({"count"}),
    "cases.handed_back": frozenset({"count"}),
    "cases.handed_over": frozenset({"count", "to"}),
    "cases.restored": frozenset({"count"}),
    "consents.set": frozenset({"cases", "people"}),
    "consents.taken_back": frozenset({"cases", "people"}),
    "database.verified": frozenset({"failures"}),
    "draft.discarded": frozenset({"draft"}),
    "draft.kept": frozenset({"draft"}),
    "erasures.overwritten": frozenset({"count"}),
    "follow_up.added": frozenset({"case", "follow_up"}),
    "follow_up.changed": frozenset({"case", "follow_up"}),
    "follow_up.deleted": frozenset({"case", "follow_up"}),
    "follow_up.done": frozenset({"case", "follow_up"}),
    "follow_up.reopened": frozenset({"case", "follow_up"}),
    "follow_up.restored": frozenset({"case", "follow_up"}),
    "follow_ups.purged": frozenset({"count"}),
    "import.begun": frozenset({"batch"}),
    "import.mapping_forgotten": frozenset({"mapping"}),
    "import.mapping_kept": frozenset({"mapping"}),
    "import.undoing": frozenset({"batch"}),
    "import.undone": frozenset({"batch", "count"}),
    "incident.changed": frozenset({"case", "incident"}),
    "incident.linked": frozenset({"case", "incident", "other"}),
    "incident.logged": frozenset({"case", "incident"}),
    "incident.told_apart": frozenset({"case", "incident", "other"}),
    "incident.undecided": frozenset({"case", "incident", "other"}),
    "incidents.exported": frozenset({"count"}),
    "incidents.imported": frozenset({"batch", "count"}),
    "incidents.tagged": frozenset({"pattern", "incidents"}),
    "invitation.withdrawn": frozenset({"invitation"}),
    "keys.rewrapped": frozenset({"count"}),
    "member.admitted": frozenset({"member"}),
    "member.invited": frozenset({"invitation"}),
    "member.joined": frozenset({"member"}),
    "member.sessions_ended": frozenset({"member"}),
    "member.renewed": frozenset({"member"}),
    "member.revoked": frozenset({"member", "cases"}),
    "member.signed_in": frozenset(),
    "official_count.added": frozenset({"figure"}),
    "official_count.changed": frozenset({"figure"}),
    "official_count.restored": frozenset({"figure"}),
    "official_count.retired": frozenset({"figure"}),
    "official_counts.imported": frozenset({"batch", "count"}),
    "official_counts.undone": frozenset({"batch", "count"}),
    "organization.founded": frozenset({"organization"}),
    "organization.recovered": frozenset({"member"}),
    "organization.sealed": frozenset(),
    "own_term.added": frozenset({"term"}),
    "own_term.renamed": frozenset({"term"}),
    "own_term.restored": frozenset({"term"}),
    "own_term.retired": frozenset({"term"}),
    "own_term.merged": frozenset({"term", "into"}),
    "pattern.changed": frozenset({"pattern"}),
    "pattern.defined": frozenset({"pattern"}),
    "pattern.merged": frozenset({"pattern", "into"}),
    "people.purged": frozenset({"count"}),
    "person.changed": frozenset({"case", "person"}),
    "person.linked": frozenset({"case", "person", "other"}),
    "person.merged": frozenset({"case", "person", "other"}),
    "person.told_apart": frozenset({"case", "person", "other"}),
    "person.undecided": frozenset({"case", "person", "other"}),
    "person.unmerged": frozenset({"case", "person"}),
    "proposal.confirmed": frozenset({"case", "incident", "pattern"}),
    "proposal.rejected": frozenset({"case", "incident", "pattern"}),
    "proposal.taken_back": frozenset({"case", "incident", "pattern"}),
    "question.asked": frozenset({"answer", "period", "table"}),
    "policy.added": frozenset({"policy"}),
    "policy.changed": frozenset({"policy"}),
    "policy.restored": frozenset({"policy"}),
    "policy.retired": frozenset({"policy"}),
    "records.exported": frozenset({"cases", "files", "incidents", "people", "plain"}),
    "release.approved": frozenset({"number", "release"}),
    "release.changed": frozenset({"release"}),
    "release.discarded": frozenset({"release"}),
    "release.downloaded": frozenset({"number", "release"}),
    "release.drafted": frozenset({"release"}),
    "release.ledger_accepted": frozenset({"number"}),
    "release.previewed": frozenset({"release"}),
    "release.pulled_back": frozenset({"release"}),
    "release.returned": frozenset({"release"}),
    "release.submitted": frozenset({"release"}),
    "release.withdrawn": frozenset({"release"}),
    "recovery.brought_over": frozenset({"cases", "drafts"}),
    "recovery.case_sealed": frozenset({"case"}),
    "recovery.drilled": frozenset(),
    "recovery.renewed": frozenset(),
    "recovery.sealed": frozenset({"count"}),
    "retention.changed": frozenset(),
    "signal.dismissed": frozenset({"signal"}),
    "signal.restored": frozenset({"signal"}),
    "story.approved": frozenset({"case", "number", "story"}),
    "story.changed": frozenset({"case", "story"}),
    "story.discarded": frozenset({"case", "story"}),
    "story.downloaded": frozenset({"number", "story"}),
    "story.drafted": frozenset({"case", "story"}),
    "story.pulled_back": frozenset({"case", "story"}),
    "story.returned": frozenset({"case", "story"}),
    "story.submitted": frozenset({"case", "story"}),
    "story.withdrawn": frozenset({"number", "story"}),
    "view.kept": frozenset({"view"}),
    "view.removed": frozenset({"view"}),
    "view.restored": frozenset({"view"}),
}

# What is written without keys, and to which tables. An entry that nobody's key authenticates could come from
# whoever reaches the database, so it explains no other row.
KEYLESS: Mapping[str, frozenset[str]] = {
    "backup.written": frozenset({"backup"}),
    "draft.kept": frozenset({"draft"}),
    "member.joined": frozenset({"invitation", "member"}),
}


def check_fields(event: str, fields: Mapping[str, object]) -> None:
    """Raise ValueError when the event does not come with exactly the fields it declares."""
    if EVENTS[event] != fields.keys():
        raise ValueError(f"audit event {event} declares {sorted(EVENTS[event])}, not {sorted(fields)}")


def check_keyless(event: str, rows: Iterable[RowMark]) -> None:
    """Raise ValueError when an event without keys writes what only members write."""
    beyond = {row.table for row in rows} - KEYLESS.get(event, frozenset())
    if event not in KEYLESS or beyond:
        raise ValueError(f"audit event {event} cannot write to {sorted(beyond)} without keys")


def write_entry(
    head: Head,
    audit_key: AuditKey,
    keyring: Keyring | None,
    rows: Iterable[WrittenRow],
    event: str,
    member_id: UUID | None,
    at: datetime,
    fields: Mapping[str, str | int],
) -> None:
    """Append one entry at the chain's end; only under the write lock.

    Without a keyring that holds `shared` the entry carries no MAC and is covered by the next that does.
    """
    written = tuple(RowMark(*row) for row in rows)
    vouches = keyring is not None and keyring.holds(Compartment.SHARED)
    if not vouches:
        check_keyless(event, written)
    body = auditbody.encode(AuditBody(event, member_id, at, fields, written))
    mac_key = keyring.audit_mac_key() if keyring is not None and vouches else None
    rows_hash = vault_audit.hash_rows(written)
    sequence = head.audit_sequence + 1
    entry = vault_audit.seal_entry(audit_key, mac_key, sequence, head.audit_hash, body, rows_hash)
    db.session.add(
        AuditEntry(
            sequence=sequence, entry_sealed=entry.sealed, rows_hash=rows_hash, mac=entry.mac, hash=entry.hash
        )
    )
    advance_audit(sequence, entry.hash)
