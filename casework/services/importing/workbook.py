"""The sheets of an XLSX workbook, row by row, with a bound on what its packing may unfold to."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import load_workbook

from casework.domain.messages import N_
from casework.errors import Invalid

MOST_UNPACKED_BYTES = 400 * 1024 * 1024
MOST_SHARED_BYTES = 64 * 1024 * 1024
"""For the texts that cells share, which are held in memory."""

_PIECE_BYTES = 1 << 20
_SHARED = "xl/sharedStrings.xml"
_BOOK = re.compile(r"/?xl/.*\.xml", re.IGNORECASE)
_ZIP = b"PK\x03\x04"

_TOO_LARGE = N_("This workbook unfolds to more than can be read here. Save the sheet that is needed as CSV.")
_NO_SHEETS = N_("This is no .xlsx workbook. Open it in a spreadsheet program and save it as .xlsx or CSV.")
_DAMAGED = N_("This workbook cannot be read. Open it in a spreadsheet program and save it again.")


def is_workbook(content: bytes) -> bool:
    """Return whether the bytes are a packed file, as every XLSX workbook is."""
    return content.startswith(_ZIP)


def read_workbook(content: bytes) -> Iterator[tuple[str, Iterator[Sequence[object]]]]:
    """Go through the sheets as (name, rows); dates are dates, formulas what they gave last.

    Raises Invalid naming `file` for what is no workbook, is damaged, or unfolds to too much.
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
        yield sheet.title, _rows(sheet)


def _rows(sheet: Any) -> Iterator[Sequence[object]]:
    rows = sheet.iter_rows(values_only=True)
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                row = next(rows, None)
            except Exception:  # noqa: BLE001, RUF100 (the same)
                raise Invalid(file=_DAMAGED) from None
        if row is None:
            return
        yield row


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
            tail, first = piece[-16:], False
    return left
