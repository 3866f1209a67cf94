"""Drawings of the explorer: numbers that stand apart, on a screen of either size and on paper."""

from collections.abc import Callable

import pytest

from casework.reports.publication.charts.measuring import measure
from tests.browser.test_pages import enter
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

QUARTERS = "/explore?show=police_service&by=quarter"
# Each number above a bar: what it says, its size, how wide it is drawn, and its box.
NUMBERS = """() => [...document.querySelectorAll('.drawing text[text-anchor=middle][font-weight="600"]')]
  .filter(one => one.checkVisibility()).map(one => {
    const box = one.getBoundingClientRect();
    const scale = one.ownerSVGElement.getScreenCTM().a;
    return [one.textContent, +one.getAttribute("font-size"), one.getComputedTextLength(),
            box.top, box.bottom, box.left / scale, box.right / scale];
  })"""


@pytest.mark.parametrize("is_phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("path", [QUARTERS, "/explore?show=quarter&by="], ids=["panels", "one"])
def test_numbers_of_many_quarters_stand_apart(
    path: str, is_phone: bool, demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """They are drawn as wide as the server measured them, and none touches its neighbour."""
    visitor = visitors(demonstration.url, phone=is_phone, locale="fr-CA")
    enter(visitor, "coordinator", "fr")
    visitor.go(path)
    found = visitor.page.evaluate(NUMBERS)
    is_of_sums = is_phone and path == QUARTERS  # a phone shows these, each behind its bar
    assert is_of_sums or len(found) > 12
    for said, size, wide, *_box in found:
        assert wide == pytest.approx(measure(said, size, True), rel=0.05), said
    for at, (said, size, _wide, top, bottom, left, right) in enumerate(found):
        for other, _size, _w, its_top, its_bottom, its_left, its_right in found[at + 1 :]:
            if top < its_bottom and its_top < bottom:
                apart = max(its_left - right, left - its_right)
                assert apart >= size * 0.2, (said, other)


def test_a_chart_of_quarters_begins_on_the_first_sheet(
    demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """Its heading does not stand alone on a sheet: chart on the first, table on the second."""
    visitor = visitors(demonstration.url, locale="fr-CA")
    enter(visitor, "coordinator", "fr")
    for path in (QUARTERS, "/explore?show=quarter&by=police_service"):
        visitor.go(path)
        for paper in ("Letter", "A4"):
            sheets = visitor.page.pdf(format=paper)
            assert sheets.count(b"/Type /Page\n") == 2, (path, paper)
