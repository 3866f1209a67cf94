"""The web page of a publication: one file to put anywhere, which runs no script and asks for nothing."""

from dataclasses import replace

from markupsafe import Markup

from casework.reports.publication.charts.frames import NARROW, WIDE
from casework.reports.publication.documents.contents import lay_out
from casework.reports.publication.edition import Edition
from casework.reports.webpage import draw_page

_FRAMES = {frame.name: replace(frame, is_explained=True) for frame in (WIDE, NARROW)}


def write_page(edition: Edition) -> bytes:
    """Return the page, in UTF-8; the same edition gives the same bytes.

    It leads to those in other languages by their names: they lie beside it in the archive.
    """
    document = lay_out(edition, _FRAMES)
    for table in document["tables"]:
        # Drawn by charts/canvas.py, which escapes every word of it.
        table["charts"] = {name: Markup(chart) for name, chart in table["charts"].items()}  # noqa: S704
    others = {
        code: f"release-{edition.number}-{code}.html"
        for code in edition.languages
        if code != edition.language
    }
    return draw_page(__package__, "page.html", document, others, (document["release"], document["made_on"]))
