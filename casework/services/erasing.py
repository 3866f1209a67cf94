"""Erasing a case: its keys are destroyed, its rows deleted and overwritten; a receipt and a tombstone stay.

Where the audit log, a draft or a backup still has something of it, the receipt says so. That of a restricted
case says neither what it was called nor how much it held.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from casework.domain.erasure import BY_BIN, BY_COORDINATOR, Receipt
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound, VaultError
from casework.services import records
from casework.services.access import get_binned_row
from casework.services.accounts.carrying import carry_over
from casework.services.attachments.sweeping import delete_files
from casework.services.backups.keeping import LastExpiry, last_expiry, list_kept
from casework.services.backups.ledger import find_ledger_failure, write_ledger
from casework.services.bin import ON_HOLD
from casework.services.context import Context
from casework.services.tombstones import is_erased, sign_row, standing_of
from casework.services.transactions import Transaction, transaction
from casework.store import cases as cases_store
from casework.store import erasures as store
from casework.store.attachments import list_attachment_ids
from casework.store.database import db, empty_log, overwrites
from casework.vault import documents
from casework.vault.erasure import Standing, Way
from casework.vault.fields import ERASURE_RECEIPT

_FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt, opened. `overwrites`: whether the database can say that nothing lingers in its files.

    `standing`: whether a restore erases the case again, or has to ask first.
    `ledger_failure` is a sentence to translate, where a restore may not know of this yet.
    """

    case_id: UUID
    receipt: Receipt
    erased_at: datetime
    overwritten_at: datetime | None
    overwrites: bool
    standing: Standing
    backups: LastExpiry
    ledger_failure: str | None


def erase_case(context: Context, case_id: UUID) -> None:
    """Erase a case that lies in the bin, before its days are over; its traces are overwritten afterwards.

    Raises Forbidden, NotFound, Invalid naming `case` while it is on hold.
    """
    context.require(Permission.ERASE_CASES)
    with transaction(context, "case.erased") as opened:
        files = list_attachment_ids(case_id)
        _erase(context, opened, get_binned_row(context, case_id), BY_COORDINATOR)
    delete_files(context.runtime, files)
    write_ledger(context.runtime)


def erase_again(context: Context, opened: Transaction, case_id: UUID, way: Way = Way.HAND) -> bool:
    """Erase, at a restore, what an older backup has brought back; the tombstone stands also where it has not.

    The quorum signs it. Returns whether the backup had the case.
    """
    row = cases_store.find_record(cases_store.Case, case_id)
    reference, went, restricted = "", (0, 0), row is not None and row.restricted
    if row is not None:
        with suppress(VaultError, Invalid):
            reference = records.open_case(context, row).reference
        carry_over(context, opened, case_id)
        went = store.delete_case(row)
    tombstone = store.find_erasure(case_id)
    if tombstone is None or row is not None:
        _bury(context, opened, case_id, reference, BY_COORDINATOR, went, restricted, way)
    elif standing_of(context.roster, tombstone) is Standing.UNPROVEN:
        tombstone.version += 1
        sign_row(context, tombstone, way)
    return row is not None


def erase_some(context: Context) -> bool:
    """Erase one case whose days in the bin are over, with anybody's keys who edits cases.

    Returns whether there may be more. What is on hold, or damaged so that nobody can tell, stays.
    """
    if not context.may(Permission.EDIT_CASES):
        return False
    return any(_erase_due(context, case_id) for case_id in store.list_binned_before(_due_before(context)))


def note_overwritten(context: Context) -> bool:
    """Empty the database's log, and note on the receipts that nothing of their cases lingers in its files.

    While a reader holds the log nothing is noted: who calls next tries again.
    """
    # What was planted is no reason to empty the log: never noted as done, it would be one every time.
    waiting = [case_id for case_id in store.list_not_overwritten() if is_erased(context.roster, case_id)]
    # Read before the log is emptied: of what is erased meanwhile, something may stand in it again.
    db.session.rollback()
    if not waiting or not empty_log():
        return False
    mark_overwritten(context, waiting)
    return False


def mark_overwritten(context: Context, case_ids: Sequence[UUID]) -> None:
    """Note on the receipts of these cases that their traces are overwritten.

    A planted row is not written to: the log would list it from then on, and `verify-audit` name it no more.
    """
    with transaction(context, "erasures.overwritten") as opened:
        erased = (case_id for case_id in case_ids if is_erased(context.roster, case_id))
        rows = [row for case_id in erased if (row := store.find_erasure(case_id))]
        for row in rows:
            row.version += 1
            row.overwritten_at = context.runtime.now().replace(microsecond=0)
        opened.note(count=len(rows))


def list_receipts(context: Context) -> list[ReceiptView]:
    """Return every receipt, newest first."""
    context.require(Permission.ERASE_CASES)
    kept = list_kept(context.runtime)
    return [_view(context, row, kept) for row in store.list_erasures()]


def get_receipt(context: Context, case_id: UUID) -> ReceiptView:
    """Return the receipt of an erased case; raises NotFound."""
    context.require(Permission.ERASE_CASES)
    row = store.find_erasure(case_id)
    if row is None:
        raise NotFound("erasure")
    return _view(context, row, list_kept(context.runtime))


def _due_before(context: Context) -> datetime:
    """Return the moment before which a case has to have come into the bin for its days to be over."""
    day = context.runtime.today() - timedelta(days=context.runtime.limits.bin_days)
    return datetime.combine(day, time.min, context.runtime.timezone)


def _erase_due(context: Context, case_id: UUID) -> bool:
    due_before = _due_before(context)
    try:
        with transaction(context, "case.erased") as opened:
            row = cases_store.find_record(cases_store.Case, case_id)
            if row is None or row.binned_at is None or row.binned_at >= due_before:
                raise NotFound("case")
            binned_on = records.open_case(context, row).binned_on
            if binned_on is None or binned_on >= due_before.date():
                raise NotFound("case")  # nobody has moved it to the bin, or not then: the row alone says so
            files = list_attachment_ids(case_id)
            _erase(context, opened, row, BY_BIN)
    except (NotFound, Invalid, VaultError):
        return False
    delete_files(context.runtime, files)
    write_ledger(context.runtime)
    return True


def _erase(context: Context, opened: Transaction, row: cases_store.Case, reason: str) -> None:
    facts = records.open_case(context, row)
    if facts.hold_since is not None:
        raise Invalid(case=ON_HOLD)
    case_id, restricted = row.id, row.restricted
    way = Way.BIN if reason == BY_BIN else Way.HAND
    carry_over(context, opened, case_id)
    _bury(context, opened, case_id, facts.reference, reason, store.delete_case(row), restricted, way)
    opened.note(case=case_id)


def _bury(
    context: Context,
    opened: Transaction,
    case_id: UUID,
    reference: str,
    reason: str,
    went: tuple[int, int],
    restricted: bool,
    way: Way,
) -> None:
    """Put up the signed tombstone of a case whose `went` people and incidents are deleted; with a receipt.

    One that somebody had planted beside the case gives way to it.
    """
    if planted := store.find_erasure(case_id):
        db.session.delete(planted)
        db.session.flush()
    receipt = Receipt(
        reference=reference,
        erased_on=context.runtime.today(),
        erased_by=context.member_id,
        reason=reason,
        people=went[0],
        incidents=went[1],
    )
    if restricted:
        receipt = receipt.as_restricted()
    plain = documents.encode(receipt.to_document())
    tombstone = store.Erasure(
        case_id=case_id,
        version=1,
        generation=opened.generation,
        erased_at=context.runtime.now().replace(microsecond=0),
        receipt_sealed=context.keyring.seal(ERASURE_RECEIPT, case_id, _FIRST_VERSION, plain),
        receipt_version=_FIRST_VERSION,
    )
    sign_row(context, tombstone, way)
    db.session.add(tombstone)


def _view(context: Context, row: store.Erasure, kept: Sequence[tuple[datetime, datetime]]) -> ReceiptView:
    plain = context.keyring.open(ERASURE_RECEIPT, row.case_id, row.receipt_version, row.receipt_sealed)
    receipt = Receipt.from_document(documents.decode(plain))
    return ReceiptView(
        row.case_id,
        receipt,
        row.erased_at,
        row.overwritten_at,
        overwrites(),
        standing_of(context.roster, row),
        last_expiry(kept, row.erased_at),
        find_ledger_failure(context.runtime),
    )
