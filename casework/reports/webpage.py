"""Web pages to put anywhere: one file each, which runs no script and asks for nothing."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from casework.domain.languages import LANGUAGES
from casework.reports.publication.charts.drawing import font_face


def draw_page(
    package: str, template: str, document: Mapping[str, Any], others: Mapping[str, str], marks: Sequence[str]
) -> bytes:
    """Return the page of a template that extends `webpage.html`, in UTF-8; the same input gives the same.

    `others` are the files of the same page in other languages, which lie beside it, by language; `marks` say
    which page it is.
    """
    style = _style()
    links = [{"code": code, "name": LANGUAGES[code].name, "file": file} for code, file in others.items()]
    page = _templates(package).get_template(template)
    return page.render(doc=document, style=style, policy=_policy(style), others=links, marks=marks).encode(
        "utf-8"
    )


def _policy(style: str) -> str:
    """Allow this style alone, and the font within it."""
    digest = b64encode(sha256(style.encode("utf-8")).digest()).decode("ascii")
    allowed = f"style-src 'sha256-{digest}'; font-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


@cache
def _style() -> Markup:
    css = (files(__package__) / "webpage.css").read_text(encoding="utf-8")
    return Markup(font_face() + css)  # noqa: S704 - both are ours


@cache
def _templates(package: str) -> Environment:
    def load(name: str) -> str:
        folder = __package__ if name == "webpage.html" else package
        return (files(folder) / name).read_text(encoding="utf-8")

    loader = FunctionLoader(load)
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, loader=loader)
