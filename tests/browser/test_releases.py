"""A release from its first word to its approval, by two members, in French; then withdrawn."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload

from tests.browser.looking import find_faults
from tests.browser.test_pages import enter
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser


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
    enter(ada, "advocate", "fr")
    ada.go("/releases")
    ada.press('main a[href="/releases/new"]')
    ada.page.select_option("[name=show_1]", show)
    ada.page.select_option("[name=by_1]", by)
    ada.press(".savebar button")
    ada.press('main form[action$="/preview"] button')
    assert find_faults(ada) == []
    ada.press('main form[action$="/coarsen"] button')
    ada.press('main form[action$="/preview"] button')
    assert ada.page.locator("table.protected").count() == 1
    assert find_faults(ada) == []
    ada.press('main form[action$="/submit"] button')
    assert ada.page.locator(".flash.bad").count() == 1
    ada.press('main a[href$="/edit"]')
    ada.page.fill("[name=title_fr]", "Qui appelle la police")
    ada.page.fill("[name=summary_fr]", "Les contacts que nous avons consignés.")
    ada.page.fill("[name=link_fr]", "example.org")
    ada.press(".savebar button")
    assert ada.page.input_value("[name=title_fr]") == "Qui appelle la police"
    assert find_faults(ada) == []
    ada.page.fill("[name=link_fr]", "https://example.org/agir")
    ada.press(".savebar button")
    ada.press('main form[action$="/submit"] button')
    path = ada.path
    enter(cora, "coordinator", "fr")
    cora.go(path)
    cora.press('main form[action$="/preview"] button')
    assert find_faults(cora) == []
    cora.press('main form[action$="/approve"] button')
    assert find_faults(cora) == []
    assert check_download(cora) == "Authentique."
    cora.go(path)
    cora.press('main form[action$="/withdraw"] button')
    cora.page.fill("[name=reason]", "Une ville était fausse.")
    cora.press('main form[action$="/withdraw"] button')
    assert "Une ville était fausse." in cora.say()
    ada.go("/releases")
    assert "Qui appelle la police" in ada.say()
    assert find_faults(ada) == []
    assert ada.faults == cora.faults == []
