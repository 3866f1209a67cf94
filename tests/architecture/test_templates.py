"""Templates keep the rules of docs/interface.md, also those that no test happens to render."""

import re
from pathlib import Path

import pytest
from flask import Flask

FOLDER = Path(__file__).parent.parent.parent / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
PAGES = [name for name in TEMPLATES if "/_" not in f"/{name}" and name != "base.html"]
FORBIDDEN = {
    "a text that is not escaped": re.compile(r"\|\s*safe\b|autoescape"),
    "a style in the page": re.compile(r"\sstyle=|<style"),
    "a script in the page": re.compile(r"\son[a-z]+=\"|<script(?![^>]*\bsrc=)|javascript:"),
    "an address elsewhere": re.compile(r"(?:src|href|action)=\"(?:https?:)?//"),
}


def read(name: str) -> str:
    """Return a template without its comments."""
    return re.sub(r"\{#.*?#\}", "", (FOLDER / name).read_text(encoding="utf-8"), flags=re.S)


def test_every_template_compiles(app: Flask) -> None:
    """With the filters and extensions that the application has."""
    for name in TEMPLATES:
        app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_its_title(name: str) -> None:
    """A browser's history and a screen reader begin with it; the page that stands alone writes its own."""
    assert re.search(r"\{% block title %\}.+?\{% endblock %\}|<title>.+?</title>", read(name))


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_imported_is_used(name: str) -> None:
    """A template says at its top what it needs, and no more."""
    text = read(name)
    names = re.findall(r"\{%-? import \"[^\"]+\" as (\w+)", text)
    assert [used for used in names if not re.search(rf"\b{used}\.", text)] == []


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_no_template_opens_a_door(fault: str) -> None:
    """The Content-Security-Policy would refuse it in the browser; here it is refused first."""
    assert [name for name in TEMPLATES if FORBIDDEN[fault].search(read(name))] == []
