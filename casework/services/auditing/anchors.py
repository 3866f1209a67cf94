"""Anchors: each coordinator's sign-in checks what was added to the log since their last.

An anchor lies in the member's row under their own seed. A log that does not fit it keeps nobody out: they
are told, on every page, until it fits again or they take it as it is.
"""

from casework.domain.auditlog import LogAnchor
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound, Tampered, UnknownKey, VaultError
from casework.services.auditing.entries import Reader
from casework.services.auditing.findings import Fault
from casework.services.auditing.state import start_of_log
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.store import audit as store
from casework.store import members as members_store
from casework.store.head import Head, find_head
from casework.store.members import Member
from casework.vault import audit as vault_audit
from casework.vault import documents
from casework.vault.audit import AuditHead, AuditLink
from casework.vault.fields import MEMBER_ANCHOR

_CHUNK = 500


class LogBroken(Exception):
    """The log does not go on from where it was seen."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def find_anchor(context: Context) -> LogAnchor | None:
    """Return what the signed-in member has seen of the log, None where nothing yet.

    Raises Tampered, Invalid or UnknownKey where it does not open.
    """
    member = _get_member(context)
    if member.anchor_sealed is None:
        return None
    plain = context.secret.open_own(MEMBER_ANCHOR, member.id, member.anchor_version, member.anchor_sealed)
    return LogAnchor.from_document(documents.decode(plain))


def find_warning(context: Context) -> LogAnchor | None:
    """Return the anchor that the log did not fit at the last look, for coordinators; else None."""
    if not context.may(Permission.READ_AUDIT):
        return None
    try:
        anchor = find_anchor(context)
    except (VaultError, Invalid):
        return _lost(context)
    return anchor if anchor and anchor.fault else None


def look(context: Context) -> AuditHead | Fault | None:
    """Check what was added since the member's anchor, before the write lock is taken: it may be much.

    Returns how far that is, or what is wrong; None for who cannot read the log.
    """
    if not context.may(Permission.READ_AUDIT):
        return None
    try:
        anchor, end = find_anchor(context), find_head()
        return _extend(Reader(context.keyring), _begin(context, anchor, end), end)
    except LogBroken as broken:
        return broken.fault
    except (VaultError, Invalid):
        return Fault.ANCHOR_LOST


def move_anchor(context: Context, member: Member, looked: AuditHead | Fault | None, end: Head) -> None:
    """Let the member remember the log's end as it is under the lock, or that it is broken."""
    if looked is None:
        return
    try:
        if isinstance(looked, Fault):
            raise LogBroken(looked)
        head = _extend(Reader(context.keyring), looked, end)
    except LogBroken as broken:
        _write(context, member, _last_good(context).broken(broken.fault))
    else:
        _write(context, member, LogAnchor(head.sequence, head.hash, context.runtime.today()))


def accept_log(context: Context) -> None:
    """Take the log as it is and begin anew at its end, for who knows why it does not fit."""
    context.require(Permission.READ_AUDIT)
    with transaction(context, "audit.accepted") as opened:
        member, head = _get_member(context), opened.head
        _write(context, member, LogAnchor(head.audit_sequence, head.audit_hash, context.runtime.today()))
        opened.note(through=head.audit_sequence)


def _begin(context: Context, anchor: LogAnchor | None, end: Head) -> AuditHead:
    """Return where a look begins: at the anchor, or at the log's beginning where that is later."""
    start = start_of_log(context.keyring)
    if anchor and anchor.fault == Fault.ANCHOR_LOST:
        raise LogBroken(Fault.ANCHOR_LOST)
    if anchor is None or anchor.sequence < start.sequence:
        return start
    if anchor.sequence > end.audit_sequence:
        raise LogBroken(Fault.LOG_CUT)
    known = start.hash if anchor.sequence == start.sequence else store.find_entry_hash(anchor.sequence)
    if known != anchor.hash:
        raise LogBroken(Fault.LOG_REWRITTEN if known else Fault.ENTRY_MISSING)
    return AuditHead(anchor.sequence, anchor.hash, anchor.sequence)


def _extend(reader: Reader, head: AuditHead, end: Head) -> AuditHead:
    """Check every entry after this one to the log's end; a MAC whose key is not held proves nothing here."""
    while rows := store.list_entries_after(head.sequence, _CHUNK):
        for link in (AuditLink(*row) for row in rows):
            if link.sequence != head.sequence + 1:
                raise LogBroken(Fault.ENTRY_MISSING)
            if not vault_audit.follows(head.hash, link):
                raise LogBroken(Fault.ENTRY_CHANGED)
            try:
                vault_audit.check_mac(head.hash, link, reader.mac_keys)
            except UnknownKey:
                pass
            except Tampered:
                raise LogBroken(Fault.ENTRY_FORGED) from None
            head = AuditHead(link.sequence, link.hash)
    if (head.sequence, head.hash) != (end.audit_sequence, end.audit_hash):
        raise LogBroken(Fault.LOG_CUT)
    return head


def _last_good(context: Context) -> LogAnchor:
    try:
        anchor = find_anchor(context)
    except (VaultError, Invalid):
        anchor = _lost(context)
    return anchor or LogAnchor(0, bytes(32), context.runtime.today())


def _lost(context: Context) -> LogAnchor:
    return LogAnchor(0, bytes(32), context.runtime.today(), Fault.ANCHOR_LOST)


def _write(context: Context, member: Member, anchor: LogAnchor) -> None:
    member.version += 1
    member.anchor_version += 1
    plain = documents.encode(anchor.to_document())
    member.anchor_sealed = context.secret.seal_own(MEMBER_ANCHOR, member.id, member.anchor_version, plain)


def _get_member(context: Context) -> Member:
    member = members_store.find_member(context.member_id)
    if member is None:
        raise NotFound("member")
    return member
