"""Taking in a file: sealed as it comes, its kind told by its bytes, a copy made that tells of no maker.

Nothing of it lies in plain on any disk, and nothing of a file that did not come whole is kept or listed.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from uuid import UUID, uuid4

from casework.domain.attachment import Attachment, StoredCopy, find_faults, shorten
from casework.domain.messages import N_
from casework.domain.permissions import Permission
from casework.errors import Invalid, VaultError
from casework.evidence.cleaning import CLEANED, PREVIEW, clean
from casework.evidence.kinds import HEAD_BYTES, find_kind
from casework.evidence.refusals import Busy, Uncleanable
from casework.services import records
from casework.services.access import get_case_row
from casework.services.attachments.copies import STORE_AWAY, Writing, read_copy
from casework.services.attachments.sweeping import delete_files
from casework.services.casekeyring import open_case_keys_to_write
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.history.recording import record_added
from casework.services.once import SavedBefore
from casework.services.transactions import transaction
from casework.store import attachments as store
from casework.store.database import db
from casework.store.sealedfiles import ORIGINAL, FilesAway

EMPTY = N_("This file is empty. Look whether it was saved where it comes from.")
WRONG_KIND = N_(
    "This kind of file is not taken. Send a PDF, a picture, a recording, a film, an e-mail, a text or an"
    " office document; unpack archives first."
)
TOO_LARGE = N_("This file is too large. Cut it into parts, or ask whoever looks after the server.")
CLEANER_BUSY = N_(
    "Cleaned copies of other files are being made, and that takes long. This file was not kept: send it again"
    " in ten minutes."
)
_KIND_OF_PREVIEW = "image/jpeg"


def require_room_for_files(context: Context, case_id: UUID) -> None:
    """Raise NotFound or Forbidden unless the member may add files to this case."""
    context.require(Permission.EDIT_CASES)
    get_case_row(context, case_id)
    # Nothing of the database is held while a file arrives: that may take an hour.
    db.session.rollback()


def add_attachment(context: Context, case_id: UUID, name: str, note: str, content: Iterable[bytes]) -> UUID:
    """Add a file to a case and return its id; `content` is read once, to its end.

    What was sent before, byte for byte, under the same name and note, stays as it is: its id is returned.
    Raises Invalid naming `file`, `name` or `note`, NotFound, and what `content` raises; then nothing is kept.
    """
    require_room_for_files(context, case_id)
    name = shorten(name)
    if faults := find_faults(name, note):
        raise Invalid(**faults)
    attachment_id = uuid4()
    try:
        original = _receive(context, attachment_id, content)
        cleaned, preview, uncleaned = _clean(context, attachment_id, original)
        attachment = Attachment(
            name=name,
            note=note.strip(),
            added_at=context.runtime.now().replace(microsecond=0),
            added_by=context.member_id,
            original=original,
            cleaned=cleaned,
            preview=preview,
            uncleaned=uncleaned,
        )
        _store(context, case_id, attachment_id, attachment)
    except SavedBefore as saved:
        delete_files(context.runtime, [attachment_id])
        return saved.record_id
    except FilesAway:
        delete_files(context.runtime, [attachment_id])
        raise Invalid(file=STORE_AWAY) from None
    except BaseException:
        delete_files(context.runtime, [attachment_id])
        raise
    return attachment_id


def _store(context: Context, case_id: UUID, attachment_id: UUID, attachment: Attachment) -> None:
    with transaction(context, "attachment.added") as opened:
        case = get_case_row(context, case_id)
        records.touch_case(context, opened.generation, case)
        keys = open_case_keys_to_write(context, case_id)
        _refuse_again(keys, case_id, attachment)
        row = store.Attachment(id=attachment_id, case_id=case_id)
        records.write_attachment(opened.generation, keys, row, attachment)
        db.session.add(row)
        record_added(context, opened.generation, keys, row)
        opened.note(case=case_id, attachment=attachment_id)


def _refuse_again(keys: CaseKeys, case_id: UUID, attachment: Attachment) -> None:
    """Raise SavedBefore for what stands in the case already, as after a line that broke before the answer."""
    for row in store.list_attachments(case_id):
        with suppress(VaultError, Invalid):
            if _tell(records.open_attachment(keys, row)) == _tell(attachment):
                raise SavedBefore(row.id)


def _tell(attachment: Attachment) -> tuple[object, ...]:
    by, gone = attachment.added_by, attachment.removed_on
    return attachment.name, attachment.note, attachment.original.sha256, by, gone


def _receive(context: Context, attachment_id: UUID, content: Iterable[bytes]) -> StoredCopy:
    """Seal the original as it comes; what it is has to be seen in its beginning."""
    pieces = iter(content)
    head = _read_head(pieces)
    if not head:
        raise Invalid(file=EMPTY)
    kind = find_kind(head)
    if not kind:
        raise Invalid(file=WRONG_KIND)
    with Writing(context.runtime.files, attachment_id, ORIGINAL) as writing:
        writing.write(head)
        for piece in pieces:
            writing.write(piece)
            if writing.size_bytes > context.runtime.limits.file_bytes:
                raise Invalid(file=TOO_LARGE)
        return writing.finish(kind)


def _read_head(pieces: Iterator[bytes]) -> bytes:
    head = bytearray()
    for piece in pieces:
        head += piece
        if len(head) >= HEAD_BYTES:
            break
    return bytes(head)


def _clean(
    context: Context, attachment_id: UUID, original: StoredCopy
) -> tuple[StoredCopy | None, StoredCopy | None, str]:
    """Return the cleaned copy and the preview, or why there are none."""
    files = context.runtime.files
    content = read_copy(files, attachment_id, ORIGINAL, original)
    kind, preview = "", None
    try:
        with (
            Writing(files, attachment_id, CLEANED) as writing,
            closing(clean(original.kind, content)) as made,
        ):
            for which, piece in made:
                if which == "kind":
                    kind = piece.decode("ascii")
                elif which == CLEANED:
                    writing.write(piece)
                else:
                    preview = _write_preview(context, attachment_id, piece)
            return writing.finish(kind), preview, ""
    except Uncleanable as refused:
        return None, None, refused.code
    except Busy:
        raise Invalid(file=CLEANER_BUSY) from None


def _write_preview(context: Context, attachment_id: UUID, picture: bytes) -> StoredCopy:
    with Writing(context.runtime.files, attachment_id, PREVIEW) as writing:
        writing.write(picture)
        return writing.finish(_KIND_OF_PREVIEW)
