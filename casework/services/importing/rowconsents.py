"""What a row says that somebody agreed to. No row is refused for it: what is not plain is kept in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.domain.dates import VagueDate
from casework.domain.person import Consent
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.services.importing.cells import UNKNOWN_WORD
from casework.services.importing.consentwords import reads_as_day
from casework.services.importing.mapping import EVERY_OTHER, CodedColumn, ConsentColumns
from casework.services.importing.targets import DAYS
from casework.services.importing.vaguedates import Order, read_vague_date


@dataclass(frozen=True, slots=True, repr=False)
class RowConsents:
    """The consents of one person, by purpose; `kept` are the words, by heading, that they do not hold."""

    consents: Mapping[str, Consent]
    kept: Mapping[str, str]


def read_row_consents(
    cells: Mapping[str, str], columns: ConsentColumns, nulls: frozenset[str], today: date
) -> RowConsents:
    """Read what a person agreed to; a purpose of which nothing is said is left out: they were not asked."""
    kept: dict[str, str] = {}
    cells = {heading: cells[heading].strip() for heading in columns.columns()}
    answers = {purpose: _find_code(column, cells, nulls, kept) for purpose, column in columns.answers.items()}
    how = _find_code(columns.how, cells, nulls, kept) if columns.how else NOT_ASKED
    day = None
    if columns.day and cells[columns.day] not in nulls:
        day = _find_day(cells, columns.day, columns.order, today, kept)
    consents = {}
    for purpose, answer in answers.items():
        if answer == NOT_ASKED:
            continue
        heading = columns.answers[purpose].column
        own = _find_day(cells, heading, columns.order, today, kept) if reads_as_day(cells[heading]) else None
        means = code_list("consent_means").find(cells[heading]) or columns.means
        consents[purpose] = Consent(answer, day or own, how if how != NOT_ASKED else means)
    if not consents:
        spare = (columns.day, columns.how.column if columns.how else "")
        kept |= {heading: cells[heading] for heading in spare if heading and cells[heading] not in nulls}
    return RowConsents(consents, kept)


def _find_code(
    column: CodedColumn, cells: Mapping[str, str], nulls: frozenset[str], kept: dict[str, str]
) -> str:
    text = cells[column.column]
    if text in nulls and text not in column.values:
        return NOT_ASKED
    name = DAYS if text not in column.values and reads_as_day(text) and DAYS in column.values else text
    is_parked = name in column.parked or (name not in column.values and EVERY_OTHER in column.parked)
    if is_parked and text != UNKNOWN_WORD:
        kept[column.column] = text
    return column.values[name][0] if name in column.values else column.otherwise


def _find_day(
    cells: Mapping[str, str], heading: str, order: Order | None, today: date, kept: dict[str, str]
) -> date | None:
    """Read the day of an answer; what is none, or has not come yet, is kept in words."""
    text = cells[heading]
    found = _read_day(text, order, today)
    if found is None or found > today:
        kept[heading] = text
        return None
    return found


def _read_day(text: str, order: Order | None, today: date) -> date | None:
    ways = {read_vague_date(text, way, today.year) for way in ((order,) if order else Order)}
    read = ways.pop() if len(ways) == 1 else None
    return _whole(read) if read is not None else None


def _whole(read: VagueDate) -> date | None:
    if read.day is None or read.year is None or read.month is None:
        return None
    return date(read.year, read.month, read.day)
