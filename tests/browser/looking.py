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
GRAVE = ["serious", "critical"]
# What a clean page needs not: where each element is.
_QUICK = {"resultTypes": ["violations"], "selectors": False}
# What a size or a colour scheme changes in a page that was inspected whole in another.
_COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Puts axe in, without the rules whose findings are never grave: theirs is the impact of the rule.
_PREPARE = """grave => {
  for (const rule of axe._audit.rules) rule.enabled &&= grave.includes(rule.impact);
  axe.configure({ rules: [
    { id: "color-contrast", selector: ":not([data-inspector-twin])" },
    { id: "target-size", enabled: true },  // WCAG 2.5.8; axe leaves it to who wants it
  ] });
}"""
# Of text on a gradient axe judges nothing: where a table ends in a shade, it is looked at without.
_SHADES = "is_shown => document.querySelectorAll('.scroll').forEach("
_SHADES += "region => { region.style.backgroundImage = is_shown ? '' : 'none'; })"
# What stays at the foot of the window covers what one can scroll up: of that axe says it is too small.
_BARS = "is_stuck => document.querySelectorAll('.savebar, .bulk, .deciding').forEach("
_BARS += "bar => { bar.style.position = is_stuck ? '' : 'static'; })"
# Of elements that look alike, ancestors included, three are enough to judge the contrast of all.
_MARK_TWINS = """() => {
  const names = new Map(), seen = new Map();
  const looks = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight",
    "display", "visibility", "position", "zIndex", "float", "transform", "filter", "mixBlendMode",
    "textShadow", "clipPath", "overflow", "textDecorationLine",
    "marginTop", "marginLeft", "marginBottom", "marginRight"];
  for (const element of document.querySelectorAll("body, body *")) {
    const style = getComputedStyle(element);
    const above = names.get(element.parentElement) ?? "";
    const own = [above, element.localName, ...looks.map(look => style[look])].join();
    if (!seen.has(own)) seen.set(own, { name: `#${seen.size}`, count: 0 });
    const alike = seen.get(own);
    names.set(element, alike.name);
    alike.count += 1;
    element.toggleAttribute("data-inspector-twin", alike.count > 3);
  }
}"""
_FORGET_TWINS = """() => document.querySelectorAll("[data-inspector-twin]").forEach(
  element => element.removeAttribute("data-inspector-twin"))"""


def look(visitor: Visitor, name: str) -> None:
    """Find no fault with the page as it stands."""
    assert find_faults(visitor) == [], name
    shoot(visitor, name)


def look_at(
    visitor: Visitor, name: str, views: Sequence[View], *, whole_once: bool = False
) -> dict[str, list[str]]:
    """Return the faults of the page in each of these views, by the view's name.

    With `whole_once` it is inspected whole in the first view, and its colours in all: for a page that is
    looked at in two languages, whose first views are of either size. What has neither to do with colours
    nor with room is the same page in the others.
    """
    found = {}
    for number, (size, scheme) in enumerate(views):
        visitor.page.set_viewport_size(size)
        visitor.page.emulate_media(color_scheme=scheme)
        view = f"{name}-{size['width']}-{scheme}"
        found[view] = find_faults(visitor, whole=number == 0 or not whole_once)
        shoot(visitor, view)
    return {view: faults for view, faults in found.items() if faults}


def find_faults(visitor: Visitor, *, whole: bool = True) -> list[str]:
    """Return what an inspector would complain of: axe's grave findings, the head, scrolling sideways.

    Not `whole`, axe looks at the colours alone.
    """
    page = visitor.page
    found = [_describe(finding) for finding in _find_grave(visitor, {} if whole else _COLORS)]
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


def _find_grave(visitor: Visitor, scope: dict[str, Any]) -> list[dict[str, Any]]:
    # Where an element is costs as much as many a rule: it is asked for once something was found.
    return _axe(visitor, _QUICK | scope) and _axe(visitor, _QUICK | scope | {"selectors": True})


def _axe(visitor: Visitor, options: dict[str, Any]) -> list[dict[str, Any]]:
    # Put in once a page, and only what was violated is handed out: each costs half of Axe().run().
    page = visitor.page
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
        page.evaluate(_PREPARE, GRAVE)
    page.evaluate(_SHADES, False)
    page.evaluate(_BARS, False)
    page.evaluate(_MARK_TWINS)
    violations: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(options).then(results => results.violations)", options
    )
    page.evaluate(_FORGET_TWINS)
    page.evaluate(_BARS, True)
    page.evaluate(_SHADES, True)
    return [finding for finding in violations if finding["impact"] in GRAVE]


def _describe(finding: dict[str, Any]) -> str:
    where = "; ".join(str(node["target"]) for node in finding["nodes"][:4])
    return f"{finding['impact']} {finding['id']}: {where}"
