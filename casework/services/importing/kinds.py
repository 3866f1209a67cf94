"""What a file is, whatever its name says: a list can be kept as many things that are no table of ours."""

from casework.domain.messages import N_
from casework.errors import Invalid

_HEAD_BYTES = 4096
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<head", b"<meta", b"<div", b"<?xml")
_NO_TEXT = (b"%PDF", b"{\\rtf", b"\x1f\x8b", b'{"', b'[{"', b"\x89PNG", b"\xff\xd8\xff")
_MARKS = b"\xef\xbb\xbf\xfe \t\r\n"
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a"))
_MOST_CONTROLS = 0.02
"""Of all bytes, and more than a few: some programs leave single zeros in their texts."""
_FEW = 8

NO_TABLE = N_(
    "This is neither a CSV file nor an XLSX workbook. Open it in a spreadsheet program and save it as one of "
    "them."
)
_OLD = N_("This is an older or a locked Excel file. Save it as .xlsx without a password, or as CSV.")
_PAGE = N_(
    "This is a web page or an XML file, whatever its name says. Open it in a spreadsheet program and save it "
    "as .xlsx or CSV."
)


def require_text(content: bytes, is_wide: bool) -> None:
    """Raise Invalid naming `file` for what can be no CSV file; `is_wide`: it is UTF-16."""
    if content.startswith(_OLD_EXCEL):
        raise Invalid(file=_OLD)
    head = content[:_HEAD_BYTES]
    start = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").lstrip(_MARKS)
    if start.lower().startswith(_MARKUP):
        raise Invalid(file=_PAGE)
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if start.startswith(_NO_TEXT) or (not is_wide and controls > max(_FEW, _MOST_CONTROLS * len(head))):
        raise Invalid(file=NO_TABLE)
