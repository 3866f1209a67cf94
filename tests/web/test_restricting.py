"""Restricting a case from its pages: at logging, on the page of access, and by naming and withdrawing."""

import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from casework.services import cases
from casework.store.cases import Case
from casework.store.database import db
from casework.store.restricted import CaseKeySeal
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.web.incidents import log, read_form
from tests.web.test_access import address, methods_of


def _text(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def _post(client: FlaskClient, case_id: UUID, path: str, **sent: object) -> int:
    db.session.rollback()
    version = db.session.get_one(Case, case_id).version
    return client.post(f"/cases/{case_id}/{path}", data={"version": version} | sent).status_code


@pytest.fixture
def case_id(founded: Founded) -> UUID:
    """A case of the caseworker's, open to all."""
    return log(founded.context(CASEWORKER)).case_id


def test_a_case_is_restricted_and_opened_again(founded: Founded, case_id: UUID) -> None:
    """The page says so and who is named; for everybody else there is no such case, in no list either."""
    client, colleague = founded.client(CASEWORKER), founded.players[COLLEAGUE].id.hex
    page = client.get(f"/cases/{case_id}/access").text
    assert re.findall(r'type="radio" name="access"[^>]*value="(\w+)"', page) == ["all", "team", "restricted"]
    assert _post(client, case_id, "access", access="restricted", team=[colleague]) == 302
    text = _text(client.get(f"/cases/{case_id}").text)
    assert "Restricted" in text and "Ines you Take my name off Theo Withdraw access" in text
    assert "checked> Only people you name" in client.get(f"/cases/{case_id}/access").text
    assert founded.client(COLLEAGUE).get(f"/cases/{case_id}").status_code == 200
    others = founded.client(COORDINATOR)
    for path in ("", "/access", "/hand-over", "/incidents/new"):
        assert others.get(f"/cases/{case_id}{path}").status_code == 404
    assert str(case_id) not in others.get("/cases?who=all").text
    assert "those named" in founded.client(COLLEAGUE).get("/cases?who=all").text
    assert _post(client, case_id, "access", access="all") == 302
    assert others.get(f"/cases/{case_id}").status_code == 200


def test_a_case_is_logged_restricted(founded: Founded) -> None:
    """The form of a new incident has the third answer too, and the next one of a series takes it over."""
    client = founded.client(CASEWORKER)
    sent = read_form(client, "/incidents/new") | {
        "precision": ["year"],
        "year": ["2026"],
        "police_service": ["unknown"],
        "contact_type": ["traffic_stop"],
        "access": ["restricted"],
        "team": [founded.players[COLLEAGUE].id.hex],
        "another": ["1"],
    }
    answer = client.post("/incidents/new", data=sent)
    assert answer.status_code == 302, _text(answer.text)
    row = db.session.query(Case).one()
    assert row.restricted and db.session.query(CaseKeySeal).count() == 6
    again = read_form(client, answer.location)
    assert again["access"] == ["restricted"] and again["team"] == sent["team"]


def test_somebody_is_named_and_withdrawn_on_the_page(founded: Founded, case_id: UUID) -> None:
    """By buttons that name what they do; who takes their own name off lands on the list."""
    client, me = founded.client(CASEWORKER), founded.players[CASEWORKER].id.hex
    coordinator = founded.players[COORDINATOR].id.hex
    assert _post(client, case_id, "access", access="restricted") == 302
    page = client.get(f"/cases/{case_id}").text
    assert "Nobody else has its keys" in page and "Take my name off" not in page
    assert _post(client, case_id, "named/grant", member=coordinator) == 302
    other = founded.client(COORDINATOR)
    assert "Nobody else has its keys" not in other.get(f"/cases/{case_id}").text
    assert _post(client, case_id, "named/withdraw", member=me) == 302
    assert "Hand it over first" in client.get(f"/cases/{case_id}").text
    assert _post(client, case_id, "hand-over", was=me, to=coordinator) == 302
    db.session.rollback()
    version = db.session.get_one(Case, case_id).version
    gone = client.post(f"/cases/{case_id}/named/withdraw", data={"version": version, "member": me})
    assert gone.location == "/cases"
    assert client.get(f"/cases/{case_id}").status_code == 404
    assert other.get(f"/cases/{case_id}").status_code == 200


def test_it_is_handed_over_among_the_named(founded: Founded, case_id: UUID) -> None:
    """The page offers nobody else, and says what to do where nobody else is named."""
    client = founded.client(CASEWORKER)
    _post(client, case_id, "access", access="restricted")
    assert "Nobody else is named in it yet." in client.get(f"/cases/{case_id}/hand-over").text
    _post(client, case_id, "named/grant", member=founded.players[COLLEAGUE].id.hex)
    page = client.get(f"/cases/{case_id}/hand-over").text
    assert "Theo" in page and "Cora" not in page.partition("<main")[2]


@pytest.mark.parametrize("member", ["", "nobody", UUID(int=7).hex])
def test_nobody_is_named_by_a_made_up_id(founded: Founded, case_id: UUID, member: str) -> None:
    """What no page of ours sends is refused, and the case stays as it is."""
    client = founded.client(CASEWORKER)
    _post(client, case_id, "access", access="restricted")
    assert _post(client, case_id, "named/grant", member=member) in (302, 404)
    assert cases.get_case(founded.context(CASEWORKER), case_id).team == {founded.players[CASEWORKER].id}
    assert _post(client, case_id, "access", access="restricted", team=[UUID(int=7).hex]) == 422


def test_a_late_click_is_told(founded: Founded, case_id: UUID) -> None:
    """A page that was read before somebody else's change does nothing: 409."""
    client = founded.client(CASEWORKER)
    _post(client, case_id, "access", access="restricted")
    sent = {"version": "1", "member": founded.players[COLLEAGUE].id.hex}
    for deed in ("grant", "withdraw"):
        assert client.post(f"/cases/{case_id}/named/{deed}", data=sent).status_code == 409
    assert client.post(f"/cases/{case_id}/access", data={"version": "1", "access": "all"}).status_code == 409


@pytest.mark.parametrize("login", [COLLEAGUE, COORDINATOR])
def test_no_address_of_it_leads_anywhere_for_others(founded: Founded, login: str) -> None:
    """Every address that names a case, a person or an incident; a coordinator is no exception."""
    logged = log(founded.context(CASEWORKER))
    person = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0].id
    _post(founded.client(CASEWORKER), logged.case_id, "access", access="restricted")
    ids = {"case_id": str(logged.case_id), "incident_id": str(logged.incident_id), "person_id": str(person)}
    tried = 0
    for rule in founded.app.url_map.iter_rules():
        if not rule.arguments or not rule.arguments <= ids.keys():
            continue
        for method in methods_of(rule):
            answer = founded.client(login).open(address(rule, ids), method=method)
            refused = {404} if login == COORDINATOR else {404, 403}  # 403: a deed of coordinators
            assert answer.status_code in refused, (rule.rule, method)
            tried += 1
    assert tried > 15
