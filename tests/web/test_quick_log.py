"""The quick log: the form of an incident as far as a call allows, and what its script is told."""

from typing import Any
from uuid import uuid4

import pytest

from casework.domain.act import ActTexts
from casework.services import drafts
from casework.services.incidents import get_incident
from casework.services.lists import Filter, list_incidents
from casework.services.signing_in import sessions
from tests.support.application import CASEWORKER, Founded
from tests.web.incidents import fields, log, person, read_form

NEW = "/incidents/new"
QUICK = f"{NEW}?view=quick"
KEEP = "/drafts?kind=incident"
JSON = {"Accept": "application/json"}
OFFICERS = {"officer": "Two", "badge": "4711", "unit": "31", "plate": "FAX 123", "said": "“Papers.”"}


def _filled(founded: Founded, **more: Any) -> dict[str, Any]:
    return read_form(founded.client(CASEWORKER), QUICK) | fields(text="Two cars.", **more)


def _count(founded: Founded) -> int:
    return list_incidents(founded.context(CASEWORKER), Filter(mine=False)).total


def _drafts(founded: Founded) -> list[drafts.DraftView]:
    return drafts.list_drafts(founded.context(CASEWORKER))


def test_three_answers_are_enough(founded: Founded) -> None:
    """Date, service and contact save an incident; the officers' fields become its first act."""
    client = founded.client(CASEWORKER)
    address = client.get(QUICK).location
    assert "view=quick" in address and "form=" in address
    assert client.post(NEW, data=read_form(client, address) | fields()).status_code == 302
    assert client.post(NEW, data=_filled(founded, **OFFICERS, asked=["badge", "place"])).status_code == 302
    told = [
        get_incident(founded.context(CASEWORKER), line.id)
        for line in list_incidents(founded.context(CASEWORKER), Filter()).lines
    ]
    texts = {view.narrative.of_act(act.id) for view in told for act in view.facts.acts}
    assert texts == {ActTexts(**OFFICERS)}
    assert {view.facts.place for view in told} == {"not_asked"}  # that it was asked is no answer


def test_a_draft_comes_back_as_it_was(founded: Founded) -> None:
    """Ticks included, and still as the quick log; with all questions it is the whole form."""
    client = founded.client(CASEWORKER)
    client.post(NEW, data=_filled(founded, save_draft="1", asked=["badge"], badge="4711"))
    (draft,) = _drafts(founded)
    address = client.get(f"/drafts/{draft.id}").location
    page = client.get(address).text
    assert 'name="asked" value="badge" data-asked checked' in page
    assert "racialised" not in page
    whole = client.post(NEW, data=read_form(client, address) | {"whole": "1"})
    assert whole.status_code == 200
    assert "racialised" in whole.text and 'value="4711"' in whole.text
    assert (_count(founded), len(_drafts(founded))) == (0, 1)


def test_a_gap_comes_back_in_the_same_view(founded: Founded) -> None:
    """The fault is named at its field, and nothing entered is gone."""
    answer = founded.client(CASEWORKER).post(NEW, data=_filled(founded, contact_type="", badge="4711"))
    assert answer.status_code == 422
    assert 'href="#contact_type"' in answer.text and 'value="4711"' in answer.text
    assert "racialised" not in answer.text


def test_in_a_case(founded: Founded) -> None:
    """An incident of a case that exists is logged as quickly; who was there is ticked."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}/incidents/new"
    shown = read_form(client, f"{path}?view=quick")
    another = fields(day="2026-05-19", **{"people-0-takes_part": "y"})
    assert client.post(path, data=shown | another).status_code == 302
    assert _count(founded) == 2


def test_a_change_of_an_incident_knows_no_officers(founded: Founded) -> None:
    """What is known of them afterwards is told by the steps: the form of a change does not ask."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    shown = read_form(client, path)
    assert OFFICERS.keys().isdisjoint(shown)
    assert client.post(path, data=shown | OFFICERS).status_code == 302
    assert get_incident(founded.context(CASEWORKER), logged.incident_id).facts.acts == ()


def test_a_script_is_told_where_its_form_leads(founded: Founded) -> None:
    """It reads no page: it hears the address, and of a gap gets the page with its status."""
    client, sent = founded.client(CASEWORKER), _filled(founded)
    first = client.post(NEW, data=sent, headers=JSON)
    assert first.status_code == 200 and first.json is not None
    assert first.json["next"].startswith("/cases/")
    again = client.post(NEW, data=sent, headers=JSON)
    assert again.json == first.json
    assert _count(founded) == 1
    assert client.post(NEW, data=_filled(founded, contact_type=""), headers=JSON).status_code == 422


@pytest.mark.parametrize("room", [True, False])
def test_a_script_whose_screen_has_locked(
    founded: Founded, monkeypatch: pytest.MonkeyPatch, room: bool
) -> None:
    """Its form is kept as any other that came too late; where nothing is kept, its page has to stay."""
    monkeypatch.setattr(drafts, "MOST_WITH_LATE_FORMS", 200 if room else 0)
    client, sent = founded.client(CASEWORKER), _filled(founded)
    cookie = client.get_cookie(founded.app.config["MEMBER_COOKIE"])
    assert cookie is not None
    sessions.lock(cookie.value)
    answer = client.post(NEW, data=sent, headers=JSON)
    assert (answer.status_code, answer.json) == ((200, {"next": "/unlock?kept=1"}) if room else (401, None))
    assert len(_drafts(founded)) == room


def test_a_script_that_nobody_is_behind(founded: Founded) -> None:
    """It hears that nobody is signed in, and is led nowhere."""
    assert founded.app.test_client().post(NEW, data=fields(), headers=JSON).status_code == 401


def test_a_draft_whose_id_was_never_heard_of(founded: Founded) -> None:
    """The same form is kept in the same draft; saved without naming it, it takes it along all the same."""
    client, sent = founded.client(CASEWORKER), _filled(founded)
    first = client.post(KEEP, data=sent, headers=JSON).json
    again = client.post(KEEP, data=sent | {"text": "Three cars."}, headers=JSON).json
    other = client.post(KEEP, data=sent | {"once": uuid4().hex}, headers=JSON).json
    assert first is not None and again is not None and other is not None
    assert first["draft"] == again["draft"] != other["draft"]
    assert client.post(NEW, data=sent).status_code == 302
    assert [draft.id.hex for draft in _drafts(founded)] == [other["draft"]]


def test_several_late_forms_of_one_go_together(founded: Founded) -> None:
    """A form that was sent twice to a locked screen is two drafts; saved once, both are gone."""
    client, sent = founded.client(CASEWORKER), _filled(founded)
    cookie = client.get_cookie(founded.app.config["MEMBER_COOKIE"])
    assert cookie is not None
    sessions.lock(cookie.value)
    for _ in range(2):
        client.post(NEW, data=sent, headers=JSON)
    late = _drafts(founded)
    assert len(late) == 2
    later = founded.client(CASEWORKER)
    shown = read_form(later, later.get(f"/drafts/{late[0].id}").location)
    assert later.post(NEW, data=shown).status_code == 302
    assert (_drafts(founded), _count(founded)) == ([], 1)


def test_a_late_form_whose_page_was_saved_after_all(founded: Founded) -> None:
    """Its page went on after signing in: the draft of it leads to what was saved, and goes."""
    client, sent = founded.client(CASEWORKER), _filled(founded)
    cookie = client.get_cookie(founded.app.config["MEMBER_COOKIE"])
    assert cookie is not None
    sessions.lock(cookie.value)
    client.post(NEW, data=sent, headers=JSON)
    (late,) = _drafts(founded)
    later = founded.client(CASEWORKER)
    shown = read_form(later, later.get(f"/drafts/{late.id}").location)
    saved = later.post(NEW, data=sent).location
    drafts.keep_draft(
        founded.context(CASEWORKER), None, "incident", NEW, late.fields
    )  # as if it were still there
    (again,) = _drafts(founded)
    shown["draft"] = [again.id.hex]
    assert later.post(NEW, data=shown).location == saved
    assert (_drafts(founded), _count(founded)) == ([], 1)
