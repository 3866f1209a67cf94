"""When a row happened: out of one column, or of columns for year, month and day."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from casework.domain.dates import Precision, VagueDate
from casework.domain.messages import N_
from casework.errors import Invalid
from casework.services.importing.mapping import DateColumns
from casework.services.importing.reasons import Reason
from casework.services.importing.vaguedates import Written, read_serial, read_written_date

NO_DATE = N_("“%(value)s” cannot be read as a date.")
_NOT_IN_FORM = N_("“%(value)s” is no date in the form %(form)s.")
_NO_NUMBER = N_("“%(value)s” is no whole number.")


class RowDate(NamedTuple):
    """A row's date. `kept` are the words, by heading, that say what the date does not."""

    date: VagueDate
    kept: Mapping[str, str] = {}


def read_row_date(
    cells: Mapping[str, str], columns: DateColumns, nulls: frozenset[str], this_year: int
) -> RowDate:
    """Read the date of a row as its mapping says; raises Invalid naming the column that is wrong."""
    if columns.order is not None:
        return _written_date(cells, columns, nulls, this_year)
    if columns.precision is Precision.UNKNOWN:
        return RowDate(VagueDate.unknown())
    return _date_in_form(cells, columns, nulls)


def _written_date(
    cells: Mapping[str, str], columns: DateColumns, nulls: frozenset[str], this_year: int
) -> RowDate:
    """Read the date as it is written; where its column is empty, from those of its parts.

    Words that say more than the date holds are kept in the narrative.
    """
    assert columns.order is not None  # noqa: S101 - who calls has looked
    kept: dict[str, str] = {}
    names = [columns.column] if columns.column else []
    for tried, spare in ((_filled(cells, names, nulls), {}), _split_parts(cells, columns, nulls)):
        kept.update(spare)
        if not tried:
            continue
        texts, name = list(tried.values()), next(iter(tried))
        found = "-".join(texts) if all(map(str.isdecimal, texts)) else " ".join(reversed(texts))
        counted = read_serial(found) if columns.counted else None
        written = Written(counted) if counted else read_written_date(found, columns.order, this_year)
        if written is not None:
            is_vague = written.date.day is not None and written.date.day == columns.vague_day
            kept.update({name: found} if written.says_more or is_vague else {})
            return RowDate(written.date.without_day() if is_vague else written.date, kept)
        if not columns.parked:
            raise Invalid(**{name: Reason(NO_DATE, value=found)})
        kept[name] = found
    return RowDate(VagueDate.unknown(), kept)


def _filled(cells: Mapping[str, str], headings: Sequence[str], nulls: frozenset[str]) -> dict[str, str]:
    return {name: text for name in headings if name and (text := cells[name].strip()) not in nulls}


def _split_parts(
    cells: Mapping[str, str], columns: DateColumns, nulls: frozenset[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Split year, month and day into those that make a date, and those that lack what they belong to.

    A day without a month would be taken for the month.
    """
    parts = _filled(cells, (columns.year, columns.month, columns.day), nulls)
    whole: dict[str, str] = {}
    for name in (columns.year, columns.month, columns.day):
        if name not in parts:
            break
        whole[name] = parts[name]
    return whole, {name: text for name, text in parts.items() if name not in whole}


def _date_in_form(cells: Mapping[str, str], columns: DateColumns, nulls: frozenset[str]) -> RowDate:
    if columns.column:
        text = cells[columns.column].strip()
        if text in nulls:
            return RowDate(VagueDate.unknown())
        try:
            on = datetime.strptime(text, columns.format).date()  # noqa: DTZ007 - only the date is taken
        except ValueError:
            fault = Reason(_NOT_IN_FORM, value=text, form=columns.format)
            raise Invalid(**{columns.column: fault}) from None
        return RowDate(VagueDate.from_parts(columns.precision, year=on.year, month=on.month, day=on.day))
    named = {part: column for part in ("year", "month", "day") if (column := getattr(columns, part))}
    filled = _filled(cells, list(named.values()), nulls)
    if len(filled) < len(named):
        return RowDate(VagueDate.unknown(), filled)
    for column, text in filled.items():
        if not text.isdecimal():
            raise Invalid(**{column: Reason(_NO_NUMBER, value=text)})
    parts = {part: int(filled[column]) for part, column in named.items()}
    year, month, day = (parts.get(part) for part in ("year", "month", "day"))
    return RowDate(VagueDate.from_parts(columns.precision, year=year, month=month, day=day))
