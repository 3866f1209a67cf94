"""The dry run of a list: what would come in, and which rows would not, each with its reasons."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from uuid import UUID

from casework.domain.messages import N_
from casework.errors import NotFound
from casework.services.context import Context
from casework.services.importing.answers import Record, RefusedRow
from casework.services.importing.differing import count_differing
from casework.services.importing.gathering import gather
from casework.services.importing.keys import key_rows, part_known
from casework.services.importing.making import make_mapping
from casework.services.importing.mapping import ImportMapping
from casework.services.importing.newterms import Foreseen, foresee_terms
from casework.services.importing.preview import SHOWN_READY, name_term, tell_row
from casework.services.importing.reasons import describe_reason
from casework.services.importing.rows import OTHER_WIDTH, ReadRow, read_records
from casework.services.importing.sentlist import CHECKING, KeptRow, Upload
from casework.services.importing.uploads import PIECE_ROWS, change_upload, read_columns, rows_of

SHOWN_REFUSALS = 200
SHOWN_REASONS = 50
SHOWN_EXAMPLES = 3
_SAVED_EVERY = 10

NO_ROW = N_(
    "This looks like a line about the list, a total or a note: nothing but its first cell is filled, and it "
    "begins with # or stands below a blank row."
)


@dataclass(slots=True)
class _Counted:
    foreseen: Foreseen
    ready: int = 0
    incidents: int = 0
    already: int = 0
    differing: int = 0
    refused: int = 0
    counting: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[dict[str, str | int]]] = field(default_factory=dict)
    first: list[list[Any]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    terms: Counter[UUID] = field(default_factory=Counter)

    def to_document(self, rows: int) -> dict[str, Any]:
        return {
            "rows": rows,
            "ready": self.ready,
            "incidents": self.incidents,
            "already": self.already,
            "differing": self.differing,
            "refused": self.refused,
            "counting": self.counting,
            "kinds": [
                [name, sentence, self.examples[name, sentence], count]
                for (name, sentence), count in self.reasons.most_common(SHOWN_REASONS)
            ],
            "first": self.first,
            "ready_rows": self.shown,
            "terms": [
                [term.list_name, term.parent, name_term(term), count]
                for term, count in ((self.foreseen.new[one], n) for one, n in self.terms.most_common())
            ],
        }

    def refuse(self, row: RefusedRow) -> None:
        """Count a refusal by the kind of its reasons: what is quoted of the cells are examples."""
        self.refused += 1
        faults = [(name, *describe_reason(words)) for name, words in row.faults.items()]
        for name, sentence, values in faults:
            self.reasons[name, sentence] += 1
            examples = self.examples.setdefault((name, sentence), [])
            if len(examples) < SHOWN_EXAMPLES and values not in examples:
                examples.append(values)
        if len(self.first) < SHOWN_REFUSALS:
            self.first.append([row.number, [list(fault) for fault in faults]])


def list_left_out(context: Context, upload: Upload) -> list[str]:
    """Return the headings of the columns that hold something, and do not come in."""
    assert upload.plan is not None  # noqa: S101 - who asks has looked
    columns = read_columns(context, upload)
    return [one.heading for one in columns if one.filled and one.heading not in upload.plan.targets]


def begin_check(context: Context, upload: Upload) -> Upload:
    """Say that a list is being checked, by the plan that stands there now; returns the list to check.

    Raises Invalid where its plan is not complete, NotFound.
    """

    def begin(now: Upload) -> Upload:
        if now.plan is not None:
            make_mapping(now.plan)
        return replace(now, doing=CHECKING, done=0, report=None)

    begun = change_upload(context, upload.id, begin)
    if begun is None:
        raise NotFound("upload")
    return begun


def check_upload(context: Context, upload: Upload) -> None:
    """Read every row as the import would, store nothing, and keep the report with the list.

    It ends early, without a report, once its plan or sheet is another or the list is gone; then by NotFound
    where it was just at a piece of it.
    """
    assert upload.plan is not None  # noqa: S101 - who begins has checked
    foreseen = foresee_terms(context, upload.plan, read_columns(context, upload))
    mapping = make_mapping(upload.plan, foreseen.words)
    if not upload.is_gathered:
        gathered = gather(
            context,
            upload,
            go_on=lambda: _note(context, upload, done=0),
            keep=lambda found: _note(context, upload, gathered=found),
        )
        if gathered is None:
            return
        upload = replace(upload, gathered=gathered)
    _read_through(context, upload, mapping, foreseen)


def _read_through(context: Context, upload: Upload, mapping: ImportMapping, foreseen: Foreseen) -> None:
    counted, done, saved = _Counted(foreseen), 0, 0
    rows = read_upload_rows(context, upload, mapping)
    while batch := list(islice(rows, PIECE_ROWS)):
        _count(context, mapping, batch, counted)
        done += sum(row.rows for row in batch)
        if done - saved >= PIECE_ROWS * _SAVED_EVERY:
            saved = done
            if not _note(context, upload, done=done):
                return
    _note(context, upload, doing="", done=0, report=counted.to_document(done))


def _note(context: Context, checked: Upload, **found: Any) -> bool:
    """Write what a check found onto the list as it stands; returns False where it was decided anew since."""

    def write(now: Upload) -> Upload | None:
        is_same = (now.doing, now.sheet, now.plan) == (CHECKING, checked.sheet, checked.plan)
        return replace(now, **found) if is_same else None

    return change_upload(context, checked.id, write) is not None


def list_refused(context: Context, upload: Upload) -> Iterator[RefusedRow]:
    """Go through the rows that would be refused, read anew: there may be a hundred thousand."""
    if upload.plan is not None:
        words = foresee_terms(context, upload.plan, read_columns(context, upload)).words
        for row in read_upload_rows(context, upload, make_mapping(upload.plan, words)):
            if isinstance(row, RefusedRow):
                yield row


def read_upload_rows(
    context: Context, upload: Upload, mapping: ImportMapping
) -> Iterator[ReadRow | RefusedRow]:
    """Go through the rows of a list under a mapping."""
    records = make_records(upload, rows_of(context, upload))
    return read_records(records, mapping, context.runtime.today(), context.member_id)


def make_records(upload: Upload, rows: Iterator[KeptRow]) -> Iterator[Record | RefusedRow]:
    """Put each row's cells under their headings."""
    headings = upload.table.headings
    joined_by = upload.plan.joined_by if upload.plan else ""
    at = headings.index(joined_by) if joined_by else None
    for row in rows:
        if len(row.cells) != len(headings):
            number = row.cells[at] if at is not None and at < len(row.cells) else ""
            # A row with fewer cells was shortened when it was read, for what it looks like.
            reason = OTHER_WIDTH if len(row.cells) > len(headings) else NO_ROW
            yield RefusedRow(row.number, {"row": reason}, number)
        else:
            names = {headings[at]: name for at, name in row.names.items()}
            cells = dict(zip(headings, row.cells, strict=True))
            yield Record(row.number, cells, row.occurrence, names, row.content, row.together)


def _count(
    context: Context, mapping: ImportMapping, batch: list[ReadRow | RefusedRow], counted: _Counted
) -> None:
    new, known = part_known(key_rows(context, mapping, (row for row in batch if isinstance(row, ReadRow))))
    fresh = [one.row for one in new]
    counted.already += sum(one.row.rows for one in known)
    counted.differing += count_differing(context, known)
    counted.ready += sum(row.rows for row in fresh)
    counted.incidents += len(fresh)
    counted.counting += sum(row.counts for row in fresh)
    counted.terms += counted.foreseen.count(fresh)
    counted.shown += [
        tell_row(row, counted.foreseen.words.book) for row in fresh[: SHOWN_READY - len(counted.shown)]
    ]
    for row in batch:
        if isinstance(row, RefusedRow):
            counted.refuse(row)
