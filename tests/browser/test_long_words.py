"""A name of 140 letters without a blank: no page is wider than the window, and nothing is out of sight."""

from collections.abc import Callable, Iterator

import pytest

from tests.browser import steps
from tests.browser.looking import find_faults, shoot
from tests.support.application import CASEWORKER, Template
from tests.support.browser import DESK, PHONE, Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

NAME = "Wilhelminatheodorastefaniarosalind" * 4 + "Anna"
QUESTION = "main section[aria-labelledby=likely]"
# What one would have to scroll sideways to, inside of a page that fits: whole tables, and what is cut off.
_CUT_OFF = """[...document.querySelectorAll('main .scroll, main .panel')]
  .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map(box => `${box.className}: ${box.scrollWidth} > ${box.clientWidth}`)"""


@pytest.fixture
def visitor(
    server: LiveServer, visitors: Callable[..., Visitor], sqlite_template: Template
) -> Iterator[Visitor]:
    """A caseworker who is about to log the same person in a second case: the page asks."""
    visitor = visitors(server.url)
    steps.sign_in(visitor, CASEWORKER, sqlite_template.players[CASEWORKER].passphrase)
    for _case in range(2):
        _log(visitor)
    yield visitor


def _log(visitor: Visitor) -> None:
    visitor.go("/incidents/new")
    steps.write_incident(visitor, "2026-05-12", "traffic_stop", "spvm", "Rue Ontario.")
    steps.write_person(visitor, 0, NAME)
    visitor.page.locator('main details:has([name="people-0-uci"]) > summary').first.click()
    visitor.page.fill('main [name="people-0-uci"]', "11-2233-4455")
    visitor.press("main .savebar button:not([name])")


def find_wide(visitor: Visitor, name: str) -> list[str]:
    """Return what is wider than the window or than what it stands in, on a phone and at a desk."""
    found = []
    for size in (PHONE, DESK):
        visitor.page.set_viewport_size(size)
        view = f"long-{name}-{size['width']}"
        faults = [*find_faults(visitor), *visitor.page.evaluate(_CUT_OFF)]
        found += [f"{view}: {fault}" for fault in faults]
        shoot(visitor, view)
    return found


def test_a_name_without_a_blank(visitor: Visitor) -> None:
    """The question on entry, the case, the lists, the start page, and two records side by side."""
    assert NAME in visitor.say(QUESTION)
    found = find_wide(visitor, "question")
    for box in visitor.page.locator(f"{QUESTION} input[value=unsure]").all():
        box.check()
    visitor.press(f"{QUESTION} button")
    places = {"case": visitor.path, "start": "/", "same": "/cases/same-people"}
    places |= {"cases": "/cases?who=all", "incidents": "/incidents?who=all"}
    for name, path in places.items():
        visitor.go(path)
        found += find_wide(visitor, name)
        assert NAME in visitor.page.inner_text("main"), name
        if name == "same":
            visitor.press("main a.button[href*=merg]")
            found += find_wide(visitor, "merge")
    assert found == []


def test_a_second_line_begins_under_the_first_word(visitor: Visitor) -> None:
    """Of a label that is longer than its card: the circle stands alone."""
    visitor.page.set_viewport_size(PHONE)
    words, circle = visitor.page.evaluate(
        """() => {
          const label = document.querySelector("fieldset#likely-0 .versions label");
          const range = document.createRange();
          range.selectNodeContents(label);
          range.setStartAfter(label.querySelector("input"));
          const lines = [...range.getClientRects()].filter(line => line.width > 1).map(line => line.left);
          return [lines, label.querySelector("input").getBoundingClientRect().right];
        }"""
    )
    assert len(words) > 1 and min(words) > circle and max(words) - min(words) < 8
