"""One deed for many cases, from the list to the undo, as a browser without scripts does it."""

import re
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from casework.services import holding, lists
from casework.services.access import get_case_row
from casework.services.bin import list_bin
from casework.services.cases import get_case
from casework.services.incidents import Logged
from casework.services.patterns import list_patterns
from casework.store.database import db
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.web.incidents import log, person


def _choose(client: FlaskClient, deed: str, *chosen: Logged, **fields: Any) -> str:
    """Tick these cases in the list, press the button of a deed, and return the page that it leads to."""
    sent = {"case": [one.case_id.hex for one in chosen], "deed": deed} | fields
    answer = client.post("/cases/together", data=sent)
    assert answer.status_code == 302
    return str(answer.location)


def _decide(client: FlaskClient, page: str, **fields: Any) -> str:
    """Count, then press the button that does what was counted; returns the page after it."""
    counted = client.get(page) if not fields else client.post(page, data=fields)
    assert counted.status_code == 200, counted.text
    start = counted.text.index('name="seen"')
    form = counted.text[counted.text.rindex("<form", 0, start) : counted.text.index("</form>", start)]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert sent.keys() - {"csrf_token", "seen"} == fields.keys()
    answer = client.post(page, data=sent)
    assert answer.status_code == 302
    return client.get(answer.location).text


def _undo(client: FlaskClient, page: str) -> str:
    address = re.search(r'action="(/cases/together/[^"]+/undo)"', page)
    assert address
    return client.post(address[1], follow_redirects=True).text


def _responsible(founded: Founded, logged: Logged) -> UUID:
    return get_case(founded.context(COORDINATOR), logged.case_id).facts.responsible


def test_handing_over_says_what_stays_and_can_be_undone(founded: Founded) -> None:
    """Two of three go; a team's case stays with its reason and a link; undo gives them back."""
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    one, two, teams = log(context), log(context), log(context, team=frozenset())
    heir = founded.players[COLLEAGUE].id
    page = _choose(client, "hand_over", one, two, teams)
    assert not {one.case_id.hex, str(one.case_id)} & set(re.split("[/?&=]", page))
    asked = client.get(page).text
    assert "3 chosen" in asked and 'name="seen"' not in asked
    counted = client.post(page, data={"to": heir.hex}).text
    assert "2 cases go to Theo." in counted
    assert "they are not in it" in counted and f'href="/cases/{teams.case_id}"' in counted
    after = _decide(client, page, to=heir.hex)
    assert "2 cases were handed over to Theo." in after and teams.reference in after
    assert _responsible(founded, one) == _responsible(founded, two) == heir
    assert "2 cases are as before." in _undo(client, after)
    assert _responsible(founded, one) == _responsible(founded, two) == founded.players[CASEWORKER].id


def test_the_bin_is_counted_at_once(founded: Founded) -> None:
    """Nothing is asked before the bin; a case on hold stays, and says so."""
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    one, two = log(context), log(context)
    holding.hold_case(founded.context(COORDINATOR), two.case_id, 1)
    page = _choose(client, "bin", one, two)
    counted = client.get(page).text
    assert "One case goes to the bin" in counted and "legal hold" in counted
    after = _decide(client, page)
    assert "One case was moved to the bin." in after
    assert [line.id for line in list_bin(founded.context(CASEWORKER))] == [one.case_id]
    assert "One case is as before." in _undo(client, after)
    assert list_bin(founded.context(CASEWORKER)) == []


def test_a_consent_for_many_names_what_differs(founded: Founded) -> None:
    """People and cases are counted; who said no stays whatever is ticked, and is linked with their answer."""
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    given = log(context, person("Ana"), person("Bo", statistics="not_asked"))
    refused = log(context, person("Cem", statistics="refused"))
    page = _choose(client, "consent", given, refused)
    asked = {"purpose": "statistics", "answer": "given", "on": "2026-05-12"}
    counted = client.post(page, data=asked).text
    assert "One person in one case: Statistics, given," in counted
    assert "An answer is there already" in counted and "They refused or withdrew" in counted
    counted = client.post(page, data=asked | {"replaces": "y"}).text
    assert "2 people in one case" in counted and "now: refused" in counted
    cem = get_case(context, refused.case_id).people[0]
    assert f'href="/cases/{refused.case_id}/people/{cem.id}"' in counted
    after = _decide(client, page, **asked, replaces="y")
    assert "The answer was recorded for 2 people." in after
    assert "2 people are as before." in _undo(client, after)
    people = get_case(founded.context(CASEWORKER), given.case_id).people
    assert {one.identity.name: one.facts.consent("statistics").answer for one in people} == {
        "Ana": "given",
        "Bo": "not_asked",
    }


@pytest.mark.parametrize("deed", ["add", "remove"])
def test_a_pattern_on_every_incident(founded: Founded, deed: str) -> None:
    """Every incident of the chosen cases changes, whichever its page of the list; undo takes it back."""
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    pattern = list_patterns(context)[0]
    carried = (pattern.id,) if deed == "remove" else ()
    one = log(context, patterns=carried)
    log(context, case_id=one.case_id, patterns=carried)
    before = _carrying(founded, pattern.id)
    after = _decide(client, _choose(client, "tag", one), pattern=pattern.id.hex, deed=deed)
    assert "2 incidents." in after and pattern.definition.name("en") in after
    assert _carrying(founded, pattern.id) == (2 if deed == "add" else 0)
    assert "2 incidents are as before." in _undo(client, after)
    assert _carrying(founded, pattern.id) == before


def _carrying(founded: Founded, pattern: UUID) -> int:
    return lists.list_incidents(founded.context(CASEWORKER), lists.Filter(pattern=pattern)).total


def test_all_that_fit_on_every_page(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """One box stands for the whole list, its search included, without those of similar names."""
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    monkeypatch.setattr("casework.web.filters.PAGE_SIZE", 2)
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    for name in ("Jean Tremblay", "Jean Tremblay", "Jean Tremblay", "Jean Trembley", "Ana"):
        log(context, person(name))
    assert "All 5, on every page" in client.get("/cases").text
    searched = client.post("/cases", data={"text": "Tremblay"}, follow_redirects=True).text
    assert "All 3 that fit exactly, on every page" in searched
    page = _choose(client, "bin", every="1", text="Tremblay")
    counted = client.get(page).text
    assert "3 cases go to the bin" in counted
    back = re.search(r'href="(/cases[?]q=[^"]+)"', counted)
    assert back and "Tremblay" not in back[1]
    assert "Tremblay" in client.get(back[1]).text


def test_nothing_chosen_and_too_many_are_said_on_the_list(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both lead back to the list, as it was filtered, and say what to do."""
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    assert _choose(client, "bin", who="all", service="spvm") == "/cases?who=all&service=spvm"
    assert "Tick the cases first." in client.get("/cases").text
    monkeypatch.setattr("casework.services.bundles.keeping.MOST", 1)
    assert _choose(client, "bin", log(context), log(context)) == "/cases"
    assert "narrow the list first" in client.get("/cases").text
    assert client.post("/cases/together", data={"case": "x", "deed": "bin"}).location == "/cases"


@pytest.mark.parametrize(
    ("deed", "sent", "said"),
    [
        ("hand_over", {}, "Choose who accompanies"),
        ("hand_over", {"to": ADVOCATE}, "Choose a member who may open cases."),
        ("consent", {"answer": "given", "on": "2026-05-12"}, "Choose what the consent is for."),
        ("consent", {"purpose": "story", "answer": "not_asked"}, "Choose the answer."),
        ("consent", {"purpose": "story", "answer": "given", "on": "2999-01-01"}, "has not come yet"),
        ("consent", {"purpose": "story", "answer": "given", "on": "soon"}, "Write the day as"),
        ("tag", {"deed": "add"}, "Choose a pattern."),
    ],
)
def test_a_wrong_answer_is_named(founded: Founded, deed: str, sent: dict[str, str], said: str) -> None:
    """The page comes back with the fault and with what was answered; nothing is done, even with a count."""
    client = founded.client(CASEWORKER)
    page = _choose(client, deed, log(founded.context(CASEWORKER)))
    given = {
        name: founded.players[value].id.hex if value == ADVOCATE else value for name, value in sent.items()
    }
    for more in ({}, {"seen": "999999"}):
        answer = client.post(page, data=given | more)
        assert answer.status_code == 422
        assert said in answer.text
    assert client.get(page).status_code == 200


def test_a_button_pressed_twice_does_it_once(founded: Founded) -> None:
    """The second time leads to what was done the first time; so does going back to the page before."""
    client = founded.client(CASEWORKER)
    page = _choose(client, "bin", log(founded.context(CASEWORKER)))
    after = _decide(client, page)
    assert "One case was moved to the bin." in after
    for answer in (client.post(page, data={"seen": "999999"}), client.get(page)):
        assert "One case was moved to the bin." in client.get(answer.location).text
    assert "One case is as before." in _undo(client, after)
    assert "One case is as before." in _undo(client, after)


def test_another_members_choice_is_not_found(founded: Founded) -> None:
    """Nor by a coordinator: what somebody chose is theirs alone."""
    page = _choose(founded.client(CASEWORKER), "bin", log(founded.context(CASEWORKER)))
    for login in (COLLEAGUE, COORDINATOR):
        client = founded.client(login)
        assert client.get(page).status_code == 404
        assert client.post(page, data={"seen": "999999"}).status_code == 404
    row = get_case_row(founded.context(CASEWORKER), _only(founded))
    db.session.refresh(row)
    assert row.binned_at is None


def _only(founded: Founded) -> UUID:
    return lists.list_cases(founded.context(CASEWORKER), lists.Filter()).lines[0].id


def test_a_deed_that_came_too_late_says_that_nothing_was_done(founded: Founded) -> None:
    """The screen had locked: whoever signs in again is told so, and the case lies where it lay."""
    client = founded.client(CASEWORKER)
    page = _choose(client, "bin", log(founded.context(CASEWORKER)))
    client.post("/lock")
    answer = client.post(page, data={"seen": "999999"}, follow_redirects=True)
    assert "The screen had locked: nothing was changed." in answer.text
    assert list_bin(founded.context(CASEWORKER)) == []
