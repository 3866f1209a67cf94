"""Drafts: kept while somebody types, by a button, or of a form that came too late."""

import re
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from casework.services import drafts, incidents
from casework.services.acts import record_act
from casework.services.followups.writing import add_follow_up
from casework.services.lists import Filter, list_incidents
from casework.services.official.counts import add_count
from casework.services.official.requests import add_request
from casework.services.releases.drafting import create_release
from casework.services.signing_in import sessions
from casework.web import drafts as web_drafts
from casework.web.access import find_mark
from tests.services.official.written import asked, count
from tests.services.releases.written import draft as release_draft
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import act_draft, detention_draft, task_draft
from tests.web.incidents import fields, log, person, person_fields, read_form

NEW = "/incidents/new"
KEEP = "/drafts?kind=incident"
JSON = {"Accept": "application/json"}


def _kept(founded: Founded, login: str = CASEWORKER) -> list[drafts.DraftView]:
    return drafts.list_drafts(founded.context(login))


def _typed(**more: Any) -> dict[str, Any]:
    """A form as far as somebody came: no contact type, two people, boxes ticked."""
    half = {
        "precision": "month",
        "month": "5",
        "year": "20",
        "text": "Elle m’a dit",
        "consequences": ["job_loss"],
    }
    return half | person_fields(0, name="Marisol", roles=["witness"]) | person_fields(7, name="Hector") | more


def test_a_script_keeps_the_form_over_the_same_draft(founded: Founded) -> None:
    """Each autosave answers with the draft's id and the time; sent again, it is the same draft."""
    client = founded.client(CASEWORKER)
    first = client.post(KEEP, data=_typed(draft=""), headers=JSON)
    assert first.status_code == 200
    assert first.json is not None
    assert set(first.json) == {"draft", "kept_at"}
    again = client.post(KEEP, data=_typed(draft=first.json["draft"], text="Elle m’a dit que"), headers=JSON)
    assert again.json is not None
    assert again.json["draft"] == first.json["draft"]
    assert [draft.fields["text"] for draft in _kept(founded)] == [["Elle m’a dit que"]]


def test_the_button_keeps_the_form_and_it_comes_back_as_it_was(founded: Founded) -> None:
    """The button leads back into the form, half-written answers, ticked boxes and people included."""
    client = founded.client(CASEWORKER)
    answer = client.post(NEW, data=_typed(save_draft="1", csrf_token="x"))
    (draft,) = _kept(founded)
    assert answer.location == f"/drafts/{draft.id}"
    assert {"csrf_token", "save_draft"}.isdisjoint(draft.fields)
    shown = read_form(client, client.get(answer.location).location)
    assert shown["draft"] == [draft.id.hex]
    assert (shown["precision"], shown["month"], shown["year"]) == (["month"], ["5"], ["20"])
    assert shown["text"] == ["Elle m’a dit"]
    assert shown["consequences"] == ["job_loss"]
    assert (shown["people-0-name"], shown["people-0-roles"]) == (["Marisol"], ["witness"])
    assert shown["people-1-name"] == ["Hector"]
    assert list_incidents(founded.context(CASEWORKER), Filter()).total == 0


def test_a_saved_incident_takes_its_draft_along(founded: Founded) -> None:
    """Once an incident is saved nothing of its draft is left; other drafts are."""
    client = founded.client(CASEWORKER)
    client.post(NEW, data=_typed(save_draft="1"))
    client.post(NEW, data=_typed(save_draft="1", text="Another one"))
    draft = next(one for one in _kept(founded) if one.fields["text"] == ["Elle m’a dit"])
    assert client.post(NEW, data=fields(draft=draft.id.hex)).status_code == 302
    assert [one.fields["text"] for one in _kept(founded)] == [["Another one"]]


def test_a_refused_form_keeps_its_draft(founded: Founded) -> None:
    """A form with gaps is not saved, so its draft stays."""
    client = founded.client(CASEWORKER)
    client.post(NEW, data=_typed(save_draft="1"))
    (draft,) = _kept(founded)
    assert client.post(NEW, data=_typed(draft=draft.id.hex)).status_code == 422
    assert len(_kept(founded)) == 1


@pytest.mark.parametrize("which", ["incident_in_case", "incident_edit", "person"])
def test_each_form_comes_back_to_its_own_record(founded: Founded, which: str) -> None:
    """A draft of a change leads back to the record that it changes, and goes once that is saved."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    one = incidents.get_incident(founded.context(CASEWORKER), logged.incident_id).people[0]
    path, typed = {
        "incident_in_case": (f"/cases/{logged.case_id}/incidents/new", fields(text="Typed")),
        "incident_edit": (f"/incidents/{logged.incident_id}", {"text": ["Typed"]}),
        "person": (f"/cases/{logged.case_id}/people/{one.id}", {"note": ["Typed"]}),
    }[which]
    client = founded.client(CASEWORKER)
    sent = read_form(client, path) | typed
    answer = client.post(path, data=sent | {"save_draft": ["1"]})
    (draft,) = _kept(founded)
    assert (draft.kind, draft.path) == (which, path)
    back = client.get(answer.location).location
    assert back == f"{path}?draft={draft.id.hex}"
    shown = read_form(client, back)
    assert ["Typed"] in shown.values()
    assert client.post(path, data=shown).status_code == 302
    assert _kept(founded) == []


def test_autosave_of_every_form_knows_its_record(founded: Founded) -> None:
    """The address to which a form's script posts keeps a draft that leads back to that form."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    client = founded.client(CASEWORKER)
    for path in (NEW, f"/incidents/{logged.incident_id}", f"/cases/{logged.case_id}/incidents/new"):
        page = client.get(path, follow_redirects=True).text
        start = page.index('data-draft-url="') + len('data-draft-url="')
        url = page[start : page.index('"', start)].replace("&amp;", "&")
        answer = client.post(url, data=read_form(client, path), headers=JSON)
        assert answer.json is not None
        assert client.get(f"/drafts/{UUID(answer.json['draft'])}").location.startswith(f"{path}?draft=")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "kind=diary",
        "kind=incident_edit",
        f"kind=incident&case_id={UUID(int=7)}",
        "kind=person&case_id=x&person_id=y",
    ],
)
def test_a_form_that_there_is_not_keeps_nothing(founded: Founded, query: str) -> None:
    """A kind or a record that fits no form is answered with 404."""
    assert founded.client(CASEWORKER).post(f"/drafts?{query}", data=_typed()).status_code == 404
    assert _kept(founded) == []


def _lock(founded: Founded, client: FlaskClient) -> None:
    cookie = client.get_cookie(founded.app.config["MEMBER_COOKIE"])
    assert cookie is not None
    sessions.lock(cookie.value)


@pytest.mark.parametrize("edits", [False, True])
def test_a_form_that_came_too_late_is_there_after_sign_in(founded: Founded, edits: bool) -> None:
    """A form posted after the screen locked is kept for the member, opens again, and can be saved."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    path = f"/incidents/{logged.incident_id}" if edits else NEW
    client = founded.client(CASEWORKER)
    sent = read_form(client, path) | fields(text="Too late?")
    _lock(founded, client)
    assert client.post(path, data=sent).status_code == 302
    (draft,) = _kept(founded)
    assert draft.fields["text"] == ["Too late?"]
    later = founded.client(CASEWORKER)
    shown = read_form(later, later.get(f"/drafts/{draft.id}").location)
    assert shown["text"] == ["Too late?"]
    assert later.post(path, data=shown).status_code == 302
    assert _kept(founded) == []


def test_a_late_form_and_the_draft_it_came_from_go_together(founded: Founded) -> None:
    """What a script had kept of a form that then came too late is gone once that form is saved."""
    client = founded.client(CASEWORKER)
    kept = client.post(KEEP, data=_typed(), headers=JSON).json
    assert kept is not None
    _lock(founded, client)
    client.post(NEW, data=fields(text="Too late?", draft=kept["draft"]))
    assert len(_kept(founded)) == 2
    late = next(draft for draft in _kept(founded) if draft.fields["text"] == ["Too late?"])
    later = founded.client(CASEWORKER)
    shown = read_form(later, later.get(f"/drafts/{late.id}").location)
    assert later.post(NEW, data=shown).status_code == 302
    assert _kept(founded) == []


def test_a_locked_screen_tells_the_script(founded: Founded) -> None:
    """An autosave after locking gets 401, so that the page can say what happened to it."""
    client = founded.client(CASEWORKER)
    _lock(founded, client)
    assert client.post(KEEP, data=_typed(), headers=JSON).status_code == 401
    assert _kept(founded) == []


def test_a_draft_is_discarded(founded: Founded) -> None:
    """Discarding deletes it, and leads to the start page."""
    client = founded.client(CASEWORKER)
    client.post(NEW, data=_typed(save_draft="1"))
    (draft,) = _kept(founded)
    assert client.post(f"/drafts/{draft.id}/discard").location == "/"
    assert _kept(founded) == []
    assert client.get(f"/drafts/{draft.id}").status_code == 404


def test_drafts_of_a_case_are_discarded_there(founded: Founded) -> None:
    """Two of one form stand on the page of the case: one is discarded, and the page shows the other."""
    client, logged = founded.client(CASEWORKER), log(founded.context(CASEWORKER), person("Wendell"))
    case = f"/cases/{logged.case_id}"
    for text in ("First words", "Second words"):
        client.post(f"{case}/follow-ups/new", data={"kind": "note", "words": text, "save_draft": "1"})
    page = client.get(case).text
    first = page[page.index("First words") :]
    sent = re.search(r'action="([^"]+/discard)".*?name="case" value="([0-9a-f]+)"', first, re.DOTALL)
    assert sent
    answer = client.post(sent[1], data={"case": sent[2]}, follow_redirects=True)
    assert answer.request.path == case and "Draft discarded." in answer.text
    assert "First words" not in answer.text and "Second words" in answer.text


@pytest.mark.parametrize("login", [COLLEAGUE, COORDINATOR, ADVOCATE])
def test_a_draft_is_its_writers_alone(founded: Founded, login: str) -> None:
    """Nobody else opens, overwrites, resumes or discards it, coordinators included."""
    founded.client(CASEWORKER).post(NEW, data=_typed(save_draft="1"))
    (draft,) = _kept(founded)
    client = founded.client(login)
    assert client.get(f"/drafts/{draft.id}").status_code == 404
    assert client.get(f"{NEW}?draft={draft.id.hex}").status_code == (403 if login == ADVOCATE else 404)
    assert client.post(f"/drafts/{draft.id}/discard").status_code == 404
    client.post(KEEP, data=_typed(draft=draft.id.hex, text="Mine now"), headers=JSON)
    assert [one.fields["text"] for one in _kept(founded)] == [["Elle m’a dit"]]


def test_drafts_leave_every_cache_alone(founded: Founded) -> None:
    """Keeping a draft or reading a case changes no record, so other members' lists are not read anew."""
    logged = log(founded.context(CASEWORKER))
    context = founded.context(CASEWORKER)
    before = founded.runtime.casebook.facts(context.keyring, 0)
    client = founded.client(CASEWORKER)
    client.post(KEEP, data=_typed(), headers=JSON)
    client.get(f"/cases/{logged.case_id}")
    assert founded.runtime.casebook.facts(founded.context(CASEWORKER).keyring, 0) is before
    log(founded.context(CASEWORKER))
    assert founded.runtime.casebook.facts(founded.context(CASEWORKER).keyring, 0) is not before


@pytest.mark.parametrize("made_up", ["x", str(UUID(int=7))])
def test_a_draft_that_there_is_not(founded: Founded, made_up: str) -> None:
    """An id of no draft is answered with 404."""
    client = founded.client(CASEWORKER)
    assert client.get(f"/drafts/{made_up}").status_code == 404
    assert client.post(f"/drafts/{made_up}/discard").status_code == 404


def _records(founded: Founded, logged: incidents.Logged) -> dict[str, dict[str, UUID]]:
    """Return a record for every kind of draft, as its address names it."""
    context, case = founded.context(CASEWORKER), {"case_id": logged.case_id}
    one = incidents.get_incident(context, logged.incident_id).people[0]
    incident = {"incident_id": logged.incident_id}
    detention = {"detention_id": add_follow_up(context, logged.case_id, detention_draft())}
    return {
        "act": incident,
        "act_edit": incident | {"act_id": record_act(context, logged.incident_id, act_draft())},
        "detention": case,
        "detention_review": case | detention,
        "follow_up": case,
        "follow_up_edit": case | {"follow_up_id": add_follow_up(context, logged.case_id, task_draft())},
        "access_request": {},
        "access_request_edit": {"request_id": add_request(founded.context(COORDINATOR), asked())},
        "official_count": {},
        "official_count_edit": {"count_id": add_count(founded.context(COORDINATOR), count())},
        "incident": {},
        "incident_edit": incident,
        "incident_in_case": case,
        "new_person": case,
        "person": case | {"person_id": one.id},
        "release": case | detention,
        "release_edit": {"release_id": create_release(founded.context(COORDINATOR), release_draft())},
        "release_new": {},
    }


def test_every_kind_of_draft_has_a_name_and_first_words(founded: Founded) -> None:
    """What a page keeps is named on the start page, with fields that its form has."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    records = _records(founded, logged)
    marks = (find_mark(founded.app, endpoint) for endpoint in founded.app.view_functions)
    assert {mark.keeps for mark in marks if mark and mark.keeps} <= web_drafts._FORMS.keys()
    # Those of a list are its sender's, a story needs everybody's consent: test_import_forms, test_stories.
    elsewhere = {"import_answers", "import_columns", "story_edit", "story_new"}
    assert web_drafts._FORMS.keys() == records.keys() | elsewhere
    client, context = founded.client(COORDINATOR), founded.context(COORDINATOR)
    with founded.app.test_request_context():
        paths = {kind: web_drafts.path_of(kind, record) for kind, record in records.items()}
    for kind, path in paths.items():
        form = web_drafts._FORMS[kind]
        in_form = read_form(client, path).keys()
        # Only tasks have a title, of all that the one form adds.
        assert form.shown[-1] in in_form and {*form.shown} - in_form <= {"title"}, kind
        # A form that came late is kept as an incident's, whichever of the three it is.
        kept_as = "incident" if kind.startswith("incident") else kind
        drafts.keep_draft(context, None, kept_as, path, {form.shown[-1]: [f"Begun: {kind}"]})
    page = client.get("/").text
    assert "A form" not in page
    for kind in records:
        form = web_drafts._FORMS[kind]
        assert re.search(rf"<strong>{form.name}</strong>[^\n]*<br>\s*Begun: {kind}<br>", page), kind


def test_a_draft_names_its_case_and_the_case_its_drafts(founded: Founded) -> None:
    """The start page says of which case each is; the page of the case leads to one's own, and only these."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    other = log(founded.context(CASEWORKER), person("Ilyas"))
    one = incidents.get_incident(founded.context(CASEWORKER), logged.incident_id).people[0]
    client = founded.client(CASEWORKER)
    for path in (f"/cases/{logged.case_id}/people/{one.id}", f"/incidents/{logged.incident_id}"):
        client.post(path, data=read_form(client, path) | {"save_draft": ["1"]})
    client.post(NEW, data=_typed(save_draft="1"))
    page = client.get("/").text
    for name, times in (("A person", 1), ("A change to an incident", 1), ("A new incident", 0)):
        assert page.count(f'<strong>{name}</strong> <span class="meta">{logged.reference}</span>') == times
    case = client.get(f"/cases/{logged.case_id}").text
    assert case.count("You have a draft here") == 2
    assert "You have a draft here: A person." in case and "Naïma" in case
    for draft in _kept(founded):
        assert (f'href="/drafts/{draft.id}"' in case) is (draft.kind != "incident")
    assert "You have a draft here" not in client.get(f"/cases/{other.case_id}").text
    assert "You have a draft here" not in founded.client(COLLEAGUE).get(f"/cases/{logged.case_id}").text
