"""A new version of a release: of its own time, in the place of what none has replaced, and nothing lost."""

import re
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from casework.services.bin import bin_case
from casework.services.cases import get_case
from casework.services.incidents import Logged
from casework.services.releases.drafting import create_release
from casework.services.releases.withdrawing import withdraw_release
from tests.services.releases.written import draft, log, release
from tests.support.application import ADVOCATE, CASEWORKER, Founded
from tests.support.counted import log_many
from tests.web.pages import text_of

FIELDS = {"unit": "incidents", "first": "2022-Q2", "last": "2022-Q3", "show_1": "city", "by_1": "", "k": "5"}


def asked(page: str) -> dict[str, list[str]]:
    """Return what is chosen in a form of a release; a browser shows the first choice where none is."""
    chosen = {}
    for name in ("first", "last", "replaces"):
        [box] = re.findall(rf'<select[^>]* name="{name}".*?</select>', page, re.DOTALL)
        chosen[name] = re.findall(r'<option selected value="([^"]*)"', box)
    return chosen


def take_out(founded: Founded, logged: list[Logged]) -> None:
    """Move their cases to the bin."""
    context = founded.context(CASEWORKER)
    for one in logged:
        bin_case(context, one.case_id, get_case(context, one.case_id).version)


@pytest.fixture
def emptied(founded: Founded) -> UUID:
    """A release of 2022, of which nothing can be counted any more; much of 2025 can."""
    gone = log_many(founded.context(CASEWORKER), ["spvm"] * 12, "2022-05")
    log(founded, spvm=12, sq=12)
    release_id = release(founded, draft(first=2022, last=2022))
    take_out(founded, gone)
    return release_id


def test_it_opens_at_the_releases_own_period(founded: Founded, emptied: UUID) -> None:
    """Also where nothing of it can be counted: the form says so, and a new form offers no such year."""
    client = founded.client(ADVOCATE)
    assert '"2022-Q1"' not in client.get("/releases/new").text
    shown = client.get(f"/releases/new?replaces={emptied.hex}")
    assert asked(shown.text) == {"first": ["2022-Q1"], "last": ["2022-Q4"], "replaces": ["1"]}
    said = (
        "Nothing of this period can be released now: fewer than 5 cases are counted up to its end, or none."
    )
    assert said in text_of(shown) and "Release 1 stays as it left" in text_of(shown)
    assert said not in text_of(client.get("/releases/new"))


def test_a_draft_opens_at_its_own_period(founded: Founded, emptied: UUID) -> None:
    client, late = founded.client(ADVOCATE), draft(first=2022, last=2022)
    here = f"/releases/{create_release(founded.context(ADVOCATE), late)}/edit"
    page = client.get(here).text
    assert asked(page)["first"] == ["2022-Q1"] and asked(page)["last"] == ["2022-Q4"]
    assert "Nothing of this period can be released now" in page and "stays as it left" not in page


def test_what_is_not_saved_comes_back_with_its_period_and_place(founded: Founded, emptied: UUID) -> None:
    client = founded.client(ADVOCATE)
    wrong = FIELDS | {"k": "4", "replaces": "1"}
    page = client.post(f"/releases/new?replaces={emptied.hex}", data=wrong).text
    assert asked(page) == {"first": ["2022-Q2"], "last": ["2022-Q3"], "replaces": ["1"]}
    assert "Nothing of this period can be released now" in page


def test_where_nothing_can_be_counted_at_all_it_says_so(founded: Founded) -> None:
    logged = log_many(founded.context(CASEWORKER), ["spvm"] * 12)
    release_id = release(founded)
    take_out(founded, logged)
    page = founded.client(ADVOCATE).get(f"/releases/new?replaces={release_id.hex}").text
    assert asked(page)["first"] == ["2025-Q1"]
    assert "Nothing of this period can be released now" in page


def three(founded: Founded) -> tuple[UUID, UUID, UUID]:
    """Release two, then a third of more time in the place of the second, which is withdrawn again."""
    for year in ("2023-05", "2024-05", "2025-05"):
        log(founded, year, spvm=12, sq=12)
    first = release(founded, draft(first=2025))
    second = release(founded, draft(first=2024, last=2024))
    third = release(founded, draft([("province",)], first=2023, last=2024, replaces=2))
    withdraw_release(founded.context(), third, 3, {"en": "A year was wrong."})
    return first, second, third


def link(client: FlaskClient, release_id: UUID) -> str:
    """Return where the page of a release leads for a new version of it."""
    page = unescape(client.get(f"/releases/{release_id}").text)
    [found] = set(re.findall(r"/releases/new\?replaces=[0-9a-f]{32}", page))
    return str(found)


def test_it_is_of_the_release_whose_page_it_is_asked_on(founded: Founded) -> None:
    """In the place of the withdrawn one that took its own, since none can take a place twice."""
    _first, second, third = three(founded)
    client = founded.client(ADVOCATE)
    page = client.get(link(client, second)).text
    assert asked(page) == {"first": ["2024-Q1"], "last": ["2024-Q4"], "replaces": ["3"]}
    assert '<option selected value="police_service">' in page
    assert "It begins as release 2 was, and comes in the place of release 3." in page
    page = client.get(link(client, third)).text
    assert asked(page) == {"first": ["2023-Q1"], "last": ["2024-Q4"], "replaces": ["3"]}
    assert "It begins as release" not in page
    listed = unescape(client.get("/releases").text)
    assert link(client, second) in listed


def test_it_takes_no_place_of_another_time(founded: Founded) -> None:
    """What the first and the third count has nothing in common but the second, which has both times."""
    for year in ("2023-05", "2024-05", "2025-05"):
        log(founded, year, spvm=12, sq=12)
    first = release(founded, draft(first=2023, last=2023))
    release(founded, draft(first=2023, last=2025, replaces=1))
    third = release(founded, draft(first=2025, last=2025, replaces=2))
    withdraw_release(founded.context(), third, 3, {"en": "A year was wrong."})
    client = founded.client(ADVOCATE)
    page = client.get(link(client, first)).text
    assert asked(page) == {"first": ["2023-Q1"], "last": ["2023-Q4"], "replaces": ["0"]}
