"""Why rows of a list are refused, in the reader's language: on the page, and as a file."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from flask import stream_with_context
from flask_babel import gettext as _

from casework.domain.coded import FIELDS
from casework.reports.table_csv import harmless
from casework.services.importing.answers import RefusedRow
from casework.services.importing.reasons import describe_reason
from casework.web.forms.importing import name_target

_FLUSHED_ROWS = 500


def name_fault(name: str, sentence: str, values: Mapping[str, str | int]) -> tuple[str, str]:
    """Return what a fault is about, a column or a field, and what is wrong with it."""
    words = str(_(sentence))
    about = {"row": str(_("the row")), "key": str(_("what tells rows apart")), "date": name_target("date")}
    shown = name_target(name) if name in FIELDS else about.get(name, name)
    return shown, words % values if values else words


def write_refused(rows: Iterable[RefusedRow]) -> Iterator[str]:
    """Write refused rows as CSV, a line for each fault, some of them in memory at a time."""
    return stream_with_context(_write(rows))


def _write(rows: Iterable[RefusedRow]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer)
    lines.writerow((_("Row"), _("Column"), _("Why")))
    yield "\ufeff"
    for number, row in enumerate(rows, start=1):
        for name, fault in row.faults.items():
            sentence, values = describe_reason(fault)
            told = name_fault(name, sentence, values)
            lines.writerow((row.number, *map(harmless, told)))
        if number % _FLUSHED_ROWS == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
