"""Who stands in a release though they no longer agree: how many first, then which cases, each once."""

import re
from datetime import UTC, date, datetime
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask

from casework.services.releases.withdrawing import withdraw_release
from casework.services.statistics.withdrawals import Withdrawals, Withdrawn
from casework.web.release_page import withdrawals_in_words
from tests.services.releases.test_losses import put_in_bin
from tests.services.releases.test_standing import take_back
from tests.services.releases.written import draft, release
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.counted import log_many
from tests.web.pages import text_of

_GONE = "It no longer agrees with the records."


@pytest.mark.parametrize("gone", [1, 3, 8])
def test_which_cases_stands_below_the_tables_folded_where_they_are_many(founded: Founded, gone: int) -> None:
    """The list of releases has no references at all, only how many."""
    logged = log_many(founded.context(CASEWORKER), ["spvm"] * 12 + ["sq"] * 12)
    first = release(founded)
    for one in logged[:gone]:
        take_back(founded, one, date(2025, 4, 12))
    client = founded.client(COORDINATOR)
    shown, listed = client.get(f"/releases/{first}"), client.get("/releases")
    said = "Somebody in one case that it counts" if gone == 1 else f"People in {gone} cases that it counts"
    assert said in text_of(shown) and said in text_of(listed)
    assert f"/releases/{first}#withdrawn" in listed.text and "/cases/" not in listed.text.split("<main")[1]
    tables, _leaf, below = shown.text.partition('id="withdrawn"')
    assert '<table class="protected' in tables and "/cases/" not in tables.split("<main")[1]
    assert len(re.findall(r'href="/cases/[^"]+#withdrawn"', below)) == gone
    assert ('<details class="folded" open>' in below) == (gone <= 3)
    assert re.search(r"answer of Apr 12, 2025, written down \w+ \d+, 20\d\d", unescape(below))
    assert 'id="withdrawn"' not in founded.client(ADVOCATE).get(f"/releases/{first}").text


def test_a_case_of_several_people_is_named_once(app: Flask) -> None:
    case, noted = uuid4(), datetime(2026, 5, 4, 12, tzinfo=UTC)
    family = [Withdrawn(uuid4(), case, "2026-FAMILY", None, noted) for _person in range(3)]
    alone = Withdrawn(uuid4(), uuid4(), "2026-ALONE", date(2026, 5, 4), noted)
    one, two = Withdrawals(people=[*family[:2], alone, family[2]]).cases
    assert (one.reference, two.reference, len(two.people)) == ("2026-ALONE", "2026-FAMILY", 3)
    with app.test_request_context():
        assert withdrawals_in_words(one) == "May 4, 2026"
        assert withdrawals_in_words(two) == "3 people: day not known, written down May 4, 2026"


def test_a_replaced_release_keeps_its_mark(founded: Founded) -> None:
    """It is still out in the world; beside it stands what came in its place. A withdrawn one has none."""
    logged = log_many(founded.context(CASEWORKER), ["spvm"] * 12 + ["sq"] * 12)
    first = release(founded)
    for one in logged[:5]:
        put_in_bin(founded, one)
    second = release(founded, draft(replaces=1))
    for login, sentence in ((COORDINATOR, "Records of 5 cases or more"), (ADVOCATE, "Records of 5 cases")):
        page = text_of(founded.client(login).get(f"/releases/{first}"))
        assert _GONE in page and sentence in page and "Release 2 came in its place." in page
        assert "It was replaced, and its files are still out in the world." in page
        assert "Ask a coordinator" not in page
        listed = text_of(founded.client(login).get("/releases"))
        assert listed.count(_GONE) == 1 and "Replaced: see release 2" in listed
        assert _GONE not in text_of(founded.client(login).get(f"/releases/{second}"))
    withdraw_release(founded.context(), first, 4, {"en": "A mistake."})
    assert _GONE not in text_of(founded.client(COORDINATOR).get("/releases"))
