"""A detention is recorded at a desk and on a phone: its clock stands on the start page, a review moves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework.services.demonstration.members import COORDINATOR
from tests.browser import steps
from tests.browser.looking import find_faults
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]
TORONTO = ZoneInfo("America/Toronto")


def _open_case(visitor: Visitor, name: str) -> str:
    visitor.go("/incidents/new")
    steps.choose(visitor, precision="unknown", contact_type="traffic_stop")
    visitor.page.select_option("main [name=police_service]", "unknown")
    steps.write_person(visitor, 0, name)
    steps.send(visitor)
    assert visitor.path.startswith("/cases/")
    return visitor.path


def _clock(visitor: Visitor, case: str) -> str:
    """Return what the start page says of the clock of a case."""
    visitor.go("/")
    links = f'main .thread li:has(a[href^="{case}"]), main .clock:has(a[href^="{case}"])'
    return visitor.say(links)


@pytest.mark.parametrize(("phone", "scripts"), [(False, True), (True, True), (True, False)])
def test_a_detention_and_its_review(
    demonstration: LiveServer, visitors: Visitors, phone: bool, scripts: bool
) -> None:
    """Who and which day are there already; the review moves the clock by seven days, the release ends it."""
    visitor = visitors(demonstration.url, phone=phone, scripts=scripts)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    name = f"Naïma {'P' if phone else 'D'}{'s' if scripts else ''}."
    case, now = _open_case(visitor, name), datetime.now(UTC)
    began = (now - timedelta(hours=5)).astimezone(TORONTO)
    visitor.go(f"{case}/detentions/new")
    steps.fill(visitor, day=f"{began:%Y-%m-%d}", time=f"{began:%H:%M}")
    steps.choose(visitor, place="detained_holding_centre")
    steps.send(visitor)
    assert visitor.path == f"{case}#clocks"
    banner = visitor.say("main .clock")
    assert "First review of the detention" in banner and name in banner and "in 42 hours" in banner
    assert "no legal advice" in banner
    assert find_faults(visitor) == [] if scripts else True
    assert "First review of the detention" in _clock(visitor, case)
    visitor.press(f'main li:has(a[href^="{case}"]) a[href$="/review"]')
    held = (now - timedelta(hours=1)).astimezone(TORONTO)
    steps.fill(visitor, day=f"{held:%Y-%m-%d}", time=f"{held:%H:%M}")
    steps.choose(visitor, outcome="kept_detained")
    steps.send(visitor)
    assert "Second review of the detention" in visitor.say("main .clock")
    assert "in 6 days" in _clock(visitor, case)
    visitor.go(case)
    visitor.go(visitor.page.locator('main .clock a[href$="/release"]').get_attribute("href") or "")
    steps.send(visitor)
    assert visitor.page.locator("main .clock").count() == 0
    visitor.press('main #clocks .flash button:text("Undo")')
    assert visitor.page.locator("main .clock").count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_task_is_added_and_ticked_off(demonstration: LiveServer, visitors: Visitors, scripts: bool) -> None:
    """On the page of the case, without leaving it; ticked off on the start page, and taken up again there."""
    visitor = visitors(demonstration.url, phone=True, scripts=scripts)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    case, title = _open_case(visitor, "Abel"), f"Ask for it {'with' if scripts else 'without'}"
    visitor.page.click("main details.folded > summary")
    tomorrow = datetime.now(TORONTO) + timedelta(days=1)
    steps.fill(visitor, title=title, due_day=f"{tomorrow:%Y-%m-%d}")
    visitor.press('main details.folded form button[type="submit"]')
    assert visitor.path == f"{case}#follow-ups"
    assert title in visitor.say()
    visitor.go("/")
    visitor.press(f'main li:has-text("{title}") button')
    assert title not in visitor.say()
    visitor.press('main .flash button:text("Undo")')
    assert title in visitor.say()
