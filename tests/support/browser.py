"""The system's Chromium, driven through Playwright; nothing of it reaches beyond this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tools.system_parts import HOW, find_chromium

ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


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
