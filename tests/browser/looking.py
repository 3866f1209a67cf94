"""How a page looks to an inspector: accessibility, layout on a phone, its head, and its picture."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize

from tests.support.browser import Visitor

SHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
View = tuple[ViewportSize, Literal["light", "dark"]]
# The links that one would have to scroll sideways to.
_OUT_OF_SIGHT = """[...document.querySelectorAll('.top nav a')].filter(link => {
  const box = link.getBoundingClientRect(), nav = link.closest('nav').getBoundingClientRect();
  return box.left < nav.left || box.right > nav.right + 1 || box.right > innerWidth;
}).map(link => link.textContent)"""
GRAVE = {"serious", "critical"}
# What a clean page needs not: where each element is, and two costly rules whose findings are never grave.
_QUICK = {
    "resultTypes": ["violations"],
    "selectors": False,
    "rules": {"hidden-content": {"enabled": False}, "region": {"enabled": False}},
}


def look(visitor: Visitor, name: str) -> None:
    """Find no fault with the page as it stands."""
    assert find_faults(visitor) == [], name
    shoot(visitor, name)


def look_at(visitor: Visitor, name: str, views: Sequence[View]) -> dict[str, list[str]]:
    """Return the faults of the page in each of these views, by the view's name."""
    found = {}
    for size, scheme in views:
        visitor.page.set_viewport_size(size)
        visitor.page.emulate_media(color_scheme=scheme)
        view = f"{name}-{size['width']}-{scheme}"
        found[view] = find_faults(visitor)
        shoot(visitor, view)
    return {view: faults for view, faults in found.items() if faults}


def find_faults(visitor: Visitor) -> list[str]:
    """Return what an inspector would complain of: axe's grave findings, the head, scrolling sideways."""
    page = visitor.page
    found = [_describe(finding) for finding in _find_grave(visitor)]
    if not page.title().strip(" ·"):
        found.append("no title")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} first headings")
    width, room = page.evaluate(
        "[document.scrollingElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if width > room:
        found.append(f"scrolls sideways: {width} > {room}")
    if hidden := page.evaluate(_OUT_OF_SIGHT):
        found.append(f"in the navigation, and out of sight: {hidden}")
    return found


def shoot(visitor: Visitor, name: str) -> None:
    """Take a picture when somebody asked for pictures: SCREENSHOTS=1."""
    if os.environ.get("SCREENSHOTS") == "1":
        SHOTS.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def _find_grave(visitor: Visitor) -> list[dict[str, Any]]:
    # Where an element is costs as much as many a rule: it is asked for once something was found.
    return _axe(visitor, _QUICK) and _axe(visitor, _QUICK | {"selectors": True})


def _axe(visitor: Visitor, options: dict[str, Any]) -> list[dict[str, Any]]:
    # Put in once a page, and only what was violated is handed out: each costs half of Axe().run().
    page = visitor.page
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(options).then(results => results.violations)", options
    )
    return [finding for finding in violations if finding["impact"] in GRAVE]


def _describe(finding: dict[str, Any]) -> str:
    where = "; ".join(str(node["target"]) for node in finding["nodes"][:4])
    return f"{finding['impact']} {finding['id']}: {where}"
