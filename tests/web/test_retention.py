"""The page of the rules of retention, and what the start page says of them."""

import re

from casework.services.retention import find_rules
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.web.incidents import log

SENT = {"version": "0", "months": "6", "grace_days": "30"}


def test_what_would_go_is_shown_before_it_is_saved(founded: Founded) -> None:
    """The preview lists each case with its days and changes nothing; saving then does."""
    logged, client = log(founded.context(CASEWORKER)), founded.client(COORDINATOR)
    assert "No rule: no case goes by itself." in client.get("/retention").text
    seen = client.post("/retention", data=SENT | {"preview": "1"}).text
    assert "not saved yet" in seen and logged.reference in seen and "Ines" in seen
    assert find_rules(founded.context(COORDINATOR)).version == 0
    assert client.post("/retention", data=SENT).location == "/retention"
    kept = client.get("/retention").text
    assert logged.reference in kept and "not saved yet" not in kept
    assert re.search(r'name="months"[^>]*value="6"', kept)
    assert client.post("/retention", data=SENT).status_code == 409


def test_wrong_numbers_are_named(founded: Founded) -> None:
    """Each field says what to write, and what was typed stays."""
    client = founded.client(COORDINATOR)
    for field, typed in (("months", "5"), ("months", "many"), ("grace_days", ""), ("grace_days", "366")):
        answer = client.post("/retention", data=SENT | {field: typed})
        assert answer.status_code == 422
        assert "Write a whole number" in answer.text
    assert 'value="many"' in client.post("/retention", data=SENT | {"months": "many"}).text
