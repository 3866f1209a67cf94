"""A table that goes on beyond the edge of a phone shows that it does, until one is at its end."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Locator

from tests.browser.test_pages import enter
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser

WIDE = "/explore?show=police_service&by=quarter"


def shade(table: Locator, right: bool = True) -> int:
    """How much the head of the table is darker at its edge than beside it, where nothing is written."""
    picture = Image.open(io.BytesIO(table.screenshot())).convert("L")
    first = int(table.locator("thead th").first.evaluate("one => one.offsetWidth"))  # stays where it is
    edge = picture.width - 1 if right else first + 1
    beside = picture.width - 16 if right else first + 16
    return int(picture.getpixel((beside, 4))) - int(picture.getpixel((edge, 4)))  # type: ignore[arg-type]


@pytest.mark.parametrize("is_phone", [True, False], ids=["phone", "desk"])
def test_the_edge_of_a_table_is_shaded_while_it_goes_on(
    is_phone: bool, demonstration: LiveServer, visitors: Callable[..., Visitor]
) -> None:
    """Also for who wants less motion, from whom Pico takes what the shade needs; by keyboard too."""
    visitor = visitors(demonstration.url, phone=is_phone)
    enter(visitor, "coordinator", "fr")
    visitor.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    visitor.go(WIDE)
    table = visitor.page.locator("main .scroll").first
    assert table.evaluate("one => one.scrollWidth - one.clientWidth") > 40
    assert shade(table) > 40
    assert abs(shade(table, right=False)) < 10
    table.focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.wait_for_timeout(500)
    assert table.evaluate("one => one.scrollLeft") > 0
    assert visitor.page.evaluate("document.activeElement.getAttribute('aria-label')")
    visitor.page.evaluate("document.activeElement.blur()")
    assert shade(table, right=False) > 40
    assert table.locator("tbody th").first.bounding_box()["x"] == table.bounding_box()["x"]  # type: ignore[index]
    table.evaluate("one => { one.scrollLeft = one.scrollWidth; }")
    assert abs(shade(table)) < 10
    visitor.page.emulate_media(media="print")
    assert table.evaluate("one => getComputedStyle(one).overflowX") == "visible"
    assert table.evaluate("one => getComputedStyle(one).backgroundImage") == "none"
