"""A coordinator filters in French, and saves, opens, renames and removes a view; at a desk and on a phone."""

import re
from collections.abc import Callable

import pytest

from tests.browser.looking import look_at
from tests.browser.test_pages import VIEWS, enter
from tests.support.browser import DESK, PHONE, Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]

SPACES = re.compile(r"[\s\u202f]")
TOTAL = "main table.exact tr.total td"
WAYS = pytest.mark.parametrize(
    ("is_phone", "scripts"),
    [(False, True), (False, False), (True, True), (True, False)],
    ids=["desk", "desk-bare", "phone", "phone-bare"],
)


def count(visitor: Visitor) -> int:
    """Return how many incidents the page says there are; its table and its chart have to say the same."""
    said = int(SPACES.sub("", visitor.say("main .answer strong")).partition("incident")[0])
    assert int(SPACES.sub("", visitor.page.locator(TOTAL).last.inner_text())) == said
    chart = "main figure.drawing:visible svg:visible"
    assert visitor.page.locator(chart).count() == 1
    return said


def unfold(visitor: Visitor) -> None:
    """Show the questions, which a phone folds."""
    if visitor.page.locator("main .fold-label").is_visible():
        visitor.page.click("main .fold-label")


def tick(visitor: Visitor, label: str, code: str) -> None:
    """Open one of the filters, and tick a box of it."""
    pick = visitor.page.locator("main details.pick").filter(has=visitor.page.get_by_text(label, exact=True))
    pick.locator("summary").click()
    pick.locator(f"[value={code}]").check()


def ask(visitor: Visitor) -> int:
    """Send the question; returns how many incidents fit."""
    visitor.press("main form.filters button[type=submit]")
    assert visitor.page.locator("main .summary").count() == 0
    return count(visitor)


def list_views(visitor: Visitor) -> list[str]:
    """Return the names of the saved views."""
    return visitor.page.locator("#saved-views .plain a:not([aria-label])").all_inner_texts()


def save(visitor: Visitor, name: str, whose: str = "own") -> None:
    """Save the question under a name."""
    visitor.page.locator("#saved-views details.confirm > summary").click()
    visitor.page.fill("#saved-views [name=name]", name)
    visitor.page.check(f"#saved-views [name=whose][value={whose}]")
    visitor.press("#saved-views details.confirm button")


@WAYS
def test_a_filtered_question_becomes_a_view(
    is_phone: bool, scripts: bool, demonstration: LiveServer, visitors: Visitors
) -> None:
    """They hold for chart, table and list; the view gives all of it back, and its address tells nothing."""
    visitor = visitors(demonstration.url, phone=is_phone, scripts=scripts, locale="fr-CA")
    page = visitor.page
    name = f"Contraventions du SPVM {is_phone:d}{scripts:d}"
    enter(visitor, "coordinator", "fr")
    visitor.go("/explore")
    everybody = count(visitor)
    unfold(visitor)
    page.select_option("main [name=show]", "roles")
    page.select_option("main [name=by]", "year")
    tick(visitor, "Service de police", "spvm")
    tick(visitor, "Groupe de contact", "ticket")
    filtered = ask(visitor)
    assert 0 < filtered < everybody
    assert page.locator("main .answer .tag").count() == 2
    # The list behind a number has as many.
    page.locator(TOTAL).last.locator("a").click()
    page.wait_for_url("**/explore/incidents?*")
    assert visitor.say("main .answer strong") == f"{filtered} incidents"
    page.go_back()
    # Without a name it is refused, says why, and asks again without forgetting what is asked.
    save(visitor, " ", "shared")
    assert "Donnez un nom à la vue." in visitor.say()
    assert page.is_checked("main [name=whose][value=shared]")
    page.fill("main [name=name]", name)
    page.check("main [name=whose][value=own]")
    visitor.press("main form[novalidate] button[type=submit]")
    assert "La vue est gardée." in visitor.say("body")
    assert re.fullmatch(r"/explore/views/[0-9a-f-]{36}", visitor.path)
    assert visitor.say("h1") == name
    assert count(visitor) == filtered
    # Opened from the explorer, then changed, and kept as it is now.
    view = visitor.path
    visitor.go("/explore")
    assert name in list_views(visitor)
    visitor.press(f"#saved-views a[href='{view}']")
    unfold(visitor)
    tick(visitor, "Rôle", "driver")
    fewer = ask(visitor)
    assert 0 < fewer < filtered
    assert visitor.say("h1") != name
    visitor.press("#saved-views .one-button button")
    assert (visitor.path, visitor.say("h1"), count(visitor)) == (view, name, fewer)
    # One filter is taken off, then all.
    visitor.press("main .answer a:not([href*='roles=']):not(:last-child)")
    assert count(visitor) == filtered
    visitor.press("main .answer > a:last-child")
    assert count(visitor) == everybody
    visitor.go(view)
    assert count(visitor) == fewer


@WAYS
def test_a_view_is_renamed_shared_removed_and_brought_back(
    is_phone: bool, scripts: bool, demonstration: LiveServer, visitors: Visitors
) -> None:
    """What is for everybody a colleague opens and cannot change; what is one's own nobody else finds."""
    ada = visitors(demonstration.url, phone=is_phone, scripts=scripts, locale="fr-CA")
    ben = visitors(demonstration.url, phone=is_phone, scripts=scripts, locale="fr-CA")
    first, second = (f"{word} {is_phone:d}{scripts:d}" for word in ("Villes", "Villes, par trimestre"))
    enter(ada, "coordinator", "fr")
    enter(ben, "caseworker", "fr")
    ada.go("/explore?show=city&by=quarter")
    save(ada, first)
    view = ada.path
    assert ben.go(view).status == 404
    ada.press(f"#saved-views a[href='{view}/edit']")
    assert ada.page.input_value("main [name=name]") == first
    ada.page.fill("main [name=name]", second)
    ada.page.check("main [name=whose][value=shared]")
    ada.press("main form[novalidate] button[type=submit]")
    assert (ada.path, ada.say("h1")) == (view, second)
    ben.go("/explore")
    assert second in list_views(ben) and first not in list_views(ben)
    ben.press(f"#saved-views a[href='{view}']")
    assert ben.say("h1") == second
    assert ben.page.locator(f"#saved-views a[href='{view}/edit']").count() == 0
    ada.go(f"{view}/edit")
    ada.press(f"main form[action='{view}/remove'] button")
    assert "La vue est retirée." in ada.say()
    assert second not in list_views(ada)
    ada.press(f"main form[action='{view}/restore'] button")
    assert "La vue est rétablie." in ada.say("body")
    assert (ada.path, ada.say("h1")) == (view, second)
    ada.go(f"{view}/edit")
    ada.press(f"main form[action='{view}/remove'] button")
    ben.go("/explore")
    assert second not in list_views(ben)


@pytest.mark.parametrize("is_phone", [False, True], ids=["desk", "phone"])
def test_open_filters_and_a_changed_view_are_sound(
    is_phone: bool, demonstration: LiveServer, visitors: Visitors
) -> None:
    """What unfolds is as accessible as what stands there from the beginning, and fits the screen."""
    visitor = visitors(demonstration.url, phone=is_phone, locale="fr-CA")
    size = PHONE if is_phone else DESK
    views = [view for view in VIEWS["fr"] if view[0] == size]
    enter(visitor, "coordinator", "fr")
    visitor.go("/explore?show=city&by=year&police_service=spvm")
    save(visitor, f"Villes du SPVM {is_phone:d}")
    visitor.go(f"{visitor.path}/edit")
    found = look_at(visitor, f"explore-rename-{is_phone:d}", views)
    visitor.press("main .deeds a")
    unfold(visitor)
    tick(visitor, "Groupe de contact", "ticket")
    found |= look_at(visitor, f"explore-picking-{is_phone:d}", views)
    ask(visitor)
    visitor.page.locator("#saved-views details.confirm > summary").click()
    found |= look_at(visitor, f"explore-changed-{is_phone:d}", views)
    assert found == {}


def test_on_paper_there_is_nothing_to_press_and_each_step_that_was_reached(
    demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """Filters in force stand without what takes them off; the squares of a pathway are filled."""
    visitor = visitors(demonstration.url)
    enter(visitor, "coordinator", "en")
    visitor.go("/explore?show=city&contact_group=ticket")
    clear = visitor.page.get_by_role("link", name="Clear the filters")
    assert clear.is_visible()
    visitor.page.emulate_media(media="print")
    assert not clear.is_visible()
    assert visitor.page.locator(".answer .tag").first.is_visible()
    crosses = (
        "[...document.querySelectorAll('.tag.off')].map(one => getComputedStyle(one, '::after').content)"
    )
    assert set(visitor.page.evaluate(crosses)) == {"none"}
    visitor.go("/explore/incidents?show=city&in.steps=detention&contact_group=ticket")
    grounds = "one => getComputedStyle(one, '::after').printColorAdjust"
    assert visitor.page.locator("main .path .done").first.evaluate(grounds) == "exact"
