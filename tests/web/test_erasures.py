"""Erasing a case from the bin, its receipt, and the hold that keeps it from being deleted."""

import re

from casework.services.bin import bin_case
from casework.services.incidents import log_incident
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft, person_draft
from tests.web.incidents import log, person


def _text(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_a_case_is_erased_after_its_page_has_said_what_goes(founded: Founded) -> None:
    """The page warns of orders and offers the way out first; then there is a receipt without content."""
    logged = log(founded.context(CASEWORKER), person("Quitterie"), text="zibeline")
    bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    client, path = founded.client(COORDINATOR), f"/cases/{logged.case_id}/erase"
    assert path in client.get("/cases/bin").text
    assert path not in founded.client(CASEWORKER).get("/cases/bin").text
    page = client.get(path).text
    for said in (
        "There is no way back",
        "may be an offence",
        "call counsel first",
        "Quitterie",
        logged.reference,
    ):
        assert said in page
    assert re.search(r"<a [^>]*autofocus>Not yet</a>", page)
    answer = client.post(path)
    assert answer.location == f"/erasures/{logged.case_id}"
    receipt = client.get(answer.location).text
    for said in (
        logged.reference,
        "one person",
        "one incident",
        "Cora",
        "overwritten in the database",
        "none made before",
    ):
        assert said in _text(receipt)
    for secret in ("Quitterie", "zibeline"):
        assert secret not in receipt
    assert logged.reference in client.get("/erasures").text
    assert client.post(path).status_code == 404


def test_coordinators_see_of_a_restricted_case_only_that_one_was_erased(founded: Founded) -> None:
    """The page of erasing warns that the reference is kept nowhere; list, receipt and log do not show it."""
    named = {COLLEAGUE, COORDINATOR}
    team = frozenset(founded.players[login].id for login in named)
    draft = incident_draft(restricted=True, team=team, people=(person_draft("Quitterie"),))
    logged = log_incident(founded.context(CASEWORKER), draft)
    bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    client, path = founded.client(COORDINATOR), f"/cases/{logged.case_id}/erase"
    page = client.get(path).text
    assert logged.reference in page and "Note the reference down" in page
    receipt = client.get(client.post(path).location).text
    assert "A restricted case was erased" in _text(receipt) and "Cora" in _text(receipt)
    index = client.get("/erasures").text
    assert "a restricted case" in _text(index)
    log_page = client.get("/audit").text
    assert "Cora erased a case that is not open to you." in _text(log_page)
    for shown in (receipt, index, log_page):
        assert logged.reference not in shown and "Quitterie" not in shown and "one person" not in shown
    assert client.post("/audit", data={"case": logged.reference}).status_code != 302


def test_a_case_on_hold_cannot_be_deleted(founded: Founded) -> None:
    """The page says since when; a coordinator sets and lifts the hold, a caseworker only sees it."""
    logged = log(founded.context(CASEWORKER))
    client, path = founded.client(COORDINATOR), f"/cases/{logged.case_id}"
    assert "Legal hold" not in founded.client(CASEWORKER).get(path).text
    assert client.post(f"{path}/hold", data={"version": "1", "deed": "hold"}).location == path
    for login in (CASEWORKER, COORDINATOR):
        page = founded.client(login).get(path).text
        assert "on hold" in page and f"{path}/bin" not in page
        assert ("Lift the hold" in page) == (login == COORDINATOR)
    refused = founded.client(CASEWORKER).post(f"{path}/bin", data={"version": "2"}, follow_redirects=True)
    assert "This case is on legal hold" in refused.text
    assert founded.client(CASEWORKER).post(f"{path}/hold", data={"version": "2"}).status_code == 403
    assert client.post(f"{path}/hold", data={"version": "1", "deed": "lift"}).status_code == 409
    assert client.post(f"{path}/hold", data={"version": "2", "deed": "lift"}).location == path
    assert founded.client(CASEWORKER).post(f"{path}/bin", data={"version": "3"}).location == "/cases"
