"""A list that a member has sent: read once, and kept sealed under their own key until it is brought in.

In the volatile store, so that neither the disk nor a backup ever holds it; for a day at the most.
"""

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, NotFound
from casework.services.context import Context
from casework.services.importing.plan import Plan
from casework.services.importing.profiles import Column
from casework.services.importing.sentlist import KeptRow, Upload
from casework.store import uploads as store
from casework.store.imports import RUNNING, list_unfinished
from casework.store.volatilestore import Batch, tidy, writing
from casework.vault import documents
from casework.vault.fields import UPLOAD_PIECE, UPLOAD_STATE

KEPT_SECONDS = 24 * 3600
"""From when the list was sent; working on it does not lengthen that."""

PIECE_ROWS = 200
"""One piece is one transaction of the import."""

COMING_IN = N_("This list is being brought in already.")
CHANGED = N_(
    "This list was changed since this page was opened, perhaps in another tab. What you chose here is kept "
    "below: look through it, then send it again."
)

_STALE_SECONDS = 60
COLUMNS_FROM = 1_000_000
"""Pieces from this number on describe the columns of the tables."""


def begin_upload(context: Context, name: str) -> UUID:
    """Make room for a list; the member's earlier one goes, unless it is being brought in."""
    context.require(Permission.IMPORT_INCIDENTS)
    now = context.runtime.now_seconds()
    upload = Upload(uuid4(), name[:200], touched_seconds=now)
    begun = store.Upload(
        id=upload.id, member_id=context.member_id, version=0, ends_at_seconds=now + KEPT_SECONDS
    )
    with writing() as batch:
        for row in store.list_uploads(context.member_id):
            if not is_coming_in(row.id):
                store.delete_upload(batch, row)
        batch.put(_seal(context, begun, upload))
    return upload.id


def get_upload(context: Context, upload_id: UUID) -> Upload:
    """Return one of the member's lists; raises NotFound, for another's too, and once it is in or over."""
    upload = find_upload(context, upload_id)
    if upload is None or upload.is_in:
        raise NotFound("upload")
    return upload


def find_upload(context: Context, upload_id: UUID) -> Upload | None:
    """Return one of the member's lists, one that came in too, until its day ends; None for any other."""
    context.require(Permission.IMPORT_INCIDENTS)
    row = store.find_upload(upload_id)
    return _open(context, row) if row is not None and row.member_id == context.member_id else None


def find_own_upload(context: Context) -> Upload | None:
    """Return the list that the member is working on."""
    context.require(Permission.IMPORT_INCIDENTS)
    own = (_open(context, row) for row in store.list_uploads(context.member_id))
    return next((upload for upload in own if not upload.is_in), None)


def is_busy(context: Context, upload: Upload) -> bool:
    """Return whether something is still going on with a list; a process that was killed leaves it so."""
    return bool(upload.doing) and context.runtime.now_seconds() - upload.touched_seconds < _STALE_SECONDS


def save_upload(context: Context, upload: Upload) -> None:
    """Keep a list as it is now, until its day ends; nothing is kept of one that is gone."""
    change_upload(context, upload.id, lambda _now: upload)


def change_upload(
    context: Context, upload_id: UUID, change: Callable[[Upload], Upload | None]
) -> Upload | None:
    """Keep what `change` makes of a list as it stands, while nobody else writes; returns it.

    None where the list is gone, or where `change` gives None: then nothing is kept.
    """
    return _change(context, upload_id, lambda _batch, now: change(now))


def change_plan(context: Context, upload: Upload, plan: Plan, made_of: str | None = None) -> Upload:
    """Keep another plan with a list, as `keep_decisions`."""
    return keep_decisions(context, replace(upload, plan=plan), made_of)


def keep_decisions(context: Context, upload: Upload, made_of: str | None = None) -> Upload:
    """Keep the sheet of a list and the plan for it, which have to be tried again: a dry run on its way ends.

    `made_of` is what was decided when the form was made that they come from. Raises NotFound, and Invalid
    naming `made_of` where it is something else by now, or `upload` once the list comes in: each piece is read
    by what stands here then.
    """

    def decide(now: Upload) -> Upload:
        if is_coming_in(now.id):
            raise Invalid(upload=COMING_IN)
        is_old = made_of is not None and made_of != now.decided
        if is_old and (now.sheet, now.plan) != (upload.sheet, upload.plan):
            raise Invalid(made_of=CHANGED)
        decided = replace(
            now, sheet=upload.sheet, plan=upload.plan, remembered=upload.remembered, groups=upload.groups
        )
        return replace(decided, report=None, doing="", done=0)

    kept = change_upload(context, upload.id, decide)
    if kept is None:
        raise NotFound("upload")
    return kept


def discard_upload(context: Context, upload_id: UUID) -> None:
    """Delete one of the member's lists, from the store's log too; raises NotFound."""
    with writing() as batch:
        row = store.find_upload(upload_id)
        if row is None or row.member_id != context.member_id:
            raise NotFound("upload")
        store.delete_upload(batch, row)
    tidy()


def finish_upload(context: Context, upload_id: UUID) -> None:
    """Delete the rows of a list that came in, from the log too; its plan and report stay for its day."""

    def finish(batch: Batch, now: Upload) -> Upload:
        store.delete_all_pieces(batch, upload_id)
        report = {name: one for name, one in (now.report or {}).items() if name != "ready_rows"}
        return replace(now, is_in=True, doing="", groups=None, gathered=None, report=report)

    _change(context, upload_id, finish)
    tidy()


def read_columns(context: Context, upload: Upload) -> list[Column]:
    """Return what the columns of the chosen table hold."""
    described = read_piece(context, upload.id, COLUMNS_FROM + upload.sheet)
    return [Column.from_document(column) for column in described]


def read_kept_rows(context: Context, upload: Upload, piece: int) -> list[KeptRow]:
    """Return the rows of one piece of the chosen table, counted from 0, as its plan wants them to lie."""
    rows = read_piece(context, upload.id, upload.pieces[piece])
    return [
        KeptRow(number, content, again, tuple(cells), dict(names), *together)
        for number, content, again, cells, names, *together in rows
    ]


def read_table(context: Context, upload: Upload) -> Iterator[list[Any]]:
    """Go through every row of the chosen table as it was kept, in the order of the file."""
    for piece in range(upload.table.pieces):
        yield from read_piece(context, upload.id, upload.table.first_piece + piece)


def delete_pieces(upload_id: UUID, numbers: range) -> None:
    """Delete pieces that no plan needs any more."""
    with writing() as batch:
        store.delete_pieces(batch, upload_id, numbers)


def has_list(upload_id: UUID) -> bool:
    """Return whether a list is still here, whoever's it is."""
    return store.find_upload(upload_id) is not None


def is_coming_in(upload_id: UUID) -> bool:
    """Return whether a batch takes its rows from this list."""
    return any(batch.upload_id == upload_id and batch.state == RUNNING for batch in list_unfinished())


def write_piece(context: Context, upload_id: UUID, number: int, content: list[Any]) -> None:
    """Seal a piece and store it, in a transaction of its own; raises NotFound once its list is gone.

    Nobody would delete it then.
    """
    plain = zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())
    sealed = context.secret.seal_own(UPLOAD_PIECE, upload_id, number, plain)
    with writing() as batch:
        row = store.find_upload(upload_id)
        if row is None:
            raise NotFound("upload")
        batch.put(
            store.UploadPiece(
                upload_id=upload_id,
                number=number,
                content_sealed=sealed,
                ends_at_seconds=row.ends_at_seconds,
            )
        )


def read_piece(context: Context, upload_id: UUID, number: int) -> list[Any]:
    """Open a piece as it was written; raises NotFound."""
    sealed = store.find_piece(upload_id, number)
    if sealed is None:
        raise NotFound("upload")
    plain = context.secret.open_own(UPLOAD_PIECE, upload_id, number, sealed)
    content: list[Any] = json.loads(zlib.decompress(plain))
    return content


def _change(
    context: Context, upload_id: UUID, change: Callable[[Batch, Upload], Upload | None]
) -> Upload | None:
    with writing() as batch:
        row = store.find_upload(upload_id)
        changed = change(batch, _open(context, row)) if row is not None else None
        if row is not None and changed is not None:
            changed = replace(changed, touched_seconds=context.runtime.now_seconds())
            batch.put(_seal(context, row, changed))
    return changed


def _seal(context: Context, row: store.Upload, upload: Upload) -> store.Upload:
    version = row.version + 1
    plain = documents.encode(upload.to_document())
    return replace(
        row,
        version=version,
        state_sealed=context.secret.seal_own(UPLOAD_STATE, row.id, version, plain),
    )


def _open(context: Context, row: store.Upload) -> Upload:
    plain = context.secret.open_own(UPLOAD_STATE, row.id, row.version, row.state_sealed)
    document = documents.decode(plain)
    return Upload.from_document(row.id, document)


def rows_of(context: Context, upload: Upload) -> Iterator[KeptRow]:
    """Go through every row of the chosen table, one piece in memory at a time."""
    for piece in range(len(upload.pieces)):
        yield from read_kept_rows(context, upload, piece)
