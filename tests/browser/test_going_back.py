"""A browser that goes back fills forms by place: where lines may have changed meanwhile, it fills nothing."""

from collections.abc import Callable

import pytest

from casework.services.demonstration.members import COORDINATOR
from tests.browser import steps
from tests.browser.test_pages import find_records
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]

_TICK_ALL = """() => {
  const boxes = [...document.querySelectorAll("main form[method=post] :is([type=checkbox], [type=radio])")];
  for (const box of boxes) box.checked = !box.checked;
  return boxes.length;
}"""
_TICKED_BY_THE_BROWSER = """() => [...document.querySelectorAll("main form[method=post] input")]
  .filter(box => box.checked !== box.defaultChecked).map(box => `${box.name}=${box.value}`)"""

# Their boxes stand for cases, incidents, people, members or terms: somebody may add, remove or arrange them.
FORMS = (
    "/cases?who=all",
    "/incidents?who=all",
    "{bundle}/bin",
    "{case}/access",
    "{case}/hand-over",
    "{case}/people/new",
    "{incident}",
    "{incident}/acts/new",
    "{person}",
    "{merge}",
    "{accounts}",
    "/incidents/new",
    "/policies/c746ff16-516f-5bf3-aa59-f53b8f8bdfde/edit",
)


def test_no_other_case_is_ticked_after_a_deed(demonstration: LiveServer, visitors: Visitors) -> None:
    """The two that were ticked are in the bin; nobody else stands in their places, ready to follow."""
    visitor = visitors(demonstration.url, scripts=False)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    steps.choose_cases(visitor, "bin", count=2)
    visitor.press("main form.deeds button")
    page = visitor.page
    assert "case" in visitor.say("main .flash")
    while page.locator("main td.tick").count() == 0 or "who=all" not in page.url or "done" in page.url:
        page.go_back()
    assert page.locator("main td.tick input").count() > 2
    assert page.locator("main td.tick input:checked").count() == 0


def test_what_may_have_changed_is_not_filled_in(demonstration: LiveServer, visitors: Visitors) -> None:
    """Each such form stands as the server sent it."""
    visitor = visitors(demonstration.url)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    records = find_records(visitor)
    filled = {}
    for form in FORMS:
        visitor.go(form.format(**records))
        boxes = visitor.page.evaluate(_TICK_ALL)
        visitor.page.goto(f"{visitor.url}/account")
        visitor.page.go_back()
        filled[form] = visitor.page.evaluate(_TICKED_BY_THE_BROWSER)
        assert boxes or form in ("{bundle}/bin", "{accounts}"), form
    assert filled == {form: [] for form in FORMS}
