"""The files of a case: which there are, their names and notes, removing and putting back, giving one out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from casework.domain.attachment import Attachment, StoredCopy, find_faults
from casework.domain.permissions import Permission
from casework.domain.retention import last_day_in_bin
from casework.errors import Conflict, Invalid, NotFound, Tampered
from casework.evidence.kinds import Family, family_of
from casework.services import records
from casework.services.access import get_case_row
from casework.services.attachments.copies import read_copy
from casework.services.casekeyring import open_case_keys, open_case_keys_to_write
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.history.recording import record_change
from casework.services.transactions import Transaction, transaction
from casework.store import attachments as store

# What is noted of each copy that is given out.
_EVENTS = {
    "original": "attachment.original_taken",
    "cleaned": "attachment.taken",
    "preview": "attachment.viewed",
}


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a case, opened; `last_day` is until when a removed one can be put back."""

    id: UUID
    case_id: UUID
    version: int
    facts: Attachment
    last_day: date | None

    @property
    def family(self) -> Family:
        """What it is: a picture, a recording."""
        return family_of(self.facts.kind)


@dataclass(frozen=True, slots=True)
class FilesOfCase:
    """The files of a case, newest first; the removed ones, which can still be put back, apart."""

    present: Sequence[FileView]
    removed: Sequence[FileView]


@dataclass(frozen=True, slots=True)
class Given:
    """A copy on its way out: each piece was authenticated before it is given."""

    facts: Attachment
    copy: StoredCopy
    content: Iterator[bytes] = field(repr=False)


def list_files(context: Context, case_id: UUID) -> FilesOfCase:
    """Open what is known of a case's files; raises NotFound.

    Whoever shows them opens the case as well, and that is what the audit log says.
    """
    get_case_row(context, case_id)
    rows = store.list_attachments(case_id)
    keys = open_case_keys(context, case_id) if rows else CaseKeys({})
    views = [_view(context, row, records.open_attachment(keys, row)) for row in rows]
    views.sort(key=lambda view: (view.facts.added_at, view.id), reverse=True)
    return FilesOfCase(
        [view for view in views if view.facts.removed_on is None],
        [view for view in views if view.facts.removed_on is not None],
    )


def get_file(context: Context, case_id: UUID, attachment_id: UUID) -> FileView:
    """Open what is known of a file; raises NotFound. An audit entry says that the case was read."""
    with transaction(context, "case.read") as opened:
        row, keys = _get_row(context, case_id, attachment_id)
        opened.note(case=case_id)
        return _view(context, row, records.open_attachment(keys, row))


def change_file(
    context: Context, case_id: UUID, attachment_id: UUID, version: int, name: str, note: str
) -> None:
    """Give a file another name and note; raises Invalid naming them, Conflict, NotFound.

    As adding one it is new content: retention of the case counts from today.
    """
    context.require(Permission.EDIT_CASES)
    if faults := find_faults(name, note):
        raise Invalid(**faults)
    with transaction(context, "attachment.changed") as opened:
        row, keys = _get_row(context, case_id, attachment_id, to_write=True)
        if row.version != version:
            raise Conflict("attachment")
        records.touch_case(context, opened.generation, get_case_row(context, case_id))
        _write(context, opened, keys, row, records.open_attachment(keys, row).renamed(name, note))


def remove_file(context: Context, case_id: UUID, attachment_id: UUID) -> None:
    """Put a file among the removed ones, from where it can be put back for some days; raises NotFound."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, "attachment.removed") as opened:
        row, keys = _get_row(context, case_id, attachment_id, to_write=True)
        facts = records.open_attachment(keys, row)
        if facts.removed_on is not None:
            raise NotFound("attachment")
        # Sealed as well: a time that was written into the database alone must not erase anything.
        _write(context, opened, keys, row, replace(facts, removed_on=context.runtime.today()))
        row.removed_at = context.runtime.now().replace(minute=0, second=0, microsecond=0)


def restore_file(context: Context, case_id: UUID, attachment_id: UUID) -> None:
    """Put a removed file back, from when on retention of the case counts again; raises NotFound."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, "attachment.restored") as opened:
        row, keys = _get_row(context, case_id, attachment_id, to_write=True)
        facts = records.open_attachment(keys, row)
        if facts.removed_on is None:
            raise NotFound("attachment")
        records.touch_case(context, opened.generation, get_case_row(context, case_id))
        _write(context, opened, keys, row, replace(facts, removed_on=None))
        row.removed_at = None


def give_copy(context: Context, case_id: UUID, attachment_id: UUID, copy: str) -> Given:
    """Give out a copy of a file, which the audit log says; raises NotFound, Tampered where it is hurt.

    What is found only on the way ends the content early: whoever receives it sees that it is too short.
    """
    with transaction(context, _EVENTS[copy]) as opened:
        row, keys = _get_row(context, case_id, attachment_id)
        facts = records.open_attachment(keys, row)
        stored = facts.copies.get(copy)
        if stored is None:
            raise NotFound("attachment")
        opened.note(case=case_id, attachment=attachment_id)
    content = read_copy(context.runtime.files, attachment_id, copy, stored)
    first = next(content, None)
    if first is None:
        raise Tampered(f"the sealed {copy} holds nothing")
    return Given(facts, stored, _with_first(first, content))


def _with_first(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _get_row(
    context: Context, case_id: UUID, attachment_id: UUID, to_write: bool = False
) -> tuple[store.Attachment, CaseKeys]:
    get_case_row(context, case_id)
    row = store.find_attachment(attachment_id)
    if row is None or row.case_id != case_id:
        raise NotFound("attachment")
    keys = open_case_keys_to_write(context, case_id) if to_write else open_case_keys(context, case_id)
    return row, keys


def _write(
    context: Context, opened: Transaction, keys: CaseKeys, row: store.Attachment, facts: Attachment
) -> None:
    before = records.open_attachment(keys, row)
    record_change(context, opened.generation, keys, row, [before], [facts])
    records.write_attachment(opened.generation, keys, row, facts)
    opened.note(case=row.case_id, attachment=row.id)


def _view(context: Context, row: store.Attachment, facts: Attachment) -> FileView:
    days = context.runtime.limits.bin_days
    last_day = facts.removed_on and last_day_in_bin(facts.removed_on, days)
    return FileView(row.id, row.case_id, row.version, facts, last_day)
