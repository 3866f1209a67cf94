"""A protected table as a CSV file: a method note, then one line a cell.

UTF-8 with the mark that spreadsheets look for, commas, CRLF. The columns depend on the kind of table alone:
per dimension its code and its label, then `count` and `status`. Every answer of a list has its line, zeros
too, so two files of one question line up. A hidden count is empty, never a sign that a program might add up.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from casework.disclosure.tables import Cell, ProtectedTable
from casework.domain.period import Period
from casework.reports.labels import Labels, list_dimensions

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Where a spreadsheet splits at something else than commas, the text after that is a cell of its own.
_INNER_FORMULA = re.compile(r"""([;\t\r\n]["'\s]*)(?=[=+\-@])""")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the note says of the table beside what the table says of itself; `asked` are the dimensions."""

    number: int
    made_on: date
    organization_name: str
    asked: tuple[str, ...]
    period: Period


def write_csv(table: ProtectedTable, labels: Labels, imprint: Imprint) -> bytes:
    """Return the file. Its first line says that nobody compared it with what was exported before."""
    if not isinstance(table, ProtectedTable):
        raise TypeError("only a protected table is ever written")
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerows([remark(line)] for line in _note(table, labels, imprint))
    writer.writerow([])
    writer.writerow(_header(table))
    writer.writerows([harmless(text) for text in line] for line in _lines(table, labels))
    return buffer.getvalue().encode("utf-8-sig")


def _note(table: ProtectedTable, labels: Labels, imprint: Imprint) -> Iterator[str]:
    names, period = list_dimensions(table), imprint.period
    unit = labels.text(table.unit)
    number = labels.note("number")
    yield labels.note("unchecked")
    yield number.format(
        number=imprint.number,
        organization=imprint.organization_name,
        date=labels.day(imprint.made_on),
        engine=table.engine,
    )
    yield labels.note("question").format(
        unit=unit,
        dimensions=_join(imprint.asked, labels),
        first=labels.day(period.first_day),
        last=labels.day(period.last_day),
    )
    if names != imprint.asked:
        yield labels.note("coarsened").format(unit=unit, dimensions=_join(names, labels))
    yield labels.note("consent")
    yield labels.note("vague")
    if table.unit == "people":
        yield labels.note("people")
    yield labels.note("sample")
    yield labels.note("threshold").format(threshold=table.k)
    if table.dimensions[0].multi_valued:
        yield labels.note("tags")
    yield labels.note("status")


def _header(table: ProtectedTable) -> list[str]:
    heads = [head for name in list_dimensions(table) for head in (name, f"{name}_label")]
    return [*heads, *(["part"] if table.dimensions[0].multi_valued else []), "count", "status"]


def _lines(table: ProtectedTable, labels: Labels) -> Iterator[list[str]]:
    names = list_dimensions(table)
    for codes, cell in table.items():
        line = [
            text for name, code in zip(names, codes, strict=False) for text in (code, labels.code(name, code))
        ]
        yield [*line, *codes[len(names) :], *_value(cell)]


def _value(cell: Cell) -> tuple[str, str]:
    if cell.value is None:
        return "", "hidden"
    return ("0", "impossible") if cell.impossible else (str(cell.value), "shown")


def _join(names: Sequence[str], labels: Labels) -> str:
    return " × ".join(labels.inner(name) for name in names)


def remark(text: str) -> str:
    """Return a note line. It never needs quoting, so programs that skip lines beginning with # skip it."""
    plain = " ".join(text.replace(",", " ").replace('"', " ").split())
    return "# " + _INNER_FORMULA.sub(r"\1'", plain)


def harmless(text: str) -> str:
    """A spreadsheet takes a cell that begins like this for a formula; a leading apostrophe makes it text."""
    text = _INNER_FORMULA.sub(r"\1'", text)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
