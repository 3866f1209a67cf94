"""A form whose case went away while somebody wrote in it: nothing entered is lost, nothing more is told."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.domain.permissions import Role
from casework.errors import NotFound
from casework.services import bin, cases, drafts, erasing, incidents
from casework.services.followups.writing import add_follow_up, delete_follow_up
from casework.services.incidents import Logged
from casework.services.merging.purging import purge_people
from casework.services.restricted.restricting import choose_access
from casework.services.works import do_all
from casework.store.cases import Person, find_record
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import task_draft
from tests.support.times import later
from tests.web.incidents import fields, log, parse_all, person, read_form

TYPED = "Elle m’a dit que"
WHOLE = {name: [value] for name, value in fields().items()}
FORMS = ("incident_edit", "incident_in_case", "person")


def _kept(founded: Founded) -> list[drafts.DraftView]:
    return drafts.list_drafts(founded.context(CASEWORKER))


def _write(founded: Founded, which: str, logged: Logged) -> tuple[FlaskClient, str, dict[str, Any]]:
    """Open a form of a case and type into it."""
    one = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0]
    path, typed = {
        "incident_in_case": (f"/cases/{logged.case_id}/incidents/new", "text"),
        "incident_edit": (f"/incidents/{logged.incident_id}", "text"),
        "person": (f"/cases/{logged.case_id}/people/{one.id}", "note"),
    }[which]
    client = founded.client(CASEWORKER)
    return client, path, read_form(client, path) | {typed: [TYPED]} | ({} if which == "person" else WHOLE)


def _bin(founded: Founded, logged: Logged, login: str = COLLEAGUE) -> None:
    version = cases.get_case(founded.context(login), logged.case_id).version
    bin.bin_case(founded.context(login), logged.case_id, version)


def _press(client: FlaskClient, page: str, action: str, **fields: str) -> TestResponse:
    assert f'action="{action}"' in page
    return client.post(action, data=fields)


@pytest.mark.parametrize("which", FORMS)
def test_what_was_typed_into_a_binned_case_is_kept_and_told(founded: Founded, which: str) -> None:
    """Save answers who moved it there, with all that was entered; restored, it goes on in the form."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    client, path, typed = _write(founded, which, logged)
    _bin(founded, logged)
    answer = client.post(path, data=typed)
    assert answer.status_code == 409
    assert TYPED in answer.text
    assert "moved it there on" in answer.text and "theo" in answer.text.casefold()
    (draft,) = _kept(founded)
    assert (draft.kind, draft.path) == (which, path)
    back = client.get(f"/drafts/{draft.id}")
    assert back.location == f"/drafts/{draft.id}/stranded"
    page = client.get(back.location).text
    assert TYPED in page
    restored = _press(client, page, f"/cases/{logged.case_id}/restore", draft=draft.id.hex)
    assert restored.location == f"/drafts/{draft.id}"
    shown = read_form(client, client.get(restored.location).location)
    assert [TYPED] in shown.values()
    assert client.post(path, data=shown).status_code == 302
    assert _kept(founded) == []


@pytest.mark.parametrize("which", FORMS)
def test_it_can_be_logged_as_a_new_case(founded: Founded, which: str) -> None:
    """The draft becomes that of a new incident, people included, without anything of the old records."""
    logged = log(founded.context(CASEWORKER), person("Naïma", "driver"))
    client, path, typed = _write(founded, which, logged)
    _bin(founded, logged)
    page = client.post(path, data=typed).text
    (draft,) = _kept(founded)
    anew = _press(client, page, f"/drafts/{draft.id}/log-anew")
    form = client.get(client.get(anew.location).location)
    assert form.request.path == "/incidents/new"
    shown = read_form(client, client.get(anew.location).location)
    assert [TYPED] in shown.values()
    if which != "incident_in_case":
        assert (shown["people-0-name"], shown["people-0-person_id"]) == (["Naïma"], [""])
    assert shown["access"] == ["all"]
    saved = client.post("/incidents/new", data=shown | WHOLE)
    assert saved.status_code == 302
    assert saved.location != f"/cases/{logged.case_id}"
    assert _kept(founded) == []


def test_a_form_without_room_for_a_draft_is_still_told(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With as many drafts as one may have the page shows what to copy, and says that it was not kept."""
    logged = log(founded.context(CASEWORKER))
    client, path, typed = _write(founded, "incident_edit", logged)
    _bin(founded, logged)
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 0)
    answer = client.post(path, data=typed)
    assert answer.status_code == 409
    assert TYPED in answer.text and "this was not kept" in answer.text
    assert _kept(founded) == []


def test_a_case_that_was_restricted_and_one_that_never_was_look_alike(founded: Founded) -> None:
    """Who is not named in a case any more learns no more than by a made-up address; the text is kept."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    client, path, typed = _write(founded, "incident_edit", logged)
    context = founded.context(COLLEAGUE)
    version = cases.get_case(context, logged.case_id).version
    named = frozenset({founded.players[COORDINATOR].id})
    choose_access(context, logged.case_id, version, named, team_only=False, restricted=True)
    answer = client.post(path, data=typed)
    (draft,) = _kept(founded)
    made_up = client.post(f"/incidents/{uuid4()}", data=typed)
    assert (answer.status_code, made_up.status_code) == (404, 404)
    assert TYPED in answer.text
    assert logged.reference not in answer.text and "restore" not in answer.text.casefold()
    plain, other = (_without_ids(one.text) for one in (answer, made_up))
    assert plain == other
    anew = client.post(f"/drafts/{draft.id}/log-anew")
    shown = read_form(client, client.get(anew.location).location)
    assert (shown["access"], shown["text"]) == (["restricted"], [TYPED])


def test_a_binned_team_case_tells_a_stranger_nothing(founded: Founded) -> None:
    """Nor does a restricted one in the bin: only who may restore it hears of the bin."""
    logged = log(founded.context(CASEWORKER), team=frozenset({founded.players[CASEWORKER].id}))
    _bin(founded, logged, CASEWORKER)
    answer = founded.client(COLLEAGUE).post(f"/incidents/{logged.incident_id}", data={"text": TYPED})
    assert answer.status_code == 404
    assert logged.reference not in answer.text and "restored until" not in answer.text


def test_an_erased_case_takes_the_draft_along(founded: Founded) -> None:
    """What was typed is shown to be copied; with the case erased no draft of it stays."""
    logged = log(founded.context(CASEWORKER), person("Naïma"))
    client, path, typed = _write(founded, "person", logged)
    _bin(founded, logged)
    context = founded.context(COORDINATOR)
    assert context.roles == {Role.COORDINATOR}
    erasing.erase_case(context, logged.case_id)
    answer = client.post(path, data=typed)
    assert answer.status_code == 404
    assert TYPED in answer.text
    assert _kept(founded) == []
    do_all(founded.context(CASEWORKER))
    assert drafts.count_closed_drafts(founded.context(CASEWORKER)) == 0


def test_a_post_that_wrote_nothing_keeps_nothing(founded: Founded) -> None:
    """An empty post to no record is answered plainly."""
    client = founded.client(CASEWORKER)
    assert client.post(f"/incidents/{UUID(int=7)}").status_code == 404
    assert client.get(f"/incidents/{UUID(int=7)}").status_code == 404
    assert _kept(founded) == []
    with pytest.raises(NotFound, match="incident"):
        incidents.get_incident(founded.context(CASEWORKER), UUID(int=7))


def _without_ids(page: str) -> list[str]:
    return [word for word in page.split() if not any(part in word for part in ("/drafts/", "value=", "next"))]


@pytest.mark.parametrize("which", ["follow_up", "new_person", "detention"])
def test_every_form_of_a_binned_case_tells_what_was_entered(founded: Founded, which: str) -> None:
    """Of a note, somebody new or a detention as well; logged as a new case, it goes along."""
    logged = log(founded.context(CASEWORKER))
    case, client = f"/cases/{logged.case_id}", founded.client(CASEWORKER)
    path, typed = {
        "follow_up": (f"{case}/follow-ups/new", "words"),
        "new_person": (f"{case}/people/new", "note"),
        "detention": (f"{case}/detentions/new", "words"),
    }[which]
    sent = read_form(client, path) | {typed: [TYPED]} | ({"name": ["Zoë"]} if typed == "note" else {})
    _bin(founded, logged)
    page = client.post(path, data=sent).text
    assert TYPED in page
    (draft,) = _kept(founded)
    anew = _press(client, page, f"/drafts/{draft.id}/log-anew")
    shown = read_form(client, client.get(anew.location).location)
    assert TYPED in shown["people-0-note" if typed == "note" else "text"][0]


def test_nothing_is_kept_where_nothing_was_entered(founded: Founded) -> None:
    """A form of a case that never was, as it opens: no draft stays behind of it."""
    logged, client = log(founded.context(CASEWORKER)), founded.client(CASEWORKER)
    sent = read_form(client, f"/cases/{logged.case_id}/people/new")
    assert client.post(f"/cases/{uuid4()}/people/new", data=sent).status_code == 404
    assert _kept(founded) == []


def test_a_record_that_was_deleted_meanwhile_loses_no_text(founded: Founded) -> None:
    """The draft of a change to it, and the form itself, show what was entered and lead to the case."""
    logged, client = log(founded.context(CASEWORKER)), founded.client(CASEWORKER)
    note = add_follow_up(founded.context(CASEWORKER), logged.case_id, task_draft("Ask"))
    path = f"/cases/{logged.case_id}/follow-ups/{note}"
    sent = read_form(client, path) | {"words": [TYPED]}
    kept = client.post(path, data=sent | {"save_draft": ["1"]}).location
    delete_follow_up(founded.context(COLLEAGUE), logged.case_id, note)
    resumed = client.get(kept, follow_redirects=True)
    for answer in (resumed, client.post(path, data=sent)):
        assert answer.status_code == 404
        assert TYPED in answer.text and "The record is not there any more" in answer.text
        assert f'href="/cases/{logged.case_id}"' in answer.text and logged.reference in answer.text
    assert len(_kept(founded)) == 1
    assert TYPED not in founded.client(COLLEAGUE).get(path).text


def _draft_for_one_who_goes(founded: Founded, undone: bool) -> tuple[Logged, list[str], list[str]]:
    """Keep two drafts that name a record, which a merge or its undo lays aside, and let its days be over."""
    logged = log(founded.context(CASEWORKER), person("Abel"), person("Abel B."))
    client = founded.client(CASEWORKER)
    address = f"/people/{logged.people[0]}/merge/{logged.people[1]}"
    merge = {"left_version": "1", "right_version": "1", "name": "left"}
    if undone:
        client.post(address, data=merge)
    one = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0]
    typed = {
        f"/cases/{logged.case_id}/people/{one.id}": {"note": [TYPED]},
        f"/incidents/{logged.incident_id}": {"text": [TYPED]},
    }
    sent = {path: read_form(client, path) | more | {"save_draft": ["1"]} for path, more in typed.items()}
    kept = [client.post(path, data=form).location for path, form in sent.items()]
    if undone:
        client.post(f"/cases/{logged.case_id}/people/{one.id}/unmerge")
    else:
        client.post(address, data=merge)
    purge_people(later(founded.context(CASEWORKER), founded.runtime.limits.bin_days + 1))
    assert find_record(Person, one.id) is None
    return logged, list(typed), kept


def test_a_draft_that_names_a_record_gone_for_good_opens_with_its_successor(founded: Founded) -> None:
    """A merge made another of it, and the history still tells so: the form shows what was written."""
    logged, paths, kept = _draft_for_one_who_goes(founded, undone=False)
    client = founded.client(CASEWORKER)
    for place in kept:
        answer = client.get(place, follow_redirects=True)
        assert answer.status_code == 200
        assert TYPED in answer.text
    form = read_form(client, client.get(kept[0]).location)
    again = client.post(paths[0], data=form)
    if again.status_code == 409:
        again = client.post(paths[0], data=parse_all(again.text) | {"resolve": ["mine"]})
    assert again.status_code == 302
    (now,) = cases.get_case(founded.context(CASEWORKER), logged.case_id).people
    assert now.identity.note == TYPED


def test_a_draft_that_names_a_record_without_a_successor_is_told(founded: Founded) -> None:
    """An undone merge gave two back: nobody can tell which of them is meant, so the text is shown."""
    logged, _paths, kept = _draft_for_one_who_goes(founded, undone=True)
    for place in kept:
        answer = founded.client(CASEWORKER).get(place, follow_redirects=True)
        assert answer.status_code == 404
        assert TYPED in answer.text and logged.reference in answer.text
