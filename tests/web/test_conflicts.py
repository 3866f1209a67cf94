"""A lost race: both versions are shown, neither is lost."""

from dataclasses import replace
from typing import Any

import pytest

from casework.services import cases, incidents
from casework.services.incidents import Logged
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.web.incidents import log, parse_all, parse_form, person, person_fields, read_form

MINE, THEIRS = "Mine: it was raining.", "Theirs: two cars."


def _race(founded: Founded, **mine: Any) -> tuple[Logged, dict[str, list[str]]]:
    """Let the caseworker open a form and the colleague save in between; return what is then posted."""
    logged = log(founded.context(CASEWORKER), person("Naïma", "driver"))
    path = f"/incidents/{logged.incident_id}"
    sent = read_form(founded.client(CASEWORKER), path) | {"text": [MINE]} | mine
    other = read_form(founded.client(COLLEAGUE), path)
    other |= {"text": [THEIRS], "people-0-phone": ["514 555 0100"], "consequences": ["job_loss"]}
    assert founded.client(COLLEAGUE).post(path, data=other).status_code == 302
    return logged, sent


def _view(founded: Founded, logged: Logged) -> incidents.IncidentView:
    return incidents.get_incident(founded.context(CASEWORKER), logged.incident_id)


def test_both_texts_are_shown_and_nothing_is_overwritten(founded: Founded) -> None:
    """The slower save is answered with 409 and a page that has both, people included."""
    logged, sent = _race(founded, **{"people-0-name": ["Naïma B."]})
    answer = founded.client(CASEWORKER).post(f"/incidents/{logged.incident_id}", data=sent)
    assert answer.status_code == 409
    for text in (MINE, THEIRS, "514 555 0100", "Naïma B.", "Job loss"):
        assert text in answer.text
    assert "Traffic stop" not in answer.text
    assert _view(founded, logged).narrative.text == THEIRS


def test_keeping_mine_saves_it_over_theirs(founded: Founded) -> None:
    """Keep mine posts all of mine again with the new versions, and is saved."""
    logged, sent = _race(founded)
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    again = parse_all(client.post(path, data=sent).text) | {"resolve": ["mine"]}
    spot = f"/cases/{logged.case_id}#incident-{logged.incident_id.hex}"
    assert client.post(path, data=again).location == spot
    view = _view(founded, logged)
    assert (view.narrative.text, view.version) == (MINE, 3)
    assert view.facts.consequences == ("not_asked",)
    assert view.people[0].identity.phone == ""


def test_putting_together_opens_mine_with_theirs_in_sight(founded: Founded) -> None:
    """Putting them together is the form with mine in it and theirs beside; it saves without a conflict."""
    logged, sent = _race(founded)
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    again = parse_all(client.post(path, data=sent).text) | {"resolve": ["edit"]}
    page = client.post(path, data=again)
    assert page.status_code == 200
    assert THEIRS in page.text
    assert _view(founded, logged).narrative.text == THEIRS
    both = parse_form(page.text)
    assert both["text"] == [MINE]
    assert client.post(path, data=both | {"text": [f"{MINE} {THEIRS}"]}).status_code == 302
    assert _view(founded, logged).narrative.text == f"{MINE} {THEIRS}"


def test_a_second_race_is_shown_again(founded: Founded) -> None:
    """Somebody who saves while I choose is not overwritten either."""
    logged, sent = _race(founded)
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    again = parse_all(client.post(path, data=sent).text) | {"resolve": ["mine"]}
    third = read_form(founded.client(COLLEAGUE), path) | {"text": ["Third."]}
    founded.client(COLLEAGUE).post(path, data=third)
    assert client.post(path, data=again).status_code == 409
    assert _view(founded, logged).narrative.text == "Third."


def test_a_race_over_a_person_inside_an_incident(founded: Founded) -> None:
    """A person whom somebody changed on their own page meets the incident's form as a lost race, too."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    sent = read_form(client, path) | {"people-0-name": ["Naïma Mine"], "text": [MINE]}
    context = founded.context(COLLEAGUE)
    one = cases.get_case(context, logged.case_id).people[0]
    theirs = replace(one.identity, name="Naïma Theirs")
    cases.change_person(context, logged.case_id, one.id, one.version, one.facts, theirs)
    answer = client.post(path, data=sent)
    assert answer.status_code == 409
    assert "Naïma Mine" in answer.text
    assert "Naïma Theirs" in answer.text
    assert _view(founded, logged).narrative.text != MINE
    again = parse_all(answer.text) | {"resolve": ["mine"]}
    assert client.post(path, data=again).status_code == 302
    assert _view(founded, logged).people[0].identity.name == "Naïma Mine"


def test_somebody_new_on_one_side_is_shown(founded: Founded) -> None:
    """A person whom only one of the two added stands in the comparison."""
    logged, sent = _race(founded)
    sent |= {name: [value] for name, value in person_fields(5, name="Zoya").items()}
    answer = founded.client(CASEWORKER).post(f"/incidents/{logged.incident_id}", data=sent)
    assert answer.status_code == 409
    assert "Zoya" in answer.text
    assert "Not in this incident" in answer.text


@pytest.mark.parametrize("resolve", ["mine", "edit"])
def test_a_race_over_a_person(founded: Founded, resolve: str) -> None:
    """The page of a person shows both versions, and saves mine when told so."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    one = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0]
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}/people/{one.id}"
    sent = read_form(client, path) | {"note": ["Mine"], "consent_statistics": ["refused"]}
    theirs = read_form(client, path) | {"note": ["Theirs"]}
    assert founded.client(COLLEAGUE).post(path, data=theirs).status_code == 302
    answer = client.post(path, data=sent)
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    again = client.post(path, data=parse_all(answer.text) | {"resolve": [resolve]})
    if resolve == "edit":
        assert "Theirs" in again.text
        again = client.post(path, data=parse_form(again.text))
    assert again.status_code == 302
    now = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0]
    assert (now.identity.note, now.facts.consent("statistics").answer) == ("Mine", "refused")
