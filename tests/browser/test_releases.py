"""A release from its first word to its approval, by two members, in French; then withdrawn."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, TimeoutError

from casework.services.releases.previewing import MOST_SECONDS
from tests.browser import steps
from tests.browser.looking import find_faults, look_at
from tests.browser.test_pages import VIEWS, enter
from tests.support.browser import DESK, PHONE, Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

TITLE = "Qui appelle la police"
SOON = 10_000
"""Milliseconds: by then the page has loaded itself anew."""
LONGEST = int(2000 * MOST_SECONDS)
"""Milliseconds: the engine ends by the clock, but on a busy machine a solver asks for the time too late."""


def see_numbers(visitor: Visitor) -> None:
    """Look at the numbers, and wait until the page, which asks by itself, has an answer."""
    visitor.press('main form[action$="/preview"] button')
    wait(visitor)


def wait(visitor: Visitor) -> None:
    """Wait until what is done in the background has ended, and the page that says so is there to its foot.

    Half of a page on its way has no button to stop anything either.
    """
    ended = 'body:has(footer) main:not(:has(form[action$="/stop"]))'
    try:
        visitor.page.wait_for_selector(ended, timeout=LONGEST)
    except TimeoutError:
        pytest.fail(f"Not ended at {visitor.page.url}: {visitor.page.content()}")


def check_download(visitor: Visitor) -> str:
    """Take a file from the page of a release, and ask whether it is authentic; returns the verdict."""
    with visitor.page.expect_download() as taken:
        visitor.page.locator('#files a[href$="-fr.xlsx"]').click()
    content = Path(taken.value.path()).read_bytes()
    visitor.press('main a[href="/releases/authentic"]')
    sent = FilePayload(name=taken.value.suggested_filename, mimeType="application/zip", buffer=content)
    visitor.page.set_input_files("[name=file]", sent)
    visitor.press("main form button[type=submit]")
    assert find_faults(visitor) == []
    return visitor.say("main .flash strong")


@pytest.mark.parametrize(
    ("is_phone", "show", "by"),
    [(False, "police_level", "year"), (True, "contact_group", "quarter")],
    ids=["desk", "phone"],
)
def test_two_members_make_a_release(
    demonstration: LiveServer, visitors: Callable[..., Visitor], is_phone: bool, show: str, by: str
) -> None:
    ada, cora = (visitors(demonstration.url, phone=is_phone) for _ in range(2))
    found: dict[str, list[str]] = {}

    def look(visitor: Visitor, name: str) -> None:
        nonlocal found
        found |= look_at(visitor, f"release-{name}-fr", VIEWS["fr"])
        visitor.page.set_viewport_size(PHONE if is_phone else DESK)

    enter(ada, "advocate", "fr")
    ada.go("/releases")
    ada.press('main a[href="/releases/new"]')
    ada.page.select_option("[name=show_1]", show)
    ada.page.select_option("[name=by_1]", show)
    ada.page.fill("[name=title_fr]", TITLE)
    ada.press(".savebar button")
    # What does not fit is said at its field, and nothing is lost.
    assert ada.page.locator("#by_1-fault").count() == 1
    assert ada.page.input_value("[name=title_fr]") == TITLE
    look(ada, "fault")
    ada.page.select_option("[name=by_1]", by)
    ada.page.fill("[name=summary_fr]", "Les contacts que nous avons consignés.")
    # Left without saving, it waits beside the releases.
    ada.page.wait_for_selector("[data-draft-said]:not(:empty)")
    ada.go("/releases")
    look(ada, "begun")
    ada.press(f"main a:text-is('{TITLE}')")
    assert ada.page.input_value("[name=by_1]") == by
    ada.press(".savebar button")
    path = ada.path
    assert ada.page.locator('main form[action$="/submit"]').count() == 0
    look(ada, "draft")
    see_numbers(ada)
    if ada.page.locator('main form[action$="/coarsen"]').count():
        look(ada, "refused")
        ada.press('main form[action$="/coarsen"] button')
        see_numbers(ada)
    assert ada.page.locator("table.protected").count() == 1
    look(ada, "seen")
    steps.submit(ada)
    look(ada, "submitted")
    # Taken back and submitted again: nothing of it is lost, and it was seen.
    ada.press('main form[action$="/pull-back"] button')
    steps.submit(ada)
    assert ada.path == path

    enter(cora, "coordinator", "fr")
    cora.go(path)
    look(cora, "to-approve")
    see_numbers(cora)
    look(cora, "approving")
    cora.press('main form[action$="/approve"] button')
    wait(cora)
    assert cora.page.locator('main form[action$="/withdraw"]').count() == 1
    look(cora, "approved")
    assert check_download(cora) == "Authentique."
    cora.go(path)
    cora.press('main a[href*="/releases/new?replaces="]')
    assert cora.page.input_value("[name=title_fr]") == TITLE
    assert cora.page.input_value("[name=replaces]") != "0"
    cora.go(path)
    cora.press('main form[action$="/withdraw"] button')
    assert cora.page.locator("#reason_fr-fault").count() == 1
    cora.page.fill("[name=reason_fr]", "Une ville était fausse.")
    cora.press('main form[action$="/withdraw"] button')
    assert "Une ville était fausse." in cora.say()
    assert "Retirée le" in cora.say()
    look(cora, "withdrawn")
    ada.go("/releases")
    assert TITLE in ada.say()
    look(ada, "list")
    assert found == {}
    assert ada.faults == cora.faults == []


def test_a_look_is_stopped_on_its_page(demonstration: LiveServer, visitors: Callable[..., Visitor]) -> None:
    """While it goes on the page tells for how long, passes the inspector, and has a way to stop it."""
    ada = visitors(demonstration.url, locale="fr-CA", scripts=False)
    enter(ada, "advocate", "fr")
    ada.go("/releases/new")
    ada.page.locator("details:has([name=show_3]) summary").click()
    for number, (show, by) in enumerate(
        (("city", "quarter"), ("police_service", "quarter"), ("place", "year")), 1
    ):
        ada.page.select_option(f"[name=show_{number}]", show)
        ada.page.select_option(f"[name=by_{number}]", by)
    ada.press(".savebar button")
    ada.press('main form[action$="/preview"] button')
    page = ada.page.content()  # as it is now: it asks again by itself, and may have the answer then
    if '/stop"' in page:
        assert "<progress" in page
        with suppress(TimeoutError):
            ada.page.locator('main form[action$="/stop"] button').click(timeout=SOON)
            assert ada.page.locator(".flash.info").count() == 1
    assert ada.page.locator('main form[action$="/stop"]').count() == 0
