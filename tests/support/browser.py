"""The system's Chromium, driven through Playwright; nothing of it reaches beyond this machine."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.support.secondfactor import Device
from tools.system_parts import HOW, find_chromium

ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",  # there is none: drawing as if there were costs a process
    "--disable-quic",
    "--disable-sync",
    "--font-render-hinting=none",  # whole pixels are for screens of yesterday
    "--no-first-run",
)


PATIENCE = 60_000  # milliseconds; how fast something comes is no test's question, whether it comes is


def pytest_configure() -> None:
    """Let what is expected come on a busy machine too; five seconds are usual."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The program to start."""
    path = find_chromium()
    if path is None:
        pytest.fail(f"Chromium is missing. {HOW['Chromium']}")
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """One browser for the session; a test takes a context of its own."""
    sandbox = () if os.getuid() else ("--no-sandbox",)  # its sandbox refuses root
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium_path, args=[*ARGUMENTS, *sandbox])
        yield launched
        launched.close()


@pytest.fixture
def browser_context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile of desktop size; `browser.new_context(...)` makes others."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=900)
# Tells the console of what the content policy refused; the policy does not bind what a driver adds.
_TELL = "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"


class Visitor:
    """Somebody with a browser of their own. `faults` is what it complained of; there should be none.

    `meant` stands in complaints that a test means to bring about, whenever they come.

    `device` has the app that gives them codes, once they have set it up; `passphrase` is what they signed
    in with.
    """

    def __init__(
        self, browser: Browser, url: str, *, phone: bool = False, locale: str = "en-CA", scripts: bool = True
    ) -> None:
        self.url = url
        self.faults: list[str] = []
        self.meant = ""
        self.device: Device | None = None
        self.passphrase = ""
        self.context = browser.new_context(
            base_url=url,
            viewport=PHONE if phone else DESK,
            locale=locale,
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(_TELL)
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        self.context.on("request", self._see)
        self.page = self.context.new_page()

    @property
    def path(self) -> str:
        """Where the browser is, without the host."""
        return self.page.url.removeprefix(self.url)

    def go(self, path: str) -> Response:
        """Open a page of ours."""
        answer = self.page.goto(path)
        assert answer is not None
        return answer

    def press(self, selector: str) -> None:
        """Press what leads to another page, and wait until it is there."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def say(self, selector: str = "main") -> str:
        """Return the text that stands there."""
        return self.page.locator(selector).first.inner_text()

    def _hear(self, message: ConsoleMessage) -> None:
        refused = "Failed to load resource: the server responded with a status of 4"
        if message.type in ("error", "warning") and not message.text.startswith(refused):
            self.faults.append(f"{message.type}: {message.text} at {message.location['url']}")

    def _see(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.faults.append(f"left this machine: {request.url}")


COUNTED = """([text, selector]) =>
  new DOMParser().parseFromString(text, "text/html").querySelectorAll(selector).length"""


def count_served(visitor: Visitor, path: str, selector: str) -> int:
    """Count what a page has, as the server writes it for this browser; no tab has to draw it."""
    answer = visitor.context.request.get(path)
    assert answer.url == f"{visitor.url}{path}" and answer.ok, answer.url
    return int(visitor.page.evaluate(COUNTED, [answer.text(), selector]))


class Session:
    """Somebody's session, kept for the next browser of theirs: signing in is no question of most tests."""

    def __init__(self) -> None:
        self._cookies: list[Any] = []

    def enter(self, visitor: Visitor, path: str, language: str, sign_in: Callable[[], object]) -> None:
        """Open a page in a language, and sign in if nobody did so yet or the session was ended."""
        visitor.context.add_cookies(self._cookies)
        if self._cookies:
            visitor.go(path)
        if visitor.path != path or visitor.page.get_attribute("html", "lang") != language:
            sign_in()
            visitor.go(path)
        assert visitor.path == path, visitor.path
        self._cookies = visitor.context.cookies()


@pytest.fixture
def visitors(browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Give browsers that share nothing: `visitors(url, phone=True, locale="fr-CA")`; none may complain."""
    opened: list[Visitor] = []

    def visit(url: str, **kind: Any) -> Visitor:
        opened.append(Visitor(browser, url, **kind))
        return opened[-1]

    yield visit
    for visitor in opened:
        visitor.context.close()
    faults = [
        fault
        for visitor in opened
        for fault in visitor.faults
        if not visitor.meant or visitor.meant not in fault
    ]
    assert not faults, faults
