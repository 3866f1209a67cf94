"""Without a mouse: where the focus goes, that it can be seen, and that everything can be pressed."""

from collections.abc import Callable

import pytest

from casework.services.demonstration.members import CASEWORKER
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]

_FOCUSED = """() => {
    const focused = document.activeElement;
    const style = getComputedStyle(focused);
    return {
        name: focused.name || focused.id || focused.className || focused.tagName,
        seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        covered: focused.getClientRects().length === 0,
    };
}"""


def tab(visitor: Visitor, key: str = "Tab") -> str:
    """Go to the next place, which must show that it has the focus; returns what it is called."""
    visitor.page.keyboard.press(key)
    focused = visitor.page.evaluate(_FOCUSED)
    assert focused["seen"], f"no ring around {focused['name']}"
    assert not focused["covered"]
    return str(focused["name"])


def press_enter(visitor: Visitor) -> None:
    """Press Enter, which leads to another page."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def test_signing_in_and_writing_by_keyboard_alone(demonstration: LiveServer, visitors: Visitors) -> None:
    """Skip link, order of a form, its faults, a menu and a group of answers work from the keyboard."""
    visitor = visitors(demonstration.url)
    page = visitor.page
    visitor.go("/sign-in?next=/incidents/new")
    assert tab(visitor) == "skip"
    assert [tab(visitor) for _ in range(2)] == ["name", "language"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    visitor.go("/sign-in?next=/incidents/new")
    walk_to(visitor, "login")
    page.keyboard.type("nobody")
    assert tab(visitor) == "passphrase"
    page.keyboard.type("wrong")
    press_enter(visitor)
    assert "summary" in page.evaluate("document.activeElement.className")
    walk_to(visitor, "login")
    page.keyboard.press("Control+A")
    page.keyboard.type(CASEWORKER.login)
    assert tab(visitor) == "passphrase"
    page.keyboard.type(CASEWORKER.passphrase)
    press_enter(visitor)
    assert visitor.path.startswith("/incidents/new?form=")
    write_by_keyboard(visitor)


def write_by_keyboard(visitor: Visitor) -> None:
    """Walk through the form of an incident."""
    page = visitor.page
    order = [tab(visitor) for _ in range(8)]
    assert order[:2] == ["skip", "name"]
    assert "save_draft" not in order
    walk_to(visitor, "precision")
    assert tab(visitor, "ArrowRight") == "precision"
    assert page.is_checked("main [name=precision][value=month]")
    assert tab(visitor) == "month"
    assert tab(visitor) == "year"
    page.locator("details.menu summary").focus()
    page.keyboard.press("Enter")
    assert page.locator('a[href="/account"]').is_visible()
    page.locator("details.folded summary").first.focus()
    page.keyboard.press("Space")
    assert page.locator("details.folded").first.get_attribute("open") is not None


def walk_to(visitor: Visitor, name: str, most: int = 30) -> None:
    """Press Tab until that field has the focus."""
    passed: list[str] = []
    while len(passed) < most:
        passed.append(tab(visitor))
        if passed[-1] == name:
            return
    raise AssertionError(f"{name} is not among {passed}")


def test_many_cases_at_once_by_keyboard_alone(demonstration: LiveServer, visitors: Visitors) -> None:
    """A box is ticked by the space bar, the count follows, and a deed is counted, done and taken back."""
    visitor = visitors(demonstration.url)
    page = visitor.page
    visitor.go("/sign-in")
    visitor.press('main form:has([name=role][value="coordinator"]) button')
    visitor.go("/cases?who=all")
    page.focus("main tbody [name=case] >> nth=0")
    page.keyboard.press("Space")
    assert page.locator("[data-selected-count]").inner_text() == "1 selected"
    page.focus("main [name=every]")
    page.keyboard.press("Space")
    assert "1 selected" not in page.locator("[data-selected-count]").inner_text()
    page.keyboard.press("Space")
    assert page.locator("[data-selected-count]").inner_text() == "1 selected"
    assert [tab(visitor) for _ in range(4)] == ["deed"] * 4
    press_enter(visitor)
    assert visitor.path.endswith("/bin")
    page.focus("main form.deeds button")
    press_enter(visitor)
    assert "One case was moved to the bin." in visitor.say()
    page.focus("main .flash button")
    press_enter(visitor)
    assert "One case is as before." in visitor.say()
