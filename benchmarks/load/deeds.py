"""What members do, and how often beside the rest: one table for each role."""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from benchmarks.load.browsing import Browser, Unsound
from benchmarks.load.shared import Shared
from casework.domain.permissions import Role
from tests.support.files import photo

_CASE = re.compile(r'href="(/cases/[0-9a-f-]{36})"')
_PHOTO = photo(size=(1600, 1200))
_WORDS = ("river window", "paper ticket", "lantern orchard", "officer street", "Garcia", "car")
_LONGEST_LOOK_SECONDS = 120


@dataclass(frozen=True)
class Deed:
    """What is done, under the name that the table of results has for it, so many times in a hundred."""

    name: str
    weight: int
    do: Callable[[Browser, random.Random], None]


def _page(name: str, weight: int, *paths: str) -> Deed:
    return Deed(name, weight, lambda browser, chance: _ignore(browser.open(chance.choice(paths))))


def _ignore(_page: object) -> None:
    """Look at it."""


def search(browser: Browser, chance: random.Random) -> None:
    """Look for words among all incidents."""
    form = browser.open("/incidents?who=all").form("text", action="/incidents")
    browser.send(form, {"text": chance.choice(_WORDS), "who": "all"}, "/incidents")


def open_case(browser: Browser, chance: random.Random) -> str:
    """Open one of the first cases of the list; returns its address."""
    case = chance.choice(_CASE.findall(browser.open("/cases?who=all").text))
    browser.open(case)
    return str(case)


def log_incident(browser: Browser, chance: random.Random) -> str:
    """Log an incident of somebody new; returns the address of its case."""
    form = browser.open("/incidents/new").form("police_service")
    name = uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))  # like nobody's: nothing is asked
    values: dict[str, str | list[str]] = {
        "day": f"2026-0{chance.randint(1, 9)}-{chance.randint(10, 28)}",
        "police_service": "spvm",
        "contact_type": "traffic_stop",
        "text": "A car, then another. " * chance.randint(1, 40),
        "people-0-name": f"{name[:16]} {name[16:]}",
        "people-0-roles": "driver",
    }
    return browser.send(form, values, "/cases/").url.partition("?")[0]


def write_note(browser: Browser, chance: random.Random) -> None:
    """Add a note to a case of the list."""
    case = open_case(browser, chance)
    form = browser.open(f"{case}/follow-ups/new?kind=note").form("words")
    browser.send(form, {"words": "Called, nobody answered."}, "/cases/")


def add_photo(browser: Browser, chance: random.Random) -> None:
    """Add a photograph to a case of the list."""
    case = open_case(browser, chance)
    form = browser.open(f"{case}/files").form("file", "note")
    page = browser.upload(form, {"note": "The street"}, f"{uuid4().hex}.jpg", _PHOTO)
    if page.status != 200:
        raise Unsound(f"a file was answered {page.status}")


def ask_number(browser: Browser, chance: random.Random) -> None:
    """Ask for one number, and wait for the answer as the page does that asks for itself."""
    form = browser.open("/statistics").form("what", "by", "first")
    group = chance.choice(("ticket", "victim", "witness", "other"))
    year = chance.choice(("2023", "2024", "2025"))
    values = {"what": f"contact_group:{group}", "first": f"{year}-Q1", "last": f"{year}-Q4"}
    browser.send(form, values, "/statistics")
    _wait(browser, "/statistics")


def look_at_release(browser: Browser, chance: random.Random) -> None:
    """Draft a release, look at its numbers until they are there, and throw it away."""
    form = browser.open("/releases/new").form("show_1", "by_1", "title_en")
    year = chance.choice(("2023", "2024", "2025"))
    values = {"show_1": "contact_group", "by_1": "year", "title_en": "Who calls", "summary_en": "Ours."}
    draft = browser.send(form, values | {"first": f"{year}-Q1", "last": f"{year}-Q4"}, "/releases/").url
    browser.send(browser.page.form(action="/preview"), {}, "/releases/")
    _wait(browser, draft.partition("?")[0])
    browser.send(browser.page.form(action="/discard"), {}, "/releases")


def _wait(browser: Browser, path: str) -> None:
    deadline = time.monotonic() + _LONGEST_LOOK_SECONDS
    while any(form.action.endswith("/stop") for form in browser.open(path).forms):
        if time.monotonic() > deadline:
            raise Unsound(f"no answer after {_LONGEST_LOOK_SECONDS} s")
        time.sleep(2)


def plan(role: Role, shared: Shared) -> list[Deed]:
    """Return what a role does."""
    together = [
        _page("start page", 10, "/"),
        _page("list of cases", 20, "/cases?who=all", "/cases?who=mine", "/cases?who=all&service=spvm"),
        Deed("search", 12, search),
        Deed("one case", 20, lambda browser, chance: _ignore(open_case(browser, chance))),
    ]
    if role is Role.ADVOCATE:
        return [
            _page("start page", 10, "/"),
            Deed("one number, until it is there", 15, ask_number),
            Deed("a release looked at", 5, look_at_release),
            _page("releases, official counts", 70, "/releases", "/official-counts"),
        ]
    if role is Role.COORDINATOR:
        return [
            *together,
            _page("patterns, review, signals", 20, "/patterns", "/patterns/review", "/signals"),
            _page("audit log, members", 10, "/audit", "/members"),
            _page("explorer, pathway", 10, "/explore?show=roles&by=year&unit=people", "/explore/pathway"),
        ]
    return [
        *together,
        Deed("logging an incident", 14, lambda browser, chance: _ignore(log_incident(browser, chance))),
        Deed("changing what others change", 8, shared.add_word),
        Deed("a note", 8, write_note),
        Deed("a photograph", 4, add_photo),
    ]
