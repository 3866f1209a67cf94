"""An edition as a workbook: a sheet for each table, notes, official counts; in memory, ready to print.

Counts are numbers, so they can be added up by whoever may; what is hidden is the letter x. No text runs as a
formula. The file says of whom it is, never who made it, and its dates are those of the release: so the same
release gives the same bytes.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from casework.reports.calendar import write_day
from casework.reports.layout import Layout, Shown
from casework.reports.publication import words
from casework.reports.publication.edition import Edition, OfficialCount
from casework.reports.spreadsheets import FORMULA_STARTS

SIGNS = {"hidden": "x", "structural": "–"}
_WIDEST, _NARROWEST, _NUMBER = 44, 12, 9  # columns, in characters
_NOTE_WIDTH = 100
_OFFICIAL = ("what", "service", "period", "count", "unit", "publisher", "title", "published", "url", "note")
_PAPER_LETTER = 1


def write_workbook(edition: Edition) -> bytes:
    """Return the XLSX file."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        _Writer(book, edition).write()
    return buffer.getvalue()


class _Writer:
    """Writes the sheets of one edition."""

    def __init__(self, book: xlsxwriter.Workbook, edition: Edition) -> None:
        self._book, self._edition = book, edition
        texts = words.read_texts(edition.language)
        self._texts: Mapping[str, Any] = texts["workbook"]
        self._source = self._texts["source"].format(
            number=edition.number,
            organization=edition.organization,
            day=write_day(edition.made_on, edition.language),
        )
        self._styles = _make_styles(book)

    def write(self) -> None:
        edition = self._edition
        self._book.set_properties(
            {
                "title": edition.title,
                "subject": edition.question,
                "author": edition.organization,
                "company": edition.organization,
                "comments": f"{self._source}\n{edition.checksum}",
                "created": datetime.combine(edition.made_on, time()),
            }
        )
        for number, table in enumerate(edition.tables, 1):
            self._write_table(self._sheet(self._texts["table"].format(number=number)), table)
        self._write_notes(self._sheet(self._texts["notes"]))
        if edition.official:
            self._write_official(self._sheet(self._texts["official"]), edition.official)

    def _sheet(self, name: str) -> Worksheet:
        """Begin a sheet that prints on as many letter pages as it is long, one wide."""
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(_PAPER_LETTER)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        # A year or a bound is a label: no program has to mark it as a number in the wrong form.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_footer(f"&L{self._source.replace('&', '&&')}&R&P / &N")
        return sheet

    def _write_table(self, sheet: Worksheet, table: Layout) -> None:
        head = self._write_opening(sheet, table.caption, table.subtitle)
        self._write_cell(sheet, head, 0, table.corner, "heading")
        for at, column in enumerate(table.columns, 1):
            self._write_cell(sheet, head, at, column.label, "heading_number")
        for down, row in enumerate(table.rows, head + 1):
            kind = row.kind or "plain"
            self._write_cell(sheet, down, 0, row.label, kind)
            for at, cell in enumerate(row.cells, 1):
                self._write_count(sheet, down, at, cell, "total" if row.kind == "total" else "plain")
        end = head + len(table.rows) + 2
        for down, line in enumerate(self._explain(), end):
            self._write_cell(sheet, down, 0, line, "small")
        sheet.set_column(0, 0, _width([table.corner, *(row.label for row in table.rows)]))
        for at, column in enumerate(table.columns, 1):
            sheet.set_column(at, at, min(max(_NUMBER, len(column.label) + 2), 22))
        sheet.freeze_panes(head + 1, 1)
        sheet.repeat_rows(head)

    def _write_opening(self, sheet: Worksheet, title: str, subtitle: str) -> int:
        """Write what a sheet is; give the row after it."""
        lines = [(title, "title"), (subtitle, "plain")]
        lines += [(line, "warning") for line in self._edition.standing.notice.splitlines()]
        for down, (text, style) in enumerate(lines):
            self._write_cell(sheet, down, 0, text, style)
        return len(lines) + 1

    def _explain(self) -> Sequence[str]:
        notes = dict(self._edition.notes)
        symbols = notes.get(words.read_texts(self._edition.language)["note"]["symbols"]["heading"], "")
        return [*symbols.splitlines(), f"{self._source}. {self._edition.checksum}"]

    def _write_notes(self, sheet: Worksheet) -> None:
        edition, texts = self._edition, self._texts
        down = self._write_opening(sheet, edition.title, edition.question)
        parts = [
            (texts["summary"], edition.summary),
            (texts["sentences"], "\n".join(edition.sentences)),
            (texts["demands"], edition.demands),
            (texts["link"], edition.link),
            *edition.notes,
        ]
        for heading, text in parts:
            for at, line in enumerate(part for part in text.splitlines() if part.strip()):
                if not at:
                    self._write_cell(sheet, down, 0, heading, "bold")
                self._write_cell(sheet, down, 1, line, "wrapped")
                down += 1
        sheet.set_column(0, 0, _width([heading for heading, _text in parts]))
        sheet.set_column(1, 1, _NOTE_WIDTH)

    def _write_official(self, sheet: Worksheet, official: Sequence[OfficialCount]) -> None:
        notes, heading = dict(self._edition.notes), self._texts["official"]
        said = notes[words.read_texts(self._edition.language)["note"]["official"]["heading"]]
        head = self._write_opening(sheet, heading, said)
        rows = [[str(getattr(one, name)) for name in _OFFICIAL] for one in official]
        kept = [at for at in range(len(_OFFICIAL)) if any(row[at] for row in rows)]
        for across, at in enumerate(kept):
            label = self._texts["column"][_OFFICIAL[at]]
            is_count = _OFFICIAL[at] == "count"
            self._write_cell(sheet, head, across, label, "heading_number" if is_count else "heading")
            for down, one in enumerate(official, 1):
                if is_count and one.precision == "exact":
                    sheet.write_number(head + down, across, one.number, self._styles["number"])
                else:
                    self._write_cell(
                        sheet, head + down, across, rows[down - 1][at], "right" if is_count else "top"
                    )
            sheet.set_column(across, across, _width([label, *(row[at] for row in rows)]))
        sheet.freeze_panes(head + 1, 0)
        sheet.repeat_rows(head)

    def _write_count(self, sheet: Worksheet, down: int, at: int, cell: Shown, kind: str) -> None:
        if cell.value is None:
            self._write_cell(sheet, down, at, SIGNS[cell.state], f"sign_{kind}")
        else:
            sheet.write_number(
                down, at, cell.value, self._styles["total_number" if kind == "total" else "number"]
            )

    def _write_cell(self, sheet: Worksheet, down: int, at: int, text: str, style: str) -> None:
        if text:
            # A text that looks like a formula is marked as text for whoever edits it.
            name = f"literal_{style}" if text.startswith(FORMULA_STARTS) else style
            sheet.write_string(down, at, text, self._styles[name])


def _make_styles(book: xlsxwriter.Workbook) -> Mapping[str, Format]:
    """Make the styles; a literal one says of its text that it is one, whatever it begins with."""
    number: dict[str, object] = {"num_format": "#,##0", "align": "right"}
    total: dict[str, object] = {"bold": True, "top": 1}
    grey = {"font_color": "#6b6b6b"}
    looks: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 14},
        "plain": {},
        "aside": {"italic": True},
        "total": total,
        "bold": {"bold": True, "valign": "top"},
        "small": {"font_size": 9, **grey},
        "warning": {"bold": True, "font_color": "#a40000"},
        "heading": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"},
        "heading_number": {
            "bold": True,
            "bottom": 1,
            "text_wrap": True,
            "valign": "bottom",
            "align": "right",
        },
        "wrapped": {"text_wrap": True, "valign": "top"},
        "top": {"text_wrap": True, "valign": "top"},
        "right": {"align": "right", "valign": "top"},
        "sign_plain": {"align": "right", **grey},
        "sign_total": {**total, "align": "right", **grey},
    }
    looks |= {f"literal_{name}": look | {"quote_prefix": True} for name, look in looks.items()}
    styles = {name: book.add_format(look) for name, look in looks.items()}
    styles["number"] = book.add_format({**number, "valign": "top"})
    styles["total_number"] = book.add_format(total | number)
    return styles


def _width(texts: Sequence[str]) -> int:
    return min(max(_NARROWEST, *(len(text) + 2 for text in texts)), _WIDEST)
