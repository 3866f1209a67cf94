"""Why rows of a list are refused, in the reader's language: on the page, and as a file."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask import stream_with_context
from flask_babel import gettext as _

from casework.domain.coded import FIELDS
from casework.domain.messages import N_
from casework.reports.spreadsheets import harmless
from casework.services.importing import coding, joining, rowdates
from casework.services.importing.answers import RefusedRow
from casework.services.importing.reasons import describe_reason
from casework.web.forms.importing import name_target

_FLUSHED_ROWS = 500

_KINDS = {
    coding.NO_CODE: N_("The value is not mapped to any answer."),
    coding.REFUSED: N_("Rows with this value are refused, as was chosen."),
    rowdates.NO_DATE: N_("The date cannot be read."),
    joining.DIFFER: N_("Rows with one number do not agree here."),
    joining.OTHER_REFUSED: N_("Another row of the same incident is refused."),
    joining.TOO_MANY_ROWS: N_(
        "Too many rows have one number: perhaps this column is not that of the incident."
    ),
    joining.TOO_MANY: N_("One incident would have too many people."),
}
"""Of a sentence that quotes a row what it says of all its kind."""


def name_fault(name: str, sentence: str, values: Mapping[str, str | int]) -> tuple[str, str]:
    """Return what a fault is about, a column or a field, and what is wrong with it."""
    words = str(_(sentence))
    about = {"row": str(_("the row")), "key": str(_("what tells rows apart")), "date": name_target("date")}
    shown = name_target(name) if name in FIELDS else about.get(name, name)
    return shown, words % values if values else words


def name_kind(
    name: str, sentence: str, examples: Sequence[Mapping[str, str | int]]
) -> tuple[str, str, list[str]]:
    """Return what a kind of fault is about, what is wrong in all its rows, and what some of them say."""
    values = examples[0] if examples else {}
    about, told = name_fault(name, sentence, values)
    if sentence not in _KINDS:
        return about, told, []
    quoted = (one.get("value", one.get("number", "")) for one in examples)
    return about, str(_(_KINDS[sentence])), [str(one) for one in quoted if one != ""]


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
