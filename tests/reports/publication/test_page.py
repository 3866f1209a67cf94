"""The web page: what was released, no more; it runs nothing, asks for nothing, and anybody can read it."""

import html
import re
from base64 import b64encode
from dataclasses import replace
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from casework.domain.languages import LANGUAGES
from casework.reports.calendar import write_number
from casework.reports.publication.documents.page import write_page
from casework.reports.publication.edition import Edition
from tests.support.browser import DESK, PHONE
from tests.support.published import make_editions, publish, withdraw

EVIL = "<script>alert(1)</script><img src=//x.test/y onerror=alert(1)>\"'&{{ 7 * 7 }}</style>"


class Tables(HTMLParser):
    """Reads tables as a list of rows of words; what is hidden from a screen reader is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._cell = self._muted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
            self._cell = True
        self._muted = self._muted or (tag == "span" and ("aria-hidden", "true") in attrs)

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        self._cell = self._cell and tag not in ("th", "td")
        self._muted = self._muted and tag != "span"

    def handle_data(self, data: str) -> None:
        """Keep the words of a cell."""
        if self._cell and not self._muted:
            self.tables[-1][-1][-1] += data


class Heard:
    """Keeps what a page tells: one attribute of each event."""

    def __init__(self, name: str) -> None:
        self.name, self.told = name, list[str]()

    def __call__(self, event: object) -> None:
        """Keep it."""
        self.told.append(getattr(event, self.name))


@cache
def made(language: str) -> Edition:
    """Return the edition of a real release in a language."""
    return next(one for one in make_editions(publish()) if one.language == language)


def read(content: bytes) -> Tables:
    """Parse a page."""
    parser = Tables()
    parser.feed(content.decode())
    return parser


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_number_of_every_table_is_in_it(language: str) -> None:
    edition, tables = made(language), read(write_page(made(language))).tables
    hidden = {"en": "hidden, to", "fr": "masqué, pour", "es": "oculto, para"}[language]
    for layout, rows in zip(edition.tables, tables, strict=True):
        assert rows[0] == [layout.corner, *(column.label for column in layout.columns)]
        for line, row in zip(layout.rows, rows[1:], strict=True):
            assert row[0] == line.label
            for cell, words in zip(line.cells, row[1:], strict=True):
                assert (
                    words == write_number(cell.value, language) if cell.value is not None else hidden in words
                )


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_it_says_all_that_an_edition_says(language: str) -> None:
    edition, page = made(language), html.unescape(write_page(made(language)).decode())
    page = re.sub(r"<[^>]+>", "", page)
    said = [edition.title, *edition.summary.split("\n"), edition.demands, edition.link, *edition.sentences]
    for words in (*said, *(part for _head, note in edition.notes for part in note.split("\n"))):
        assert words in page


def test_tables_have_captions_and_each_heading_its_scope() -> None:
    tags = read(write_page(made("fr"))).tags
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    assert sum(tag == "caption" for tag, _attributes in tags) == sum(tag == "table" for tag, _ in tags)
    ids = [attributes["id"] for _tag, attributes in tags if "id" in attributes]
    assert len(set(ids)) == len(ids)


def test_it_runs_nothing_and_refers_to_nothing() -> None:
    """Links of text alone: to act, and to the other languages beside it; its one style is allowed by hash."""
    page = write_page(made("fr")).decode()
    tags = read(page.encode()).tags
    assert not {tag for tag, _attributes in tags} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "base",
        "form",
    }
    assert not [
        name for _tag, attributes in tags for name in attributes if name.startswith("on") or name == "style"
    ]
    targets = [attributes["href"] for _tag, attributes in tags if "href" in attributes]
    assert targets == ["release-7-en.html", "release-7-es.html", "https://example.org/act"]
    assert not [one for one in re.findall(r"url\(([^)]{0,20})", page) if not one.startswith("data:font")]
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = next(attributes["content"] for tag, attributes in tags if attributes.get("http-equiv"))
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_any_text_is_text() -> None:
    edition = replace(
        made("en"),
        title=EVIL,
        summary=EVIL,
        demands=EVIL,
        organization=EVIL,
        sentences=(EVIL,),
        question=EVIL,
    )
    tags = {tag for tag, _attributes in read(write_page(edition)).tags}
    assert not tags & {"script", "img"}
    assert "49" not in re.sub(r"base64,[^)]*", "", write_page(edition).decode()).split("<main>")[0]
    assert html.escape(EVIL, quote=False)[:30] in write_page(edition).decode()
    assert b"javascript:" not in write_page(replace(edition, link="javascript:alert(1)"))


def test_what_was_withdrawn_says_so_first() -> None:
    page = write_page(make_editions(withdraw(publish()))[1]).decode()
    body = page.split("<body>")[1]
    assert body.index("Retirée le") < body.index("<h1")


def test_the_same_edition_gives_the_same_bytes() -> None:
    assert write_page(made("es")) == write_page(made("es"))


@pytest.mark.browser
@pytest.mark.parametrize("language", list(LANGUAGES))
def test_it_asks_for_nothing_and_an_inspector_finds_nothing(
    browser: Browser, language: str, tmp_path: Path
) -> None:
    """Opened as a file, at both widths, light and dark."""
    path = tmp_path / "page.html"
    path.write_bytes(write_page(made(language)))
    for size in (DESK, PHONE):
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport=size, color_scheme=scheme)
            page, asked, said = context.new_page(), Heard("url"), Heard("text")
            page.on("request", asked)
            page.on("console", said)
            page.goto(path.as_uri())
            assert page.evaluate(
                "document.fonts.ready.then(() => document.fonts.check('16px \"Atkinson Hyperlegible Next\"'))"
            )
            assert page.evaluate("document.scrollingElement.scrollWidth") <= size["width"]
            assert [one["id"] for one in Axe().run(page).response["violations"]] == []
            assert (asked.told, said.told) == ([path.as_uri()], [])
            context.close()


@pytest.mark.browser
def test_what_is_printed_has_all_numbers(browser: Browser, tmp_path: Path) -> None:
    """On paper nothing is lost at an edge, and both charts are not printed twice."""
    path = tmp_path / "page.html"
    path.write_bytes(write_page(made("en")))
    page = browser.new_page(viewport=DESK)
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    shown = page.locator("figure svg").evaluate_all("all => all.map(one => getComputedStyle(one).display)")
    assert shown == ["block", "none"] * len(made("en").tables)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    page.close()
