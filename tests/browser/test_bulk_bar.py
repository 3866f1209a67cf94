"""What to do with the ticked ones of a list: in sight while one ticks, and never above what has the focus."""

from collections.abc import Callable

import pytest

from casework.services.demonstration.members import COORDINATOR
from tests.browser import steps
from tests.browser.looking import look
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]

BAR = "fieldset.bulk"
_COVERED = """() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const bar = document.querySelector("fieldset.bulk").getBoundingClientRect();
  const isOutside = !focused.closest(".bulk") && focused.closest("main");
  return Boolean(isOutside && box.bottom > bar.top + 1 && box.top < bar.bottom);
}"""
_BOTTOM = "bar => bar.getBoundingClientRect().bottom <= innerHeight + 1"


@pytest.mark.parametrize("path", ["/cases?who=all", "/incidents?who=all"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("phone", [True, False], ids=["390", "1280"])
def test_the_deeds_are_in_sight_where_one_ticks(
    demonstration: LiveServer, visitors: Visitors, phone: bool, scripts: bool, path: str
) -> None:
    """At the foot of the window from the first line on, with how many are chosen."""
    visitor = visitors(demonstration.url, phone=phone, scripts=scripts)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    visitor.go(path)
    page = visitor.page
    for row in range(2):
        page.locator("td.tick input").nth(row).check()
    bar, deed = page.locator(BAR), page.locator(f"{BAR} button[name=deed]").last
    assert bar.evaluate(_BOTTOM)
    assert deed.is_visible()
    assert deed.evaluate(_BOTTOM)
    count = page.locator(f"{BAR} [data-selected-count]")
    said = count.evaluate("count => count.textContent || getComputedStyle(count, '::before').content")
    assert said.startswith("2") if scripts else "counter(chosen)" in said
    if scripts:  # the inspector is one
        look(visitor, f"bulk-{'390' if phone else '1280'}")


@pytest.mark.parametrize("phone", [True, False], ids=["390", "1280"])
def test_the_focus_is_never_beneath_them(demonstration: LiveServer, visitors: Visitors, phone: bool) -> None:
    """Down the list and back again, the page makes room for it."""
    visitor = visitors(demonstration.url, phone=phone)
    visitor.page.emulate_media(reduced_motion="reduce")  # or the page is still on its way when one looks
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    visitor.go("/cases?who=all")
    visitor.page.locator("td.tick input").first.check()
    for key in ["Tab"] * 40 + ["Shift+Tab"] * 40:
        visitor.page.keyboard.press(key)
        assert not visitor.page.evaluate(_COVERED)
