"""The files of a story: what was published, no more; a page that asks for nothing, and a tagged PDF."""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from casework.domain.languages import LANGUAGES
from casework.domain.story import PublishedStory
from casework.domain.storydraft import Details, StoryDraft, StoryTexts
from casework.reports.stories.files import list_files, write_page, write_pdf, write_text
from tests.support.browser import DESK, PHONE
from tests.support.pdftags import count_tags, find_loose_fonts
from tests.support.pdftext import read_pages
from tests.support.pdfua import find_failures

EVIL = '<script>alert(1)</script>"\'&{{ 7 * 7 }}</style> #panic("x") *bold* $a$'
DETAILS = Details(age_band="25_34", region="africa", province="quebec", season="2026-spring")


def _story(**texts: StoryTexts) -> PublishedStory:
    told = texts or {
        code: StoryTexts(f"Title {code}", f"First of {code}.\n\nSecond of {code}.")
        for code in ("en", "fr", "es")
    }
    draft = StoryDraft(texts=told, details=DETAILS)
    return PublishedStory(number=3, approved_in="2026-11", organization="Traverse", draft=draft)


def _policy(page: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return found[1].replace("&#39;", "'")


def test_a_file_of_each_kind_in_each_language_that_is_told() -> None:
    """Named by number and language; a withdrawn story has none."""
    names = [file.name for file in list_files(_story(fr=StoryTexts("Retour", "On rentrait.")))]
    assert names == ["story-3-fr.pdf", "story-3-fr.html", "story-3-fr.txt"]
    assert len(list_files(_story())) == 9
    assert list_files(_story().withdrawn("Asked for.", "2026-12")) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_says_what_was_published_and_where_it_stands(code: str) -> None:
    """Words, coarse details, number, month, organisation, consent; nothing in another language."""
    story = _story()
    page, text = write_page(story, code).decode(), write_text(story, code).decode()
    pdf = " ".join(" ".join(read_pages(write_pdf(story, code))).split())
    for written in (page, text, pdf):
        assert f"Title {code}" in written and f"First of {code}." in written
        assert "Traverse" in written and "2026" in written
        others = [other for other in LANGUAGES if other != code]
        assert not any(f"Title {other}" in written for other in others)
    consent = {"en": "consent of", "fr": "consentement", "es": "consentimiento"}
    assert [other for other in consent if consent[other] in text] == [code]
    assert max(map(len, text.splitlines())) <= 78


def test_the_same_story_gives_the_same_bytes() -> None:
    """And no date but the month of its approval."""
    story = _story()
    for file, again in zip(list_files(story), list_files(story), strict=True):
        assert file.draw() == again.draw()


def test_the_pdf_is_tagged() -> None:
    """Headings and paragraphs, each font embedded; what was typed is no code."""
    content = write_pdf(_story(en=StoryTexts(EVIL, EVIL)), "en")
    tags = count_tags(content)
    assert tags["/H1"] == 1 and tags["/H2"] == 2 and tags["/P"] >= 5
    assert find_loose_fonts(content) == [] and find_failures(content) == []
    assert "alert(1)" in "".join(read_pages(content))


def test_the_page_runs_and_asks_for_nothing(browser: Browser, tmp_path: Path) -> None:
    """One style, allowed by its hash; what was typed is no markup; an inspector finds no fault."""
    page_text = write_page(_story(en=StoryTexts(EVIL, EVIL)), "en").decode()
    assert "<script" not in page_text
    [style] = re.findall(r"<style>(.*?)</style>", page_text, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in _policy(page_text) and "default-src 'none'" in _policy(page_text)
    file = tmp_path / "story.html"
    file.write_text(page_text, encoding="utf-8")
    asked: list[str] = []
    for size in (DESK, PHONE):
        page = browser.new_page(viewport=size)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        assert page.locator("h1").inner_text().startswith("<script>")
        width, room = page.evaluate(
            "[document.scrollingElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert width <= room
        page.evaluate(Axe().axe_script)
        found = page.evaluate("axe.run().then(results => results.violations.map(one => one.id))")
        assert found == []
        page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
