"""Rows out of a file's bytes, one after the other: CSV of any make, and the sheets of an XLSX workbook."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from casework.domain.messages import N_
from casework.errors import Invalid
from casework.services.importing.cells import UNKNOWN_WORD, find_name, hash_cells, tidy_cell
from casework.services.importing.encodings import OLD, find_encoding, find_wide
from casework.services.importing.headrows import (
    LOOKED_AT_ROWS,
    find_heading,
    find_width,
    is_note,
    name_columns,
    pad,
    without_tail,
)
from casework.services.importing.kinds import require_text
from casework.services.importing.reasons import Reason
from casework.services.importing.workbook import is_workbook, read_workbook

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 300

ENCODINGS = ("utf-8", *OLD, "utf-16")
DELIMITERS = (",", ";", "\t", "|")

_REMEMBERED = 1 << 16
_SNIFFED_CHARACTERS = 64 * 1024
_SNIFFED_ROWS = 200
_MOST_FIGURES = 15
_END = "\x1f"
"""A last line of ours: it stands alone unless a cell was never closed."""

# A cell can hold a whole report; one that is too long is its row's fault.
csv.field_size_limit(MOST_BYTES)

TOO_LARGE = N_("This file is larger than 20 MB. Split it, or leave out columns that are not needed.")
TOO_LONG = N_("This file has more than 100,000 rows. Split it into several files.")
_TOO_WIDE = N_("This table has more than 300 columns. Leave out those that are not needed.")
EMPTY = N_("There is no row in this file.")
_OTHER_ENCODING = N_("The file is not written in this encoding. Choose another one, or let it be found out.")
_BROKEN = N_("From row %(row)s on this is no CSV file.")
_OPEN = N_(
    "In row %(row)s a quotation mark opens a cell, and none closes it. Add the other one, or take it away."
)


@dataclass(frozen=True, slots=True, repr=False)
class SheetRow:
    """A row with its number in the file as a spreadsheet counts it: from 1, the heading included.

    There are as many cells as headings; more where the row is wider. `names` are the words, by their place,
    that read as nothing or as unknown, and may be a name; `content` stands for all that the file
    has in the row.
    """

    number: int
    cells: tuple[str, ...]
    content: str
    names: Mapping[int, str]


class _Line(NamedTuple):
    number: int
    cells: tuple[str, ...]
    raw: Sequence[object]


@dataclass(frozen=True, slots=True, repr=False)
class Sheet:
    """A table of a file: its name (empty in a CSV file), its headings, each different, and its rows.

    `heading_row` is where the headings stand, as the rows are counted.
    """

    name: str
    headings: tuple[str, ...]
    rows: Iterator[SheetRow]
    heading_row: int = 1
    is_hidden: bool = False


def read_file(content: bytes, encoding: str = "", delimiter: str = "") -> Iterator[Sheet]:
    """Go through the tables of a file; each one's rows are read before the next table is asked for.

    Encoding and delimiter are found out where they are not given. Blank rows are left out. Raises Invalid
    naming `file`, also on the way, where it is too large or no table.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(file=TOO_LARGE)
    counted = _Bound()
    if is_workbook(content):
        for name, is_hidden, rows in read_workbook(content):
            if (sheet := _sheet(name, rows, counted)) is not None:
                yield replace(sheet, is_hidden=is_hidden)
    else:
        sheet = _sheet("", _read_csv(content, encoding, delimiter), counted, may_shift=True)
        if sheet is None:
            raise Invalid(file=EMPTY)
        yield sheet


def find_delimiter(text: str) -> str:
    """Find out what separates the cells: what cuts most rows into equally many, and into more than one."""
    best, found = (0.0, 0), ","
    for delimiter in DELIMITERS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(row) for row in islice(rows, _SNIFFED_ROWS) if row)
        except csv.Error:
            continue
        width, times = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(0, 0))
        score = (times / widths.total() if width > 1 else 0.0, width)
        if score > best:
            best, found = score, delimiter
    return found


def number_headings(cells: Sequence[str]) -> tuple[str, ...]:
    """Give each column a name of its own: "Name", "Name (2)"; a blank one gets its number: "[3]"."""
    taken: set[str] = set()
    headings = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"[{number}]"
        heading, again = name, 2
        while heading in taken:
            heading, again = f"{name} ({again})", again + 1
        taken.add(heading)
        headings.append(heading)
    return tuple(headings)


class _Bound:
    def __init__(self) -> None:
        self.rows = 0

    def count(self) -> None:
        self.rows += 1
        if self.rows > MOST_ROWS:
            raise Invalid(file=TOO_LONG)


def _sheet(
    name: str, raw: Iterable[Sequence[object]], bound: _Bound, may_shift: bool = False
) -> Sheet | None:
    """Find the heading among the first rows, what stands above it is left out; None for an empty table."""
    # Cells say the same again and again; what is remembered of them goes with the table.
    tidy = lru_cache(_REMEMBERED, typed=True)(tidy_cell)
    lines = (_Line(number, tuple(map(tidy, cells)), cells) for number, cells in enumerate(raw, start=1))
    filled = (line for line in lines if any(line.cells))
    first = list(islice(filled, LOOKED_AT_ROWS))
    if not first:
        return None
    looked_at = [line.cells for line in first]
    at = find_heading(looked_at)
    heading = name_columns(looked_at, at)
    width = find_width(heading, looked_at[at + 1 :], may_shift)
    if width > MOST_COLUMNS:
        width = len(heading)  # a cell far to the right is one row's fault
    if width > MOST_COLUMNS:
        raise Invalid(file=_TOO_WIDE)
    headings = number_headings(pad(heading, width))
    return Sheet(name, headings, _rows(chain(first[at + 1 :], filled), width, bound), first[at].number)


def _rows(lines: Iterable[_Line], width: int, bound: _Bound) -> Iterator[SheetRow]:
    before, is_apart = 0, False
    for number, cells, raw in lines:
        bound.count()
        is_apart = is_apart or (before > 0 and number > before + 1)
        before = number
        # Whoever reads it refuses what has not the table's width.
        is_row = not is_note(cells, width, is_apart)
        fitted = _fit(cells, width) if is_row else without_tail(cells)
        yield SheetRow(number, fitted, hash_cells(raw), _find_names(cells, raw))


def _find_names(cells: Sequence[str], raw: Sequence[object]) -> dict[int, str]:
    hidden = (at for at, cell in enumerate(cells) if cell in ("", UNKNOWN_WORD) and raw[at])
    return {at: name for at in hidden if (name := find_name(raw[at]))}


def _fit(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    if len(cells) > width:
        return cells[:width] if not any(cells[width:]) else without_tail(cells)
    return pad(cells, width)


def _choose_codec(encoding: str, content: bytes) -> tuple[str, str]:
    if not encoding:
        return find_encoding(content)
    if encoding == "utf-16":
        return find_wide(content) or encoding, "strict"
    # Windows leaves five bytes of its encoding without a letter; one of them must not stop a list.
    return ("utf-8-sig", "strict") if encoding == "utf-8" else (encoding, "replace")


def _read_csv(content: bytes, encoding: str, delimiter: str) -> Iterator[list[str]]:
    codec, faults = _choose_codec(encoding, content)
    require_text(content, codec.startswith("utf-16"))
    text = io.TextIOWrapper(io.BytesIO(content), encoding=codec, errors=faults, newline="")
    row = 0
    try:
        between = delimiter or find_delimiter(text.read(_SNIFFED_CHARACTERS))
        text.seek(0)
        lines = _Lines(text)
        for cells in csv.reader(lines, delimiter=between):
            if lines.is_over and cells == [_END]:
                return
            row += 1
            if lines.is_over or _swallows_next(cells, between):
                raise Invalid(file=Reason(_OPEN, row=row))
            yield cells
    except UnicodeError:
        raise Invalid(file=_OTHER_ENCODING) from None
    except csv.Error:
        raise Invalid(file=Reason(_BROKEN, row=row + 1)) from None


class _Lines:
    """The lines of a file, and `_END`; the file may hold the same sign, which ends nothing."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.is_over = False
        self._lines = lines

    def __iter__(self) -> Iterator[str]:
        yield from self._lines
        self.is_over = True
        yield _END


def _swallows_next(cells: Sequence[str], delimiter: str) -> bool:
    """Return whether a cell holds the row that follows: a stray quotation mark opened it, another closed it.

    Only where rows are numbered one by one, so that no story is taken for rows.
    """
    number = cells[0].strip() if cells else ""
    if not number.isdecimal() or len(number) > _MOST_FIGURES:
        return False
    lines = (line for cell in cells[1:] if "\n" in cell for line in cell.split("\n")[1:])
    following = str(int(number) + 1)
    return any(
        line.count(delimiter) >= max(2, len(cells) - 2)
        and line.partition(delimiter)[0].strip(' "') == following
        for line in lines
    )
