"""Takes the pictures of all guides, or of those that are named: `python -m tools.pictures advocate`."""

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.support.live_server import serve
from tools.pictures import advocate, caseworker, coordinator
from tools.pictures.studio import GUIDES, Studio
from tools.system_parts import HOW, find_chromium

LANGUAGES = ("en", "fr")
WALKS: dict[str, Callable[[Studio], None]] = {
    "caseworker": caseworker.walk,
    "coordinator": coordinator.walk,
    "advocate": advocate.walk,
}


def main(names: Sequence[str]) -> int:
    """Take the pictures of these guides, or of all; 1 where there is no browser."""
    chromium = find_chromium()
    if chromium is None:
        print(HOW["Chromium"], file=sys.stderr)
        return 1
    GUIDES.mkdir(parents=True, exist_ok=True)
    sandbox = [] if os.getuid() else ["--no-sandbox"]  # it refuses root
    walks = [WALKS[name] for name in names or WALKS]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        for language in LANGUAGES:
            with tempfile.TemporaryDirectory() as folder, serve(Path(folder) / "demo", "--demo") as server:
                for walk in walks:
                    walk(Studio(browser, server, language))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
