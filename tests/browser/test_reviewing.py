"""The review queue in a browser: ten proposals by keyboard, in French; and with buttons alone."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from casework.services.demonstration.members import CASEWORKER
from tests.browser import steps
from tests.browser.test_pages import enter
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]

QUEUE = "/patterns/review"


def tell(visitor: Visitor) -> str:
    """Return which proposal stands there; "" at the end."""
    found = visitor.page.locator("main [name=about]")
    return found.input_value() if found.count() else ""


def press_key(visitor: Visitor, key: str) -> None:
    """Press a single key that leads to another page."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(key)


def count(visitor: Visitor) -> tuple[int, int]:
    """Return how many are decided, and how many wait."""
    bar = visitor.page.locator("main progress")
    decided, all_ = (int(bar.get_attribute(name) or "") for name in ("value", "max"))
    assert str(all_ - decided) in visitor.say("main .progress label")
    return decided, all_ - decided


def test_ten_proposals_are_confirmed_by_keyboard_in_french(
    demonstration: LiveServer, visitors: Visitors
) -> None:
    """After each the next one; the last is taken back, and stands there again."""
    visitor = visitors(demonstration.url)
    enter(visitor, "coordinator", "fr")
    visitor.go("/patterns")
    visitor.press(f'main a[href="{QUEUE}"]')
    assert "convient-il" in visitor.say("h1")
    assert [one.inner_text() for one in visitor.page.locator("main kbd").all()] == ["C", "R", "P"]
    _decided, waiting = count(visitor)
    assert waiting >= 10
    seen = [tell(visitor)]
    for number in range(1, 11):
        press_key(visitor, "c")
        assert visitor.say("main .flash").startswith("Confirmé.")
        assert count(visitor) == (number, waiting - number)
        seen.append(tell(visitor))
    assert len(set(seen)) == 11
    press_key(visitor, "a")
    assert visitor.say("main .flash").startswith("Annulé.")
    assert tell(visitor) == seen[9]
    assert count(visitor) == (9, waiting - 9)
    visitor.go("/patterns")
    assert f"{waiting - 9} propositions" in visitor.say("main")
    # Nine are set, the tenth waits: the queue of whoever comes next begins with it.
    visitor.go(QUEUE)
    assert tell(visitor) == seen[9]


def test_keys_reject_and_skip_and_leave_a_writer_alone(demonstration: LiveServer, visitors: Visitors) -> None:
    """With Control, in a field, or switched off, a letter is a letter."""
    visitor = visitors(demonstration.url)
    enter(visitor, "coordinator", "en")
    visitor.go(QUEUE)
    first, (_decided, waiting) = tell(visitor), count(visitor)
    press_key(visitor, "s")
    second = tell(visitor)
    assert second not in ("", first)
    assert "1 of them" in visitor.say("main .progress label") or "one of them" in visitor.say(
        "main .progress label"
    )
    press_key(visitor, "r")
    assert visitor.say("main .flash").startswith("Rejected.")
    assert count(visitor) == (1, waiting - 1)
    third, page = tell(visitor), visitor.page
    page.keyboard.press("Control+Shift+c")
    page.locator("details.menu summary").focus()
    page.keyboard.press("c")
    visitor.press("main a[href*='keys=off']")
    assert page.locator("main kbd").count() == 0
    page.keyboard.press("c")
    page.wait_for_timeout(300)
    assert tell(visitor) == third
    assert count(visitor) == (1, waiting - 1)
    visitor.press("main [name=undo]")
    assert tell(visitor) == second
    assert page.locator("main kbd").count() == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_decides_with_buttons(demonstration: LiveServer, visitors: Visitors, scripts: bool) -> None:
    """They stay in sight, are large enough for a finger, and nothing is wider than the screen."""
    visitor = visitors(demonstration.url, scripts=scripts, phone=True)
    steps.sign_in(visitor, CASEWORKER.login, CASEWORKER.passphrase)
    visitor.go(QUEUE)
    page, seen = visitor.page, [tell(visitor)]
    for selector in ("[value=confirm]", "[value=reject]"):
        box = page.locator(f"main .deciding {selector}").bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= 844
        visitor.press(f"main .deciding {selector}")
        seen.append(tell(visitor))
    visitor.press("main .deciding a.button")
    seen.append(tell(visitor))
    assert all(one != other for one, other in pairwise(seen))
    for expected in (seen[1], seen[0]):
        visitor.press("main [name=undo]")
        assert tell(visitor) == expected
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_somebody_else_decided_is_said(demonstration: LiveServer, visitors: Visitors) -> None:
    """Two go through the same queue: the second meets the decision of the first."""
    one, other = visitors(demonstration.url), visitors(demonstration.url)
    for visitor, role in ((one, "coordinator"), (other, "caseworker")):
        enter(visitor, role, "en")
    other.go(QUEUE)
    both = tell(other)
    one.go(f"{QUEUE}?at={both}")
    assert tell(one) == both
    press_key(one, "r")
    press_key(other, "c")
    assert "Rejected already." in other.say("main .flash")
    assert tell(other) not in ("", both)
    press_key(one, "t")
    assert tell(one) == both
