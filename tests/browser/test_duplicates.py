"""Somebody is logged twice: asked on entry, found in the list; without scripts, at a desk, on a phone."""

from collections.abc import Callable

import pytest

from casework.services.demonstration.members import COORDINATOR
from tests.browser import steps
from tests.browser.looking import find_faults, shoot
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]


def _fill(visitor: Visitor, name: str, uci: str) -> None:
    visitor.go("/incidents/new")
    steps.choose(visitor, precision="unknown", contact_type="traffic_stop")
    visitor.page.select_option("main [name=police_service]", "unknown")
    steps.write_person(visitor, 0, name)
    visitor.page.locator('main details:has([name="people-0-uci"]) > summary').first.click()
    visitor.page.fill('main [name="people-0-uci"]', uci)
    visitor.page.fill('main [name="people-0-birth_date"]', f"19{len(name) + 60}-03-14")
    steps.send(visitor)


@pytest.mark.parametrize(("phone", "scripts"), [(False, True), (True, True), (True, False)])
def test_somebody_is_logged_twice(
    demonstration: LiveServer, visitors: Visitors, phone: bool, scripts: bool
) -> None:
    """The second form asks before it saves; told apart on the page of the case, and taken back there."""
    visitor = visitors(demonstration.url, phone=phone, scripts=scripts)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    number = f"77{phone:d}{scripts:d}-4{phone:d}{scripts:d}5"
    first = {(False, True): "Wilhelmina Quartz", (True, True): "Obadiah Fenn"}.get(
        (phone, scripts), "Zélie Moxon"
    )
    _fill(visitor, first, number)
    case = visitor.path
    assert case.startswith("/cases/")
    _fill(visitor, first.upper(), number)
    assert visitor.path.startswith("/incidents/new")
    assert f"The same person: {first}" in visitor.say("main section[aria-labelledby=likely]")
    if scripts:
        assert visitor.page.evaluate("document.activeElement.id") == "likely"
        assert find_faults(visitor) == []
        shoot(visitor, f"likely-{'phone' if phone else 'desk'}")
    visitor.page.locator("main fieldset#likely-0 input").first.check()
    visitor.press("main section[aria-labelledby=likely] button")
    assert visitor.path.startswith("/cases/") and visitor.path != case
    assert "Also in case" in visitor.say("main")
    visitor.press('main form:has([name=deed][value="apart"]) button')
    assert "Also in case" not in visitor.say("main")
    if scripts:
        assert find_faults(visitor) == []
        shoot(visitor, f"told-apart-{'phone' if phone else 'desk'}")
    visitor.press('main form:has([name=deed][value="undo"]) button')
    assert "Also in case" in visitor.say("main")
    visitor.go("/cases/same-people")
    if scripts:
        assert find_faults(visitor) == []
        shoot(visitor, f"same-people-{'phone' if phone else 'desk'}")
