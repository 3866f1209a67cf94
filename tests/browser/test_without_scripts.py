"""The essential path in a browser that runs no script: nothing needs one."""

from collections.abc import Callable

import pytest

from casework.services.demonstration.members import COORDINATOR
from tests.browser import steps
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]


@pytest.fixture
def lucie(demonstration: LiveServer, visitors: Visitors) -> Visitor:
    """The coordinator of the demonstration, signed in by her passphrase."""
    visitor = visitors(demonstration.url, scripts=False)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    assert visitor.path == "/"
    return visitor


def test_set_up_inviting_and_admitting(empty_server: LiveServer, visitors: Visitors) -> None:
    """The first run, an invitation and the first meeting need no script."""
    lucie, noor = (visitors(empty_server.url, scripts=False) for _ in range(2))
    steps.set_up(lucie, "Collectif Traverse", "Lucie", "lucie")
    steps.join(noor, steps.invite(lucie, "Noor", "caseworker", "en"), "noor")
    steps.admit(lucie, noor, "Noor")
    assert noor.path == "/"


def test_an_incident_grows_is_kept_and_saved(lucie: Visitor) -> None:
    """People are added and removed by buttons, a draft is kept by its button, resumed, and saved."""
    page = lucie.page
    lucie.go("/incidents/new")
    assert all(part.is_visible() for part in page.locator("[data-needed-for]").all())
    steps.choose(lucie, precision="month")
    page.select_option("main [name=month]", "5")
    steps.fill(lucie, year="2026", text="Told at the kitchen table.")
    page.select_option("main [name=police_service]", "spvm")
    steps.choose(lucie, contact_type="ticket")
    steps.write_person(lucie, 0, "Halima")
    lucie.press("main [name=add_person]")
    steps.write_person(lucie, 1, "Somebody else")
    lucie.press("main [name=add_person]")
    steps.write_person(lucie, 2, "Bashir")
    lucie.press('main [name=remove_person][value="people-1"]')
    names = page.locator('main [name^="people-"][name$="-name"]')
    assert [name.input_value() for name in names.all()] == ["Halima", "Bashir"]
    assert page.input_value("main [name=text]") == "Told at the kitchen table."
    lucie.press("main .savebar [name=save_draft]")
    lucie.go("/")
    lucie.press('main a[href^="/drafts/"]')
    assert [name.input_value() for name in names.all()] == ["Halima", "Bashir"]
    steps.send(lucie)
    assert lucie.path.startswith("/cases/")
    assert "Halima and Bashir" in lucie.say("h1")
    assert "May 2026" in lucie.say()


def test_a_faulty_form_comes_back_with_what_was_written(lucie: Visitor) -> None:
    """A missing answer is named, linked, and nothing that was typed is gone."""
    lucie.go("/incidents/new")
    steps.fill(lucie, text="Only a story so far.")
    steps.send(lucie)
    assert lucie.page.locator('main .summary a[href="#police_service"]').count() == 1
    assert lucie.page.input_value("main [name=text]") == "Only a story so far."


def test_filtering_tagging_and_taking_it_back(lucie: Visitor) -> None:
    """The list is filtered by a form, a pattern set on two incidents, and taken off again."""
    page = lucie.page
    lucie.go("/incidents")
    for name, value in {"who": "all", "group": "ticket"}.items():
        page.select_option(f"main .filters [name={name}]", value)
    lucie.press("main .filters button")
    assert "group=ticket" in page.url
    untagged = page.locator("main tbody tr:not(:has(.tag))")
    for row in untagged.all()[:2]:
        row.locator("[name=incident]").check()
    page.select_option("main [name=tag]", index=1)
    lucie.press("main [name=deed][value=add]")
    assert "2 incidents changed." in lucie.say()
    lucie.press("main .flash button")
    assert "2 incidents are as before" in lucie.say()


@pytest.mark.parametrize("every", [False, True])
def test_many_cases_at_once_and_back(lucie: Visitor, every: bool) -> None:
    """Cases are ticked, or all on every page chosen; a consent is counted, recorded for them, taken back."""
    page = lucie.page
    lucie.go("/cases?who=all")
    if every:
        page.check("main [name=every]")
        lucie.press("main [name=deed][value=consent]")
    else:
        steps.choose_cases(lucie, "consent")
    page.check("main [name=purpose][value=litigation]")
    page.check("main [name=answer][value=refused]")
    page.check("main [name=replaces]")
    lucie.press("main form.panel button")
    assert page.locator("main form.deeds button").inner_text().startswith("Record it for")
    lucie.press("main form.deeds button")
    assert "The answer was recorded for" in lucie.say()
    lucie.press("main .flash button")
    assert "as before." in lucie.say()
    assert "What could not be undone" not in lucie.say()
    lucie.press("main a:text-is('Back to the list')")
    assert lucie.page.url.endswith("/cases?who=all")


def test_one_number(lucie: Visitor) -> None:
    """The page asks again by itself until the answer is there, and the answer becomes a release."""
    page = lucie.page
    lucie.go("/statistics")
    last = page.locator("main [name=last] option").first.get_attribute("value") or ""
    year = last.partition("-")[0]
    page.select_option("main [name=first]", f"{year}-Q1")
    page.select_option("main [name=last]", f"{year}-Q4")
    page.select_option("main [name=what]", "contact_group:ticket")
    lucie.press("main form.filters button")
    page.wait_for_selector("main p.number", timeout=120_000)
    assert page.locator("main table.protected tbody tr").count() > 3
    lucie.press('main form[action="/statistics/release"] button')
    assert lucie.path.endswith("/edit")
