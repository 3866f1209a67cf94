"""The web page of a publication: one file to put anywhere, which runs no script and asks for nothing."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from casework.domain.languages import LANGUAGES
from casework.reports.publication.charts.drawing import font_face
from casework.reports.publication.charts.frames import NARROW, WIDE
from casework.reports.publication.documents.contents import lay_out
from casework.reports.publication.edition import Edition


def write_page(edition: Edition) -> bytes:
    """Return the page, in UTF-8; the same edition gives the same bytes.

    It leads to those in other languages by their names: they lie beside it in the archive.
    """
    document = lay_out(edition, {"wide": WIDE, "narrow": NARROW})
    for table in document["tables"]:
        # Drawn by charts/canvas.py, which escapes every word of it.
        table["charts"] = {name: Markup(chart) for name, chart in table["charts"].items()}  # noqa: S704
    style = _style()
    return (
        _template()
        .render(doc=document, style=style, policy=_policy(style), others=_others(edition))
        .encode("utf-8")
    )


def _others(edition: Edition) -> list[dict[str, str]]:
    return [
        {"code": code, "name": LANGUAGES[code].name, "file": f"release-{edition.number}-{code}.html"}
        for code in edition.languages
        if code != edition.language
    ]


def _policy(style: str) -> str:
    """Allow this style alone, and the font within it."""
    digest = b64encode(sha256(style.encode("utf-8")).digest()).decode("ascii")
    allowed = f"style-src 'sha256-{digest}'; font-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


@cache
def _style() -> Markup:
    css = (files(__package__) / "page.css").read_text(encoding="utf-8")
    return Markup(font_face() + css)  # noqa: S704 - both are ours


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string((files(__package__) / "page.html").read_text(encoding="utf-8"))
