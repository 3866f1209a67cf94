"""Verifying: the whole chain, and every row of the database against the newest entry that wrote it."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from casework.domain.permissions import Permission
from casework.errors import Conflict, VaultError
from casework.services.auditing.chain import Chain
from casework.services.auditing.entries import Reader
from casework.services.auditing.findings import Fault, Finding, Findings
from casework.services.auditing.rows import RowCheck
from casework.services.context import Context, build_context
from casework.services.transactions import transaction
from casework.store import audit as store
from casework.store.head import find_head
from casework.store.snapshot import count_rows, iterate_rows, snapshot
from casework.vault.audit import AuditHead, AuditLink

Anchor = tuple[int, bytes]
"""Sequence and hash of an entry, kept from an earlier look."""

Advance = Callable[[int, int], None]
"""Called with how much is done, and how much there is: entries and rows together."""

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, and what was found.

    Entries from `first` to `last`, which has `hash`; a member's key vouches for all up to `vouched`.
    `older_rows` were last written before the log begins to list rows, and are not covered; nor is what
    `unread` entries wrote, whose key the reader does not hold. `anchored` is the newest noted entry that the
    log was held against, 0 without one.
    """

    first: int
    last: int
    vouched: int
    rows: int
    older_rows: int
    unread: int
    anchored: int
    hash: bytes
    findings: tuple[Finding, ...]


def verify_log(context: Context, anchors: Iterable[Anchor] = (), advance: Advance | None = None) -> Report:
    """Check everything as it stands at one moment; an entry says what came of it. Raises Forbidden."""
    report = check_log(context, anchors, advance)
    try:
        _note(context, report)
    except Conflict:
        # The roster grew meanwhile. Where it was tampered with, the report is worth more than its entry.
        with suppress(VaultError):
            _note(build_context(context.runtime, context.member_id, context.secret), report)
    return report


def check_log(context: Context, anchors: Iterable[Anchor] = (), advance: Advance | None = None) -> Report:
    """Check the same and write nothing. Raises Forbidden."""
    context.require(Permission.READ_AUDIT)
    with snapshot():
        return _verify(Reader(context.keyring), dict(anchors), advance or _ignore)


def _note(context: Context, report: Report) -> None:
    with transaction(context, "audit.verified") as opened:
        opened.note(through=report.last, findings=len(report.findings))


def _ignore(_done: int, _total: int) -> None:
    pass


def _verify(reader: Reader, anchors: Mapping[int, bytes], advance: Advance) -> Report:
    start, end, findings = reader.start, find_head(), Findings()
    entries, rows = end.audit_sequence - start.sequence, count_rows()
    chain, total = Chain(reader, start, findings), entries + rows
    is_explained, reached = _check_chain(chain, start, anchors, lambda done: advance(done, total))
    if not is_explained:
        findings.add_entry(Fault.LOG_CUT, 1, start.sequence)
    if chain.sequence > end.audit_sequence:
        findings.add_entry(Fault.ENTRY_FORGED, end.audit_sequence + 1, chain.sequence)
    for sequence, hash_ in ({end.audit_sequence: end.audit_hash} | dict(anchors)).items():
        _check_anchor(chain, start, sequence, hash_, reached)
    rows_since = start.sequence == 0 and not chain.unlisted
    check = RowCheck(chain.recorded, findings, is_whole=rows_since and not chain.unread)
    for number, row in enumerate(iterate_rows(), 1):
        check.take(row)
        if number % _CHUNK == 0:
            advance(entries + number, total)
    check.finish()
    advance(total, total)
    return Report(
        first=start.sequence + 1,
        last=chain.sequence,
        vouched=chain.vouched,
        rows=check.count,
        older_rows=check.older,
        unread=chain.unread,
        anchored=max((noted for noted in anchors if noted >= start.sequence), default=0),
        hash=chain.hash,
        findings=tuple(findings),
    )


def _check_chain(
    chain: Chain, start: AuditHead, anchors: Mapping[int, bytes], advance: Callable[[int], None]
) -> tuple[bool, dict[int, bytes]]:
    """Take every entry; returns whether the log's beginning is explained, and the hashes at the anchors."""
    is_explained, wanted = start.sequence == 0, {*anchors, find_head().audit_sequence}
    reached = {start.sequence: start.hash}
    while rows := store.list_entries_after(chain.sequence, _CHUNK):
        for link in (AuditLink(*row) for row in rows):
            body = chain.take(link)
            if link.sequence in wanted:
                reached[link.sequence] = link.hash
            if body and body.event == "audit.expired" and body.fields.get("through") == start.sequence:
                is_explained = is_explained or body.fields.get("hash") == start.hash.hex()
        advance(chain.sequence - start.sequence)
    return is_explained, reached


def _check_anchor(
    chain: Chain, start: AuditHead, sequence: int, hash_: bytes, reached: Mapping[int, bytes]
) -> None:
    """Find out whether an entry that was noted once is still there, unless the log begins after it by now."""
    if sequence > chain.sequence:
        chain.findings.add_entry(Fault.LOG_CUT, chain.sequence + 1, sequence)
    elif sequence >= start.sequence and reached.get(sequence, hash_) != hash_:
        chain.findings.add_entry(Fault.LOG_REWRITTEN, sequence)
