"""Two records of one person are merged and taken back; one incident is told twice. At a desk, on a phone."""

from collections.abc import Callable

import pytest

from casework.services.demonstration.members import COORDINATOR
from tests.browser import steps
from tests.browser.looking import find_faults, shoot
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]
KINDS = [(False, True), (True, True), (True, False)]


def _fill(visitor: Visitor, *people: tuple[str, str], day: str, text: str) -> str:
    """Log an incident of these people with their phones, on a day; returns the page of its case."""
    visitor.go("/incidents/new")
    steps.choose(visitor, precision="day", contact_type="fare_check")
    steps.fill(visitor, day=day)
    visitor.page.select_option("main [name=police_service]", "stm")
    visitor.page.select_option("main [name=place]", "verdun")
    visitor.page.fill("main [name=text]", text)
    for place, (name, phone) in enumerate(people):
        if place:
            visitor.page.locator("main button[name=add_person], main [data-add-person]").first.click()
        steps.write_person(visitor, place, name)
        field = f'[name="people-{place}-phone"]'
        if not visitor.page.locator(f"main {field}").is_visible():
            visitor.page.locator(f"main details:has({field}) > summary").first.click()
        visitor.page.fill(f"main {field}", phone)
    steps.send(visitor)
    return visitor.path


@pytest.mark.parametrize(("phone", "scripts"), KINDS)
def test_two_records_are_merged_and_taken_back(
    demonstration: LiveServer, visitors: Visitors, phone: bool, scripts: bool
) -> None:
    """Side by side first, a choice where they differ; one record then; and both again."""
    visitor = visitors(demonstration.url, phone=phone, scripts=scripts)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    day = f"2026-0{1 + phone}-1{scripts:d}"
    family = {(False, True): "Varga", (True, True): "Lindqvist"}.get((phone, scripts), "Okonkwo")
    number = f"438 5{phone:d}{scripts:d}-010"
    one, other = (f"Ottoline {family}", f"{number}1"), (f"Hubert {family}", f"{number}2")
    case = _fill(visitor, one, other, day=day, text="A.")
    visitor.page.locator('main a[href$="/merge"]').first.click()
    visitor.page.locator('main a[href*="/merge/"]').first.click()
    assert "Where they differ" in visitor.say("main")
    if scripts:
        assert find_faults(visitor) == []
        shoot(visitor, f"merge-{'phone' if phone else 'desk'}")
    visitor.page.locator('main input[name=name][value="left"]').check()
    address = visitor.path
    visitor.press("main .deeds button")
    assert visitor.path == case
    visitor.go(address)
    assert "Already merged by" in visitor.say("main")
    if scripts:
        assert find_faults(visitor) == []
        shoot(visitor, f"merge-already-{'phone' if phone else 'desk'}")
    visitor.go(case)
    side = visitor.say("main aside")
    assert "Merged of two records" in side
    assert one[1] in side and other[1] in side  # the one in its field, the other in the note
    if scripts:
        assert find_faults(visitor) == []
        shoot(visitor, f"merged-{'phone' if phone else 'desk'}")
    visitor.press('main form[action$="/unmerge"] button')
    side = visitor.say("main aside")
    assert one[0] in side and other[0] in side and "Merged of two records" not in side


@pytest.mark.parametrize(("phone", "scripts"), KINDS)
def test_an_incident_is_told_twice(
    demonstration: LiveServer, visitors: Visitors, phone: bool, scripts: bool
) -> None:
    """Asked on entry, linked, read side by side; the other account counts; then they are two again."""
    visitor = visitors(demonstration.url, phone=phone, scripts=scripts)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    day, kind = f"2025-0{1 + phone}-2{scripts:d}", "phone" if phone else "desk"
    _fill(visitor, (f"Ysolde {day}", ""), day=day, text="As the first heard it.")
    _fill(visitor, (f"Bertil {day}", ""), day=day, text="As the second heard it.")
    assert "Was this told already?" in visitor.say("main section[aria-labelledby=likely]")
    if scripts:
        assert find_faults(visitor) == []
        shoot(visitor, f"told-{kind}")
    visitor.page.locator("main fieldset#told input").first.check()
    visitor.press("main section[aria-labelledby=likely] button")
    assert "Statistics count it once, as another account tells it." in visitor.say("main")
    visitor.press('main a[href*="/beside/"]')
    assert "As the first heard it." in visitor.say("main") and "As the second heard it." in visitor.say(
        "main"
    )
    if scripts:
        assert find_faults(visitor) == []
        shoot(visitor, f"accounts-{kind}")
    visitor.press("main button[name=deed][value=one]")
    visitor.press("main button[name=deed][value=undo]")
    assert "Is this one incident?" in visitor.say("main")
    visitor.go("/incidents/told-twice")
    assert "Read both" in visitor.say("main")
    if scripts:
        assert find_faults(visitor) == []
        shoot(visitor, f"told-twice-{kind}")
