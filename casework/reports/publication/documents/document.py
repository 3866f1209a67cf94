"""The PDF of a publication: tagged, PDF/UA-1 where our fonts have every sign of it."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import pikepdf

from casework.reports.publication.charts.frames import SHEET
from casework.reports.publication.documents.contents import lay_out
from casework.reports.publication.edition import Edition
from casework.reports.typesetting import typeset


def write_pdf(edition: Edition) -> bytes:
    """Return the PDF; the same edition gives the same bytes. Raises RuntimeError, which quotes nothing."""
    return typeset(_template(), lay_out(edition, {"sheet": SHEET}), _head_lines)


def _head_lines(pdf: pikepdf.Pdf) -> None:
    """Make the first cell of each line its heading, which Typst cannot yet: it is heard with each number.

    Headings then all say what they are for, so that no cell has to list its own.
    """
    for row in _rows(pdf.Root.StructTreeRoot):
        for at, cell in enumerate(_children(row)):
            attributes = _children(cell, "/A")
            for one in attributes:
                if "/Headers" in one:
                    del one["/Headers"]
            if at == 0 and cell.S == pikepdf.Name.TD:
                cell.S = pikepdf.Name.TH
                table = next(one for one in attributes if one.O == pikepdf.Name.Table)
                table.Scope = pikepdf.Name.Row


def _rows(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    waiting = _children(root)
    while waiting:
        node = waiting.pop()
        if node.S == pikepdf.Name.TFoot:
            node.S = pikepdf.Name.TBody  # it is one only so that its lines stay together
        if node.S == pikepdf.Name.TR:
            yield node
        else:
            waiting += _children(node)


def _children(node: pikepdf.Object, key: str = "/K") -> list[pikepdf.Object]:
    """List the structure below a node, or its attributes; the page's content itself is no structure."""
    found = node.get(key)
    listed = list(found) if isinstance(found, pikepdf.Array) else [found]
    wanted = "/S" if key == "/K" else "/O"
    return [one for one in listed if isinstance(one, pikepdf.Dictionary) and wanted in one]


@cache
def _template() -> bytes:
    return (files(__package__) / "publication.typ").read_bytes()
