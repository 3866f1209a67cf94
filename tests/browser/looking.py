"""How a page looks to an inspector: accessibility, layout on a phone, its head, and its picture."""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.support.browser import Visitor

SHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
GRAVE = {"serious", "critical"}


def look(visitor: Visitor, name: str) -> None:
    """Find no fault with the page as it stands."""
    assert find_faults(visitor) == [], name
    shoot(visitor, name)


def find_faults(visitor: Visitor) -> list[str]:
    """Return what an inspector would complain of: axe's grave findings, the head, scrolling sideways."""
    page = visitor.page
    found = [_describe(finding) for finding in _axe(visitor) if finding["impact"] in GRAVE]
    if not page.title().strip(" ·"):
        found.append("no title")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} first headings")
    width, room = page.evaluate(
        "[document.scrollingElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if width > room:
        found.append(f"scrolls sideways: {width} > {room}")
    return found


def shoot(visitor: Visitor, name: str) -> None:
    """Take a picture when somebody asked for pictures: SCREENSHOTS=1."""
    if os.environ.get("SCREENSHOTS") == "1":
        SHOTS.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def _axe(visitor: Visitor) -> list[dict[str, Any]]:
    options = {"resultTypes": ["violations"]}
    violations: list[dict[str, Any]] = Axe().run(visitor.page, options=options).response["violations"]
    return violations


def _describe(finding: dict[str, Any]) -> str:
    where = "; ".join(str(node["target"]) for node in finding["nodes"][:4])
    return f"{finding['impact']} {finding['id']}: {where}"
