"""A recovery share prints as one sheet, and nothing else of its page goes on paper."""

from collections.abc import Callable

import pytest

from tests.browser import steps
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
SHEET = ("Collectif Traverse", "3 of 5 open", "Keep it", "Use it", "Tell them")
VISIBLE = """() => [...document.querySelectorAll("main *")]
  .filter(e => !e.children.length && e.checkVisibility())
  .filter(e => !e.closest(".share")).map(e => e.textContent.trim()).filter(Boolean)"""


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_a_share_prints_alone_on_one_sheet(
    paper: str, empty_server: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """The sheet has name, number, words and code; of the page around it nothing is printed."""
    visitor = visitors(empty_server.url)
    pages: list[bytes] = []

    def look(page: str) -> None:
        if page != "share":
            return
        assert not visitor.page.locator(".share svg.qr").is_visible()
        visitor.page.emulate_media(media="print")
        assert visitor.page.locator(".share svg.qr").is_visible()
        assert all(text in visitor.say(".share") for text in SHEET)
        assert visitor.page.evaluate(VISIBLE) == []
        pages.append(visitor.page.pdf(format=paper))
        visitor.page.emulate_media(media="screen")

    steps.prepare(visitor, "Collectif Traverse", "Lucie", "lucie", look, shares=5, threshold=3)
    assert pages[0].count(b"/Type /Page\n") == 1


def test_the_print_button_is_there_with_scripts_only(
    empty_server: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """With scripts a button prints; without, the text says how, and no dead button stands there."""
    for scripts in (True, False):
        visitor = visitors(empty_server.url, scripts=scripts)

        def look(page: str, visitor: Visitor = visitor, scripts: bool = scripts) -> None:
            if page == "share":
                visitor.page.locator("main details.confirm summary").click()
                assert visitor.page.locator("[data-print]").is_visible() is scripts
                assert "press Ctrl and P" in visitor.say("main details.confirm")

        steps.prepare(visitor, "Collectif Traverse", "Lucie", "lucie", look, shares=2, threshold=2)
