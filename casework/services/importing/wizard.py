"""Bringing a list in, piece by piece in the background, and taking it out again.

One piece of the list is one transaction, which also says how far the batch is: a process that is killed has
done whole pieces, and whoever has the list goes on from there. A batch whose list is gone is taken out again,
as one that was cancelled is: none stays half-done.
"""

from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Conflict, Invalid, NotFound
from casework.services.bin import bin_case
from casework.services.context import Context
from casework.services.importing.answers import ReadRow
from casework.services.importing.batches import BatchFacts, add_batch, seal_batch
from casework.services.importing.checking import make_records
from casework.services.importing.keys import KeyedRow, key_rows, part_known
from casework.services.importing.making import make_mapping
from casework.services.importing.newterms import foresee_terms, make_terms, retire_made
from casework.services.importing.rows import read_records
from casework.services.importing.sentlist import KeptRow, Upload
from casework.services.importing.storing import store_rows
from casework.services.importing.uploads import (
    COMING_IN,
    PIECE_ROWS,
    finish_upload,
    get_upload,
    has_list,
    is_coming_in,
    read_columns,
    read_kept_rows,
)
from casework.services.transactions import Transaction, transaction
from casework.store import cases as cases_store
from casework.store import imports as store

_FROM_THE_FIRST = -1

_NOT_CHECKED = N_("Try the list first, so that you know what will come in.")
_BUSY = N_("This import is still on its way in or out. Wait until it is through.")


def begin_import(context: Context, upload_id: UUID) -> UUID:
    """Begin to bring a list in, as a batch; raises NotFound, Invalid where it was not tried as it is now."""
    context.require(Permission.IMPORT_INCIDENTS)
    with transaction(context, "import.begun") as opened:
        # Read only now: another tab may have decided anew since the page was shown.
        upload = get_upload(context, upload_id)
        if upload.plan is None or not _is_tried(upload):
            raise Invalid(upload=_NOT_CHECKED)
        make_mapping(upload.plan)
        if is_coming_in(upload_id):
            raise Invalid(upload=COMING_IN)
        facts = BatchFacts(source=upload.plan.source, file=upload.name, rows=upload.table.rows)
        batch = add_batch(context, uuid4(), facts, store.RUNNING, upload_id)
        opened.note(batch=batch.id)
        return batch.id


def undo_import(context: Context, batch_id: UUID, bins_changed: bool = False) -> None:
    """Take a batch out again, also while it comes in; `bins_changed`: what was changed since goes to the bin.

    Raises NotFound, Invalid while it is being taken out already.
    """
    context.require(Permission.IMPORT_INCIDENTS)
    with transaction(context, "import.undoing") as opened:
        row = store.find_batch(batch_id)
        if row is None:
            raise NotFound("import")
        if row.state == store.UNDOING:
            raise Invalid(batch=_BUSY)
        _begin_undoing(context, opened, row, bins_changed)


def _take_out(context: Context, batch_id: UUID, position: int) -> None:
    """Begin to take out a batch that cannot go on; Conflict where another process was here since."""
    with transaction(context, "import.undoing") as opened:
        _begin_undoing(context, opened, _find_at(batch_id, store.RUNNING, position), bins_changed=False)


def _begin_undoing(context: Context, opened: Transaction, row: store.ImportBatch, bins_changed: bool) -> None:
    row.state, row.position = store.UNDOING, _FROM_THE_FIRST
    seal_batch(context, row, replace(BatchFacts.of(context, row), bins_changed=bins_changed))
    opened.note(batch=row.id)


def import_some(context: Context) -> bool:
    """Bring in, or take out, one piece of the first batch that waits; returns whether there may be more.

    A batch whose list is gone, or is not as it was tried, is taken out: it would keep up those behind it.
    """
    if not context.may(Permission.IMPORT_INCIDENTS):
        return False
    for row in store.list_unfinished():
        batch_id, upload_id, position = row.id, row.upload_id, row.position
        if row.state == store.UNDOING:
            return _undo_piece(context, batch_id, position)
        if not has_list(upload_id):
            _take_out(context, batch_id, position)
            return True
        if row.member_id == context.member_id:
            piece = _find_piece(context, upload_id, position)
            if piece is None:
                _take_out(context, batch_id, position)
                return True
            return _import_piece(context, batch_id, *piece, position)
    return False


def _is_tried(upload: Upload) -> bool:
    """Whether a dry run has read a list as it is now, and its rows lie as its plan wants them."""
    return upload.report is not None and upload.is_gathered


def _find_piece(context: Context, upload_id: UUID, position: int) -> tuple[Upload, list[KeptRow]] | None:
    """Return the list with the rows of a piece; None where they cannot come in as they were tried."""
    with suppress(NotFound):
        upload = get_upload(context, upload_id)
        if _is_tried(upload) and position < len(upload.pieces):
            return upload, read_kept_rows(context, upload, position)
    return None


def _import_piece(
    context: Context, batch_id: UUID, upload: Upload, kept: list[KeptRow], position: int
) -> bool:
    assert upload.plan is not None  # noqa: S101 - who began has checked
    foreseen = foresee_terms(context, upload.plan, read_columns(context, upload))
    mapping, pieces = make_mapping(upload.plan, foreseen.words), len(upload.pieces)
    rows = list(
        read_records(
            make_records(upload, iter(kept)),
            mapping,
            context.runtime.today(),
            context.member_id,
        )
    )
    readable = key_rows(context, mapping, [row for row in rows if isinstance(row, ReadRow)])
    fresh, _known = part_known(readable)
    new = [one.row for one in fresh]
    make_terms(context, foreseen, new, lambda: _find_at(batch_id, store.RUNNING, position))
    with transaction(context, "incidents.imported") as opened:
        row = _find_at(batch_id, store.RUNNING, position)
        read = sum(one.rows for one in rows)
        facts = _count_piece(BatchFacts.of(context, row), batch_id, read, readable)
        stored = store_rows(context, opened, batch_id, readable)
        row.position += 1
        row.state = store.DONE if row.position >= pieces else store.RUNNING
        seal_batch(context, row, _add_stored(facts, stored))
        opened.note(batch=batch_id, count=len(stored))
        is_done = row.state == store.DONE
    if is_done:
        finish_upload(context, upload.id)
    return True


def _count_piece(facts: BatchFacts, batch_id: UUID, rows: int, readable: list[KeyedRow]) -> BatchFacts:
    """Count what is in already: from an earlier import, or, refused, as an earlier row of this list."""
    _fresh, known = part_known(readable)
    again = sum(one.row.rows for one in known if batch_id in one.batch_ids)
    return replace(
        facts,
        already=facts.already + sum(one.row.rows for one in known) - again,
        refused=facts.refused + rows - sum(one.row.rows for one in readable) + again,
    )


def _add_stored(facts: BatchFacts, stored: list[ReadRow]) -> BatchFacts:
    rows = sum(row.rows for row in stored)
    return replace(facts, stored=facts.stored + rows, incidents=facts.incidents + len(stored))


def _undo_piece(context: Context, batch_id: UUID, position: int) -> bool:
    seen = _bin_changed(context, batch_id, position)
    _retire_terms(context, batch_id, position)
    with transaction(context, "import.undone") as opened:
        row = _find_at(batch_id, store.UNDOING, position)
        facts = BatchFacts.of(context, row)
        rows = store.list_rows(batch_id, position, PIECE_ROWS)
        cases = store.list_cases_of([one.incident_id for one in rows])
        changed = store.list_changed_cases(cases.values())
        if facts.bins_changed and not changed <= seen:
            raise Conflict("case")  # changed only just now: the next try bins it
        going = [one for one in rows if cases[one.incident_id] not in changed]
        row.position = max((one.number or 0 for one in rows), default=position)
        # The terms go in a step of their own, when no row that goes carries them any more.
        is_last = not rows if facts.terms else len(rows) < PIECE_ROWS
        row.state = store.UNDONE if is_last else store.UNDOING
        row.undone_generation = opened.generation
        seal_batch(context, row, facts)
        store.delete_cases(going, set(cases.values()) - changed)
        opened.note(batch=batch_id, count=len(going))
    return True


def _retire_terms(context: Context, batch_id: UUID, position: int) -> None:
    """Retire the terms that the batch made, once all its rows were looked at; doing it twice does no harm."""
    batch = store.find_batch(batch_id)
    if batch is not None and not store.list_rows(batch_id, position, 1):
        retire_made(context, BatchFacts.of(context, batch))


def _bin_changed(context: Context, batch_id: UUID, position: int) -> set[UUID]:
    """Move the changed cases of a piece to the bin, if that was asked for; returns all that are changed.

    Before the piece is taken out: a process that is killed in between does it again, as a case in the bin is
    a changed one. What is there, on hold or not open to the member stays as it is.
    """
    batch = store.find_batch(batch_id)
    if batch is None or not BatchFacts.of(context, batch).bins_changed:
        return set()
    rows = store.list_rows(batch_id, position, PIECE_ROWS)
    cases = store.list_cases_of([one.incident_id for one in rows])
    changed = store.list_changed_cases(cases.values())
    for case_id in changed:
        case = cases_store.find_record(cases_store.Case, case_id)
        if case is not None and case.binned_at is None:
            with suppress(Invalid, NotFound):
                bin_case(context, case_id, case.version)
    return changed


def _find_at(batch_id: UUID, state: str, position: int) -> store.ImportBatch:
    """Return the batch as it was read before the lock; Conflict where another process was here since."""
    row = store.find_batch(batch_id)
    if row is None or row.state != state or row.position != position:
        raise Conflict("import")
    return row
