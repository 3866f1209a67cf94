"""The sheets of an XLSX workbook, row by row, with a bound on what its packing may unfold to."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from openpyxl import load_workbook

from casework.domain.messages import N_
from casework.errors import Invalid
from casework.services.importing.reasons import Reason

MOST_UNPACKED_BYTES = 400 * 1024 * 1024
MOST_SHARED_BYTES = 64 * 1024 * 1024
"""For the texts that cells share, which are held in memory."""

_PIECE_BYTES = 1 << 20
_TAIL_BYTES = 1 << 10
_SHEETS = "xl/worksheets/"
_SHARED = "xl/sharedStrings.xml"
_SPELLED_OUT = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.')
# An empty text (t="str") is a result; nothing at all is none.
_NEVER_WORKED_OUT = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"(?:(?! t="str")[^>])*><f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)
_BOOK = re.compile(r"/?xl/.*\.xml", re.IGNORECASE)
_ZIP = b"PK\x03\x04"

_TOO_LARGE = N_("This workbook unfolds to more than can be read here. Save the sheet that is needed as CSV.")
_NO_SHEETS = N_("This is no .xlsx workbook. Open it in a spreadsheet program and save it as .xlsx or CSV.")
_NO_RESULT = N_(
    "The formula in cell %(cell)s was never worked out. Open the workbook in a spreadsheet program, save it, "
    "and send it again."
)
_DAMAGED = N_("This workbook cannot be read. Open it in a spreadsheet program and save it again.")


def is_workbook(content: bytes) -> bool:
    """Return whether the bytes are a packed file, as every XLSX workbook is."""
    return content.startswith(_ZIP)


class BookSheet(NamedTuple):
    """A sheet of a workbook; who opens the workbook does not see one that `is_hidden`."""

    name: str
    is_hidden: bool
    rows: Iterator[Sequence[object]]


def read_workbook(content: bytes) -> Iterator[BookSheet]:
    """Go through the sheets; dates are dates, as far as their cells show them; formulas what they gave last.

    Raises Invalid naming `file` for what is no workbook, is damaged, unfolds to too much, or has a formula
    that never gave anything.
    """
    _check_packing(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and menus, which nobody reads here
        try:
            book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        except Exception:  # noqa: BLE001, RUF100 (whatever a broken file makes of the reader)
            raise Invalid(file=_DAMAGED) from None
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what a file says of its size is often wrong
        yield BookSheet(sheet.title, sheet.sheet_state != "visible", _rows(sheet))


def _rows(sheet: Any) -> Iterator[Sequence[object]]:
    rows = sheet.iter_rows()
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                cells = next(rows, None)
                row = _read_row(cells) if cells is not None else None
            except Exception:  # noqa: BLE001, RUF100 (the same)
                raise Invalid(file=_DAMAGED) from None
        if row is None:
            return
        yield row


def _read_row(cells: Sequence[Any]) -> list[object]:
    """Give what cells show: a date whose day is not shown, "Mar-21", was typed without one."""
    values: list[object] = [cell.value for cell in cells]
    for at, value in enumerate(values):
        if isinstance(value, datetime) and (shown := _find_shown_parts(cells[at].number_format)):
            values[at] = value.strftime(shown)
    return values


@cache
def _find_shown_parts(number_format: str) -> str:
    """Return how to write a date that shows no day; empty where it shows one."""
    parts = _SPELLED_OUT.sub("", number_format.lower())
    if "y" not in parts or "d" in parts:
        return ""
    return "%Y-%m" if "m" in parts else "%Y"


def _check_packing(content: bytes) -> None:
    """Unfold every part once and keep nothing: what a part says of its own size is no bound."""
    left = MOST_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if not any(_BOOK.fullmatch(name) for name in packed.namelist()):
                raise Invalid(file=_NO_SHEETS)
            for part in packed.infolist():
                left = _unfold(packed, part, left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise Invalid(file=_DAMAGED) from None


def _unfold(packed: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    most = min(left, MOST_SHARED_BYTES) if part.filename == _SHARED else left
    tail, is_xml = b"", part.filename.endswith((".xml", ".rels"))
    is_sheet = part.filename.startswith(_SHEETS)
    with packed.open(part) as file:
        first = True
        while piece := file.read(_PIECE_BYTES):
            most, left = most - len(piece), left - len(piece)
            if most < 0:
                raise Invalid(file=_TOO_LARGE)
            # Entities can unfold to any size, and in UTF-16 nobody would see them; nobody writes either.
            hides = first and piece[:2] in (b"\xff\xfe", b"\xfe\xff")
            if is_xml and (hides or b"<!DOCTYPE" in tail + piece):
                raise Invalid(file=_DAMAGED)
            if is_sheet and (found := _NEVER_WORKED_OUT.search(tail + piece)):
                raise Invalid(file=Reason(_NO_RESULT, cell=found[1].decode()))
            tail, first = piece[-_TAIL_BYTES:], False
    return left
