"""Receiving a list: reading it once, keeping its rows, and proposing what its columns are."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from casework.errors import Invalid, NotFound
from casework.services.context import Context
from casework.services.importing.finer import TermWords
from casework.services.importing.grouping import find_groups, guess_joins
from casework.services.importing.plan import LONGEST_SOURCE, Plan, propose
from casework.services.importing.profiles import Profiler
from casework.services.importing.reading import EMPTY, Sheet, read_file
from casework.services.importing.reasons import describe_reason
from casework.services.importing.remembering import find_fitting
from casework.services.importing.sentlist import SheetView, Upload
from casework.services.importing.uploads import (
    COLUMNS_FROM,
    PIECE_ROWS,
    get_upload,
    keep_decisions,
    read_columns,
    save_upload,
    write_piece,
)
from casework.services.ownterms import get_term_book

_COPY = re.compile(r"(?i)[ _-]+(?:\(\d{1,2}\)|copy|copie|copia)$")
_BEFORE_SHEET = " · "


@dataclass(slots=True)
class _Writing:
    context: Context
    upload_id: UUID
    number: int = 0
    waiting: list[list[Any]] = field(default_factory=list)

    def add(self, row: list[Any]) -> bool:
        """Take a row; returns whether a piece was written."""
        self.waiting.append(row)
        return len(self.waiting) >= PIECE_ROWS and self.flush()

    def flush(self) -> bool:
        if self.waiting:
            write_piece(self.context, self.upload_id, self.number, self.waiting)
            self.number, self.waiting = self.number + 1, []
        return True


def read_upload(context: Context, upload_id: UUID, content: bytes, encoding: str, delimiter: str) -> None:
    """Read the list and keep its rows; what is wrong with it stands in its `fault` afterwards.

    Raises NotFound once the list is gone; then nothing of it is left.
    """
    upload = get_upload(context, upload_id)
    writing, sheets = _Writing(context, upload_id), []
    try:
        for number, sheet in enumerate(read_file(content, encoding, delimiter)):
            sheets.append(_keep_sheet(upload, writing, sheet, number))
        ready = _choose_sheet(context, replace(upload, sheets=tuple(sheets)))
    except Invalid as invalid:
        sentence, values = describe_reason(next(iter(invalid.faults.values())))
        ready = replace(upload, fault=(sentence, values))
    save_upload(context, replace(ready, doing=""))


def choose_sheet(context: Context, upload_id: UUID, sheet: int) -> None:
    """Take another table of the workbook; raises NotFound, Invalid once the list comes in.

    Its numbers are not looked at yet: that takes longer than somebody waits.
    """
    upload = get_upload(context, upload_id)
    if not 0 <= sheet < len(upload.sheets):
        raise NotFound("sheet")
    upload, plan = _propose(context, replace(upload, sheet=sheet))
    keep_decisions(context, replace(upload, plan=plan, groups=None))


def _keep_sheet(upload: Upload, writing: _Writing, sheet: Sheet, number: int) -> SheetView:
    context, first, count = writing.context, writing.number, 0
    profiler = Profiler(sheet.headings, context.runtime.today().year)
    alike: Counter[int] = Counter()
    for count, row in enumerate(sheet.rows, start=1):
        profiler.add(row.cells)
        mark = hash(row.content)
        alike[mark] += 1
        kept = [row.number, row.content, alike[mark], row.cells, list(row.names.items())]
        if writing.add(kept) and (writing.number - first) % 10 == 0:
            save_upload(context, replace(upload, done=count))
    writing.flush()
    columns = [column.to_document() for column in profiler.columns()]
    write_piece(context, upload.id, COLUMNS_FROM + number, columns)
    pieces = writing.number - first
    return SheetView(sheet.name, sheet.headings, count, first, pieces, sheet.heading_row, sheet.is_hidden)


def _choose_sheet(context: Context, upload: Upload) -> Upload:
    """Take the table with most rows, the others are mostly its key; a hidden one only if need be."""
    weights = [(sheet.rows > 0, not sheet.is_hidden, sheet.rows) for sheet in upload.sheets]
    if not any(sheet.rows for sheet in upload.sheets):
        raise Invalid(file=EMPTY)
    upload, plan = _propose(context, replace(upload, sheet=weights.index(max(weights))))
    groups = find_groups(context, upload, plan)
    return replace(upload, plan=guess_joins(plan, groups), groups=groups)


def _propose(context: Context, upload: Upload) -> tuple[Upload, Plan]:
    """Propose a plan: one that was remembered and fits, else a guess; named after its own file either way.

    Under the name of another list its rows would count as in already.
    """
    columns = read_columns(context, upload)
    words = TermWords(get_term_book(context))
    remembered = find_fitting(context, upload.table.headings, columns, words)
    if remembered is not None:
        plan = replace(remembered.plan, source=name_source(upload))
        return replace(upload, remembered=remembered.name, report=None), plan
    return replace(upload, remembered="", report=None), propose(columns, name_source(upload), words)


def name_source(upload: Upload) -> str:
    """Name a list after its file, whichever copy of it was sent, and after its sheet where there are more.

    Two sheets may both count their rows from 1.
    """
    file = _COPY.sub("", upload.name.rpartition(".")[0] or upload.name)
    end = _BEFORE_SHEET + upload.table.name if sum(1 for sheet in upload.sheets if sheet.rows) > 1 else ""
    return file[: max(0, LONGEST_SOURCE - len(end))] + end
