"""A demonstration and a browser that takes pictures of it, small ones."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, ViewportSize

from casework.domain.permissions import Role
from tests.support.live_server import LiveServer

DOCS = Path(__file__).parent.parent.parent / "docs"
GUIDES, README = DOCS / "guides" / "pictures", DOCS / "pictures"
# Twice the points of a phone, one and a half those of a small desk: sharp on paper, and still small.
PHONE, PHONE_SCALE = ViewportSize(width=390, height=844), 2.0
DESK, DESK_SCALE = ViewportSize(width=1060, height=800), 1.5
COLOURS = 48
MARGIN = 12
"""Points around what is told."""
TIMEOUT_MILLISECONDS = 120_000


@dataclass(frozen=True)
class Studio:
    """A demonstration and a browser, in one language."""

    browser: Browser
    server: LiveServer
    language: str

    @contextmanager
    def visit(self, role: Role | None = None, *, phone: bool = False) -> Iterator[Page]:
        """Open a browser as somebody of the demonstration, or as nobody yet."""
        context = self._open(phone)
        context.set_default_timeout(TIMEOUT_MILLISECONDS)
        page = context.new_page()
        if role:
            page.goto("/sign-in")
            with page.expect_navigation():
                page.locator(f"main .task form:has([value={role}]) button").click()
            self._speak(page)
        yield page
        context.close()

    def take(
        self,
        page: Page,
        name: str,
        first: str,
        last: str = "",
        folder: Path = GUIDES,
        whole_width: bool = True,
    ) -> None:
        """Take what stands from one element to the other; what sticks to the screen lets go."""
        name = name if folder == README else f"{name}-{self.language}"
        page.evaluate(
            "for (const bar of document.querySelectorAll('.savebar')) bar.style.position = 'static'"
        )
        begin, end = _find(page.locator(first).first), _find(page.locator(last or first).last)
        top, left = max(0, begin["y"] - MARGIN), 0 if whole_width else max(0, begin["x"] - MARGIN)
        width = _width(page) if whole_width else begin["width"] + 2 * MARGIN
        clip = FloatRect(x=left, y=top, width=width, height=end["y"] + end["height"] + MARGIN - top)
        _keep(page.screenshot(full_page=True, clip=clip), folder / f"{name}.png")

    def take_screen(self, page: Page, name: str, folder: Path = GUIDES) -> None:
        """Take what stands on the screen, as one sees it."""
        name = name if folder == README else f"{name}-{self.language}"
        _keep(page.screenshot(), folder / f"{name}.png")

    def _open(self, phone: bool) -> BrowserContext:
        return self.browser.new_context(
            base_url=self.server.url,
            viewport=PHONE if phone else DESK,
            device_scale_factor=PHONE_SCALE if phone else DESK_SCALE,
            locale=f"{self.language}-CA",
            reduced_motion="reduce",
        )

    def _speak(self, page: Page) -> None:
        if page.get_attribute("html", "lang") != self.language:
            page.locator("details.menu summary").click()
            with page.expect_navigation():
                page.locator(f".menu .languages [value={self.language}]").click()


def send(page: Page) -> None:
    """Press the first button of the bar that saves."""
    press(page, "main .savebar button:not([name])")


def press(page: Page, selector: str) -> None:
    """Press it, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.locator(selector).first.click()


def _find(element: Locator) -> FloatRect:
    """Say where an element is, in points from the corner of the page."""
    where: FloatRect = element.evaluate(
        "one => { const {x, y, width, height} = one.getBoundingClientRect();"
        " return {x: x + scrollX, y: y + scrollY, width, height}; }"
    )
    return where


def _width(page: Page) -> int:
    return (page.viewport_size or DESK)["width"]


def _keep(content: bytes, path: Path) -> None:
    """Write with few colours: a screen has no more, and the file is a third."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    picture.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        path, "PNG", optimize=True
    )
