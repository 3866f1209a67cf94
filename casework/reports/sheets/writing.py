"""Writes a list as CSV or XLSX, in memory: no library may put a plain temporary file on the disk.

Nothing in either file runs as a formula: CSV cells that look like one begin with an apostrophe, XLSX cells
are text, marked as such for whoever edits them. Who made the file, when and of what stands in its last lines
(CSV), or on its second sheet (XLSX).
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import xlsxwriter

from casework.reports.calendar import write_instant
from casework.reports.sheets.rows import BETWEEN, Sheet, read_texts
from casework.reports.spreadsheets import FORMULA_STARTS, harmless

MOST_ROWS = 50_000
"""An XLSX file is made in memory, which takes about 7 kB a row of incidents; a CSV file takes far less."""

_LONGEST_CELL = 32_767
_WIDEST, _NARROWEST = 44, 10  # columns, in characters
_SAMPLE = 200  # rows by which their width is set


@dataclass(frozen=True, slots=True, repr=False)
class Imprint:
    """Who made it and when (local time), and what was asked; `damaged` is how many do not open."""

    organization: str
    made_by: str
    made_at: datetime
    filters: tuple[str, ...]
    damaged: int
    language: str


def write_csv(sheet: Sheet, imprint: Imprint) -> bytes:
    """Return UTF-8 with the mark that spreadsheets look for, commas, CRLF; comments begin with #."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(sheet.columns)
    tame = cache(harmless)  # most cells of a list are the same few; it goes with this call
    writer.writerows([tame(text) for text in row] for row in sheet.rows)
    writer.writerows([harmless(f"# {line}")] for line in _note(sheet, imprint))
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(sheet: Sheet, imprint: Imprint) -> bytes:
    """Return an XLSX file with two sheets; raises ValueError beyond MOST_ROWS."""
    if len(sheet.rows) > MOST_ROWS:
        raise ValueError("too many rows for a sheet")
    buffer, texts = io.BytesIO(), read_texts(imprint.language)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": imprint.made_at.replace(tzinfo=None)})
        heading = book.add_format({"bold": True, "bottom": 1})
        literal = book.add_format({"quote_prefix": True})
        listed = book.add_worksheet(texts[sheet.name])
        for at, label in enumerate(sheet.columns.values()):
            listed.write_string(0, at, label, heading)
        for number, row in enumerate(sheet.rows, 1):
            for at, text in enumerate(row):
                if text:
                    style = literal if text.startswith(FORMULA_STARTS) else None
                    listed.write_string(number, at, text[:_LONGEST_CELL], style)
        _arrange(listed, sheet)
        about = book.add_worksheet(texts["about"])
        about.set_column(0, 0, 90)
        for number, line in enumerate(_note(sheet, imprint)):
            about.write_string(number, 0, line, literal if line.startswith(FORMULA_STARTS) else None)
    return buffer.getvalue()


def _arrange(listed: xlsxwriter.worksheet.Worksheet, sheet: Sheet) -> None:
    """Keep the headings in sight, offer their filters, and set each column as wide as it needs."""
    listed.freeze_panes(1, 1)
    listed.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    for at, label in enumerate(sheet.columns.values()):
        widest = max([len(label) + 3, *(len(row[at]) for row in sheet.rows[:_SAMPLE])])
        listed.set_column(at, at, min(max(widest, _NARROWEST), _WIDEST))


def _note(sheet: Sheet, imprint: Imprint) -> Iterator[str]:
    texts = read_texts(imprint.language)
    made_on = write_instant(imprint.made_at, imprint.language)
    yield texts["made"].format(made_by=imprint.made_by, made_on=made_on, organization=imprint.organization)
    yield texts["filters"].format(filters=BETWEEN.join(imprint.filters))
    yield texts["count"].format(count=len(sheet.rows))
    if imprint.damaged:
        yield texts["damaged"].format(damaged=imprint.damaged)
    yield texts["columns"]
    for name, label in sheet.columns.items():
        yield f"{name} = {label}"
