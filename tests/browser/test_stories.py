"""A story from the page of its case to its approval, by two members, in French; then withdrawn."""

from collections.abc import Callable

import pytest

from tests.browser.looking import look_at
from tests.browser.steps import choose
from tests.browser.test_pages import VIEWS, enter
from tests.support.browser import DESK, PHONE, Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TITLE = "Un soir sur la route"
ACCOUNT = "Elle rentrait chez elle.\n\nLe 4 mai, on lui a demandé ses papiers. {name} a attendu trois heures."
CLEAN = "Elle rentrait chez elle.\n\nUn soir, on lui a demandé ses papiers. Elle rêvait de Mars, la planète."


def begin(visitor: Visitor) -> tuple[str, str]:
    """Open the form of a story in a case of one person who agrees; returns the case and the person's name."""
    visitor.go("/cases?who=all")
    rows = visitor.page.locator("main tbody td.ref a").all()
    for case in [row.get_attribute("href") or "" for row in rows]:
        visitor.go(case)
        people = visitor.page.locator('#people a[href*="/people/"]:not([href$="new"]):not([href*="merge"])')
        if visitor.page.locator("#stories a").count() == 1 and people.count() == 1:
            break
    if visitor.page.locator('#stories a[href$="/stories/new"]').count() == 0:
        look_for_consent(visitor)
        visitor.go(case)
    name = visitor.page.locator("h1").inner_text()
    visitor.press('#stories a[href$="/stories/new"]')
    return case, name


def look_for_consent(visitor: Visitor) -> None:
    """Note that the one whom the page says to ask agrees."""
    visitor.go(visitor.page.locator("#stories a").first.get_attribute("href") or "")
    choose(visitor, consent_story="given")
    visitor.press("main .savebar button[type=submit]:not([name])")


@pytest.mark.parametrize("is_phone", [False, True], ids=["desk", "phone"])
def test_two_members_publish_a_story(
    demonstration: LiveServer, visitors: Callable[..., Visitor], is_phone: bool
) -> None:
    ines, cora = (visitors(demonstration.url, phone=is_phone) for _ in range(2))
    found: dict[str, list[str]] = {}

    def look(visitor: Visitor, name: str) -> None:
        nonlocal found
        found |= look_at(visitor, f"story-{name}-fr", VIEWS["fr"])
        visitor.page.set_viewport_size(PHONE if is_phone else DESK)

    enter(ines, "caseworker", "fr")
    case, name = begin(ines)
    look(ines, "write")
    ines.page.fill("[name=title_fr]", TITLE)
    ines.page.fill("[name=account_fr]", ACCOUNT.format(name=name))
    # Left without saving, it waits on the page of the case.
    ines.page.wait_for_selector("[data-draft-said]:not(:empty)")
    ines.go(case)
    look(ines, "case")
    ines.press('main a[href^="/drafts/"]')
    ines.press(".savebar button")
    story = ines.path
    assert ines.page.locator("mark").count() >= 2
    look(ines, "found")
    assert ines.page.locator('main form[action$="/submit"]').count() == 0
    ines.press('#checks a[href$="/edit"]')
    ines.page.fill("[name=account_fr]", CLEAN)
    ines.press(".savebar button")
    assert ines.page.locator("mark").count() == 1
    ines.press('main form[action$="/submit"] button')
    assert ines.page.locator("#check_names-fault").count() == 1
    decide(ines)
    ines.press('main form[action$="/submit"] button')
    assert ines.page.locator("select[name^=why_] ~ .fault").count() == 1
    look(ines, "unsaid")
    ines.page.locator("select[name^=why_]").select_option("plain")
    ines.press('main form[action$="/submit"] button')
    look(ines, "submitted")

    enter(cora, "coordinator", "fr")
    cora.go("/stories")
    look(cora, "list-coming")
    cora.press(f"main a:text-is('{TITLE}')")
    assert cora.path == story
    cora.press('main form[action$="/approve"] button')
    assert cora.page.locator("#looked-fault").count() == 1
    look(cora, "approving")
    for box in cora.page.locator("[name=looked]").all():
        box.check()
    cora.press('main form[action$="/approve"] button')
    look(cora, "approved")
    with cora.page.expect_download() as taken:
        cora.page.locator('main a[href$="-fr.pdf"]').click()
    assert taken.value.suggested_filename.endswith("-fr.pdf")

    ada = visitors(demonstration.url, phone=is_phone)
    enter(ada, "advocate", "fr")
    ada.go("/releases")
    ada.press('main a[href="/stories"]')
    look(ada, "list")
    ada.press(f"main a:text-is('{TITLE}')")
    assert CLEAN.split("\n")[0] in ada.say()
    cora.press('main form[action$="/withdraw"] button')
    assert cora.page.locator("#reason-fault").count() == 1
    cora.page.fill("[name=reason]", "On nous l’a demandé.")
    cora.press('main form[action$="/withdraw"] button')
    look(cora, "withdrawn")
    ada.go(cora.path)
    assert "On nous l’a demandé." in ada.say() and CLEAN.split("\n")[0] not in ada.say()
    assert found == {}
    assert ines.faults == cora.faults == ada.faults == []


def decide(visitor: Visitor) -> None:
    """Decide about each kind of what could identify."""
    for field in visitor.page.locator("select[name^=check_]").all():
        field.select_option("absent")
