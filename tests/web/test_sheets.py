"""Taking a list along: the filter of the list goes with it, and the passphrase is asked for."""

import re

import pytest

from casework.services.incidents import log_incident
from tests.support.application import CASEWORKER, Founded
from tests.support.records import incident_draft, person_draft
from tests.web.pages import find_token, text_of


@pytest.mark.parametrize("what", ["cases", "incidents"])
def test_the_list_that_one_sees_is_the_list_that_one_gets(founded: Founded, what: str) -> None:
    """From a search to the file; the address in between says nothing of who was searched for."""
    for name in ("Zoë Nguyen", "Ilyas"):
        log_incident(founded.context(CASEWORKER), incident_draft(people=(person_draft(name),)))
    client = founded.client(CASEWORKER)
    token = find_token(client.get(f"/{what}").text)
    found = client.post(f"/{what}", data={"csrf_token": token, "text": "zoe nguyen"}, follow_redirects=True)
    address = re.search(rf'href="(/{what}/sheet[^"]*)"', found.text)
    assert address
    assert "nguyen" not in address[1].lower()  # longer than what is sealed in it spells by chance
    page = client.get(address[1].replace("&amp;", "&"))
    assert "Filters: “zoe nguyen”." in text_of(page)
    assert re.search("One (case|incident)\\.", text_of(page))
    fields = {"csrf_token": find_token(page.text), "text": "zoe nguyen", "kind": "csv", "passphrase": "wrong"}
    refused = client.post(f"/{what}/sheet", data=fields)
    assert refused.status_code == 422
    assert 'name="text" value="zoe nguyen"' in refused.text
    fields["passphrase"] = founded.players[CASEWORKER].passphrase
    given = client.post(f"/{what}/sheet", data=fields)
    assert given.mimetype == "text/csv"
    assert "Zoë Nguyen" in given.text
    assert "Ilyas" not in given.text
    assert "My cases; “zoe nguyen”" in given.text


def test_another_kind_than_those_is_refused(founded: Founded) -> None:
    """In words, at its field."""
    client = founded.client(CASEWORKER)
    page = client.get("/cases/sheet")
    fields = {
        "csrf_token": find_token(page.text),
        "kind": "exe",
        "passphrase": founded.players[CASEWORKER].passphrase,
    }
    answer = client.post("/cases/sheet", data=fields)
    assert answer.status_code == 422
    assert "Choose one of the listed answers." in answer.text
