"""The emergency seal in a browser: what is read before, one form, and the one page that is left."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import steps
from tests.browser.looking import View, look_at
from tests.support.application import CASEWORKER, COORDINATOR, ORGANIZATION, Template
from tests.support.browser import DESK, PHONE, Visitor
from tests.support.drilling import hold_drill_in
from tests.support.live_server import LiveServer
from tests.support.secondfactor import SPARE

Visitors = Callable[..., Visitor]
VIEWS: tuple[View, ...] = ((DESK, "light"), (PHONE, "dark"))


@pytest.mark.browser
def test_a_coordinator_seals_and_everybody_sees_it(
    server: LiveServer, sqlite_template: Template, bytecode_folder: Path, visitors: Visitors
) -> None:
    """From the menu, through a slip, to the page that says so; another browser's next click ends there."""
    players, other, visitor = sqlite_template.players, visitors(server.url), visitors(server.url)
    visitor.device = hold_drill_in(server.folder, sqlite_template, bytecode_folder)
    steps.sign_in(other, CASEWORKER, players[CASEWORKER].passphrase)
    steps.sign_in(visitor, COORDINATOR, players[COORDINATOR].passphrase)
    visitor.page.locator("details.menu summary").click()
    visitor.press("details.menu a[href='/seal']")
    steps.fill(visitor, organization_name=ORGANIZATION, passphrase="not the one", code="000000")
    visitor.press("main button.grave")
    assert visitor.page.input_value("main [name=organization_name]") == ORGANIZATION
    assert look_at(visitor, "seal-slip", VIEWS) == {}
    steps.fill(visitor, passphrase=players[COORDINATOR].passphrase, code=SPARE)
    visitor.press("main button.grave")
    assert "This organisation is sealed" in visitor.say()
    assert look_at(visitor, "sealed", VIEWS) == {}
    other.press("nav a[href='/cases']")
    assert "This organisation is sealed" in other.say()
    assert [cookie["name"].split("-")[1] for cookie in visitor.context.cookies()] == ["form"]
    for one in (visitor, other):
        one.meant = "status of 503"  # a browser tells its console of every such page, and of its icon
