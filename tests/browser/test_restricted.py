"""A restricted case: its page, the page of access and naming, with the keyboard alone, in both languages."""

from collections.abc import Callable

import pytest

from tests.browser.looking import look_at
from tests.browser.test_pages import VIEWS, enter
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", VIEWS)
def test_a_case_is_restricted_with_the_keyboard(
    language: str, demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """Chosen with arrow keys, saved with Enter; the page says who is named, and names somebody else."""
    visitor = visitors(demonstration.url, locale=f"{language}-CA")
    enter(visitor, "coordinator", language)
    visitor.go("/cases?who=all")
    case = visitor.page.locator("main tbody td.ref a").first.get_attribute("href") or ""
    visitor.go(f"{case}/access")
    visitor.page.focus("main [name=access]:checked")
    while visitor.page.locator("main [name=access][value=restricted]:checked").count() == 0:
        visitor.page.keyboard.press("ArrowDown")
    for ticked in visitor.page.locator("main [name=team]:checked").all():
        ticked.uncheck()  # a team that the case had; whoever restricts it stays
    alone = visitor.page.locator("main .alone")
    assert alone.is_visible()
    visitor.page.locator("main [name=team]").first.check()
    assert not alone.is_visible()
    visitor.page.locator("main [name=team]").first.uncheck()
    found = look_at(visitor, f"restricted-access-{language}", VIEWS[language], whole_once=True)
    visitor.page.focus("main form.panel button[type=submit]")
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    assert visitor.page.url.endswith(f"{case}#access")
    assert visitor.page.locator("main .named li").count() == 1
    found |= look_at(visitor, f"restricted-alone-{language}", VIEWS[language], whole_once=True)
    visitor.press("main form[action$='/named/grant'] button.second")
    assert visitor.page.locator("main .named li").count() == 2
    found |= look_at(visitor, f"restricted-named-{language}", VIEWS[language], whole_once=True)
    visitor.go(f"{case}/hand-over")
    found |= look_at(visitor, f"restricted-hand-over-{language}", VIEWS[language], whole_once=True)
    visitor.go(f"{case}/access")
    visitor.page.check("main [name=access][value=all]")
    visitor.press("main form.panel button[type=submit]")
    assert visitor.page.locator("main .named").count() == 0
    assert found == {}
