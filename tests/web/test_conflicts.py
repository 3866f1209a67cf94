"""A lost race: what one alone changed is kept, what both changed is asked about, nothing is lost."""

import re
from dataclasses import replace
from typing import Any

import pytest

from casework.services import cases, incidents
from casework.services.acts import record_act
from casework.services.followups.writing import add_follow_up
from casework.services.incidents import Logged
from casework.services.membership.members import name_everybody
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import act_draft, task_draft
from tests.web.incidents import log, parse_all, parse_form, person, person_fields, read_form

OLD, MINE, THEIRS = "A car, then a second one.", "Mine: it was raining.", "Theirs: two cars."


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


def _asked(page: str) -> list[str]:
    """Return what a page of a lost race asks about."""
    both = page.partition('class="differences"')[2].partition("</section>\n  \n</div>")[0]
    return [" ".join(title.split()) for title in re.findall(r"<h3>(.*?)</h3>", both, re.DOTALL)]


def test_only_what_both_changed_is_asked_about(founded: Founded) -> None:
    """The slower save is answered with 409: both texts, what is taken over, what is kept; and who saved."""
    logged, sent = _race(founded, **{"people-0-name": ["Naïma B."]})
    answer = founded.client(CASEWORKER).post(f"/incidents/{logged.incident_id}", data=sent)
    assert answer.status_code == 409
    assert _asked(answer.text) == ["What happened, in their words or yours"]
    assert MINE in answer.text and THEIRS in answer.text
    taken = answer.text.partition('<dl class="facts entered">')[2].partition("</dl>")[0]
    assert all(text in taken for text in ("Phone", "514 555 0100", "Job loss"))
    assert "Changed in yours alone: Naïma B.: Name, or what to call them" in answer.text
    assert "Traffic stop" not in answer.text
    name = name_everybody(founded.context(CASEWORKER))[founded.players[COLLEAGUE].id]
    assert f"{name} saved it:" in answer.text
    assert _view(founded, logged).narrative.text == THEIRS


@pytest.mark.parametrize(("resolve", "text"), [("mine", MINE), ("theirs", THEIRS)])
def test_the_choice_is_about_what_both_changed(founded: Founded, resolve: str, text: str) -> None:
    """Whatever is chosen, what only one of the two changed is saved: nothing of theirs is reverted."""
    logged, sent = _race(founded, **{"people-0-name": ["Naïma B."]})
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    again = parse_all(client.post(path, data=sent).text) | {"resolve": [resolve]}
    spot = f"/cases/{logged.case_id}#incident-{logged.incident_id.hex}"
    assert client.post(path, data=again).location == spot
    view = _view(founded, logged)
    assert (view.narrative.text, view.version) == (text, 3)
    assert view.facts.consequences == ("job_loss",)
    assert (view.people[0].identity.name, view.people[0].identity.phone) == ("Naïma B.", "514 555 0100")


def test_what_changes_while_i_choose_is_not_reverted(founded: Founded) -> None:
    """A person of the incident, changed on their own page between the question and the answer."""
    logged, sent = _race(founded, **{"people-0-name": ["Naïma B."]})
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    again = parse_all(client.post(path, data=sent).text) | {"resolve": ["theirs"]}
    one = _view(founded, logged).people[0]
    place = f"/cases/{logged.case_id}/people/{one.id}"
    later = read_form(founded.client(COLLEAGUE), place) | {"phone": ["514 555 0177"], "note": ["At night"]}
    assert founded.client(COLLEAGUE).post(place, data=later).status_code == 302
    assert client.post(path, data=again).status_code == 302
    identity = _view(founded, logged).people[0].identity
    assert (identity.name, identity.phone, identity.note) == ("Naïma B.", "514 555 0177", "At night")


def test_where_nothing_meets_nothing_is_asked(founded: Founded) -> None:
    """Each changed other answers: both are saved, and the page says what of theirs was kept."""
    logged, sent = _race(founded, text=[OLD], raised_by=["employer"])
    client = founded.client(CASEWORKER)
    answer = client.post(f"/incidents/{logged.incident_id}", data=sent)
    assert answer.status_code == 302
    view = _view(founded, logged)
    assert (view.narrative.text, view.facts.raised_by) == (THEIRS, "employer")
    assert view.people[0].identity.phone == "514 555 0100"
    page = client.get(f"/cases/{logged.case_id}").text
    spot = page.partition(f'id="incident-{logged.incident_id.hex}"')[2]
    said = "Kept of theirs: What followed for them? · What happened, in their words or yours · Phone"
    assert f"Somebody else saved this while you were writing.</strong> {said}" in spot


def test_a_draft_from_before_theirs_is_joined_too(founded: Founded) -> None:
    """What it started from is kept with it, however late it is taken up."""
    logged = log(founded.context(CASEWORKER), person("Naïma"), text=OLD)
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    kept = client.post(path, data=read_form(client, path) | {"exact_place": ["Jarry"], "save_draft": ["1"]})
    other = read_form(founded.client(COLLEAGUE), path) | {"text": [THEIRS]}
    founded.client(COLLEAGUE).post(path, data=other)
    resumed = read_form(client, client.get(kept.location).location)
    assert resumed["text"] == [OLD]
    assert client.post(path, data=resumed).status_code == 302
    narrative = _view(founded, logged).narrative
    assert (narrative.text, narrative.exact_place) == (THEIRS, "Jarry")


@pytest.mark.parametrize("base", ["", "no base", '{"text":"forged"}'])
def test_without_what_it_started_from_all_that_differs_is_asked(founded: Founded, base: str) -> None:
    """A form from before there was a base, or with another, overwrites nothing unasked."""
    logged, sent = _race(founded, base=[base])
    answer = founded.client(CASEWORKER).post(f"/incidents/{logged.incident_id}", data=sent)
    assert answer.status_code == 409
    assert "What happened, in their words or yours" in _asked(answer.text)
    assert "Naïma: Phone" in _asked(answer.text)
    assert _view(founded, logged).narrative.text == THEIRS


def test_what_was_sent_twice_is_no_race(founded: Founded) -> None:
    """An edit that arrives a second time, somebody new in it, is saved once."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    sent = read_form(client, path) | {"text": [MINE]}
    sent |= {name: [value] for name, value in person_fields(5, name="Zoya").items()}
    assert client.post(path, data=sent).status_code == 302
    assert client.post(path, data=sent).status_code == 302
    view = _view(founded, logged)
    assert sorted(one.identity.name for one in view.people) == ["Naïma", "Zoya"]
    assert len(view.facts.participations) == 2


def test_whom_the_other_one_added_stays_in_the_incident(founded: Founded) -> None:
    """My form does not know them; and whom I added comes in beside them."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    sent = read_form(client, path) | {"text": [MINE]}
    sent |= {name: [value] for name, value in person_fields(5, name="Zoya").items()}
    other = read_form(founded.client(COLLEAGUE), path)
    other |= {name: [value] for name, value in person_fields(4, name="Hector", roles="witness").items()}
    assert founded.client(COLLEAGUE).post(path, data=other).status_code == 302
    assert client.post(path, data=sent).status_code == 302
    view = _view(founded, logged)
    roles = {part.person_id: part.roles for part in view.facts.participations}
    assert {one.identity.name: roles[one.id] for one in view.people} == {
        "Naïma": ("not_asked",), "Hector": ("witness",), "Zoya": ("not_asked",)
    }  # fmt: skip


def test_whom_the_other_one_took_out_and_i_changed_is_asked_about(founded: Founded) -> None:
    """Taken over without a word, what I wrote of them would be lost."""
    logged = log(founded.context(CASEWORKER), person("Naïma"), person("Hector"))
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    sent = read_form(client, path)
    place = next(name for name, value in sent.items() if value == ["Hector"]).removesuffix("name")
    other = {name: value for name, value in sent.items() if name != f"{place}takes_part"}
    assert founded.client(COLLEAGUE).post(path, data=other).status_code == 302
    assert client.post(path, data=sent | {"text": [MINE]}).status_code == 302
    assert len(_view(founded, logged).facts.participations) == 1
    again = client.post(path, data=sent | {f"{place}phone": ["514 555 0199"]})
    assert _asked(again.text) == ["Hector: Their part in it"]


def test_putting_together_opens_mine_with_theirs_in_sight(founded: Founded) -> None:
    """Putting them together is the form with mine in it and theirs beside; it saves without a conflict."""
    logged, sent = _race(founded)
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    again = parse_all(client.post(path, data=sent).text) | {"resolve": ["edit"]}
    page = client.post(path, data=again)
    assert page.status_code == 200
    assert THEIRS in page.text
    assert _asked(page.text) == ["What happened, in their words or yours"]
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


def test_every_record_is_joined(founded: Founded) -> None:
    """A person, a follow-up and a step as an incident: two who change other answers both save."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    one = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0]
    task = add_follow_up(founded.context(CASEWORKER), logged.case_id, task_draft("Ask"))
    act = record_act(founded.context(CASEWORKER), logged.incident_id, act_draft())
    case = f"/cases/{logged.case_id}"
    for path, mine, theirs in (
        (f"{case}/people/{one.id}", ("note", "At night"), ("email", "n@example.org")),
        (f"{case}/follow-ups/{task}", ("words", "At night"), ("due_day", "2026-12-24")),
        (f"/incidents/{logged.incident_id}/acts/{act}", ("said", "At night"), ("year", "1999")),
    ):
        client, colleague = founded.client(CASEWORKER), founded.client(COLLEAGUE)
        sent, other = read_form(client, path), read_form(colleague, path)
        other |= {"precision": ["year"], "time": [""]} if theirs[0] == "year" else {}
        assert colleague.post(path, data=other | {theirs[0]: [theirs[1]]}).status_code == 302, path
        assert client.post(path, data=sent | {mine[0]: [mine[1]]}).status_code == 302, path
        assert "Kept of theirs:" in client.get(case).text, path
        now = read_form(client, path)
        assert (now[mine[0]], now[theirs[0]]) == ([mine[1]], [theirs[1]]), path
