"""A form that writes a new record is saved once, however often it is posted."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from casework.services import cases, drafts
from casework.services.followups.reading import read_follow_ups
from casework.services.followups.writing import add_follow_up, delete_follow_up
from casework.services.lists import Filter, list_incidents
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import detention_draft
from tests.web.incidents import fields, log, person_fields, read_form

NEW = "/incidents/new"
NAMELESS = {"people-0-name": ""}
"""Nobody is asked about then."""


def _count(founded: Founded) -> int:
    return list_incidents(founded.context(CASEWORKER), Filter(mine=False)).total


def _filled(founded: Founded, path: str = NEW, **more: Any) -> tuple[dict[str, Any], str]:
    """Return a form as it is posted, and its address, to which a browser goes back."""
    client = founded.client(CASEWORKER)
    address = client.get(path).location
    sent = (
        read_form(client, address)
        | fields(text="Two cars.", **more)
        | person_fields(0, name="Naïma", phone="")
    )
    return sent, address


@pytest.mark.parametrize("in_case", [False, True])
def test_back_and_save_again_saves_nothing_twice(founded: Founded, in_case: bool) -> None:
    """The same form saved again, as a browser kept it, leads to what was saved, and says so."""
    path = f"/cases/{log(founded.context(CASEWORKER)).case_id}/incidents/new" if in_case else NEW
    sent = _filled(founded, path)[0] | NAMELESS
    client = founded.client(CASEWORKER)
    first = client.post(path, data=sent)
    before = _count(founded)
    again = client.post(path, data=sent)
    assert (again.status_code, again.location) == (302, first.location)
    assert "nothing was saved twice" in client.get(again.location).text
    assert _count(founded) == before
    assert drafts.list_drafts(founded.context(CASEWORKER)) == []


def test_going_back_after_saving_leads_to_a_new_form(founded: Founded) -> None:
    """Who asks again for the address of a saved form gets an empty one: the next call is another."""
    sent, address = _filled(founded)
    client = founded.client(CASEWORKER)
    assert read_form(client, address)["once"] == sent["once"]
    client.post(NEW, data=sent)
    assert "This is a new form" in client.get(address, follow_redirects=True).text
    new = read_form(client, address)
    assert new["once"] != sent["once"]
    client.post(NEW, data=new | fields(text="Another call.") | person_fields(0, name="Ruth-Esther"))
    assert _count(founded) == 2
    assert drafts.list_drafts(founded.context(CASEWORKER)) == []


def test_what_was_changed_after_going_back_is_not_lost(founded: Founded) -> None:
    """It is a draft, which on its own can be saved as another incident."""
    sent = _filled(founded)[0] | NAMELESS
    client = founded.client(CASEWORKER)
    first = client.post(NEW, data=sent)
    again = client.post(NEW, data=sent | {"text": "Three cars."})
    assert again.location == first.location
    assert "says other things now" in client.get(again.location).text
    (draft,) = drafts.list_drafts(founded.context(CASEWORKER))
    assert draft.fields["text"] == ["Three cars."]
    assert _count(founded) == 1
    resumed = read_form(client, client.get(f"/drafts/{draft.id}").location)
    assert client.post(NEW, data=resumed).location != first.location
    assert _count(founded) == 2


@pytest.mark.parametrize(
    "change", [{"access": "team"}, {"people-0-name": "Nadia"}, {"people-0-roles": "driver"}]
)
def test_every_change_counts(founded: Founded, change: dict[str, str]) -> None:
    """Who may open it, who they are and what part they had are compared too."""
    sent, _address = _filled(founded)
    client = founded.client(CASEWORKER)
    client.post(NEW, data=sent)
    client.post(NEW, data=sent | change)
    assert len(drafts.list_drafts(founded.context(CASEWORKER))) == 1


def test_at_the_same_moment(founded: Founded) -> None:
    """A form that is posted several times at once is one incident."""
    sent, _address = _filled(founded)
    clients = [founded.client(CASEWORKER) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: client.post(NEW, data=sent), clients))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    assert _count(founded) == 1


def test_another_form_and_another_member_save_their_own(founded: Founded) -> None:
    """The same words in another form are another incident; so is the same id from somebody else."""
    sent = _filled(founded)[0] | NAMELESS
    client = founded.client(CASEWORKER)
    locations = {client.post(NEW, data=sent).location}
    other = _filled(founded)[0] | NAMELESS
    locations.add(client.post(NEW, data=other).location)
    locations.add(founded.client(COLLEAGUE).post(NEW, data=sent).location)
    locations.add(client.post(NEW, data=sent | {"once": ""}).location)
    assert len(locations) == _count(founded) == 4


def test_what_was_binned_is_saved_anew(founded: Founded) -> None:
    """A form whose case lies in the bin begins another case: nothing entered is lost."""
    sent, _address = _filled(founded)
    client = founded.client(CASEWORKER)
    first = client.post(NEW, data=sent).location
    client.post(f"{first}/bin", data={"version": "1"})
    second = client.post(NEW, data=sent)
    assert second.status_code == 302 and second.location != first
    case_id = UUID(second.location.rpartition("/")[2])
    assert cases.get_case(founded.context(CASEWORKER), case_id).incidents[0].narrative.text == "Two cars."


KINDS = ["note", "task", "detention", "review", "release", "act", "person"]


def _form(founded: Founded, kind: str) -> tuple[UUID, str, dict[str, Any]]:
    """Return a case, the address of a form in it, and what is posted there."""
    context = founded.context(CASEWORKER)
    logged = log(context)
    case = f"/cases/{logged.case_id}"
    held = add_follow_up(context, logged.case_id, detention_draft()) if kind in ("review", "release") else ""
    path, typed = {
        "note": (f"{case}/follow-ups/new", {"words": "She called."}),
        "task": (f"{case}/follow-ups/new?kind=task", {"title": "Call her.", "words": "At noon."}),
        "detention": (f"{case}/detentions/new", {"words": "At the airport."}),
        "review": (
            f"{case}/detentions/{held}/review",
            {"outcome": "kept_detained", "words": "By video."},
        ),
        "release": (f"{case}/detentions/{held}/release", {"words": "At night."}),
        "act": (
            f"/incidents/{logged.incident_id}/acts/new",
            {"what": "referral:unknown", "precision": "unknown", "said": "Papers."},
        ),
        "person": (f"{case}/people/new", {"name": "Zoë", "note": "By signal."}),
    }[kind]
    return logged.case_id, path, read_form(founded.client(CASEWORKER), path) | typed


def _everything(founded: Founded, case_id: UUID) -> int:
    context = founded.context(CASEWORKER)
    case, after = cases.get_case(context, case_id), read_follow_ups(context, case_id)
    steps = sum(len(told.facts.acts) for told in case.incidents)
    return len(case.people) + len(case.incidents) + steps + len(after.ahead) + len(after.past)


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_of_a_record_is_saved_once(founded: Founded, kind: str) -> None:
    """Sent again it leads to what was saved and says so; what it says otherwise is a draft of its own."""
    case_id, path, sent = _form(founded, kind)
    client = founded.client(CASEWORKER)
    words = next(name for name in ("note", "said", "words") if name in sent)
    first = client.post(path, data=sent)
    assert first.status_code == 302
    before = _everything(founded, case_id)
    again = client.post(path, data=sent)
    assert again.status_code == 302 and again.location.startswith(f"/cases/{case_id}#")
    page = client.get(again.location)
    assert "nothing was saved twice" in page.text
    assert f'id="{again.location.partition("#")[2]}"' in page.text
    assert drafts.list_drafts(founded.context(CASEWORKER)) == []
    client.post(path, data=sent | {words: "Otherwise."})
    assert _everything(founded, case_id) == before
    (draft,) = drafts.list_drafts(founded.context(CASEWORKER))
    assert draft.fields[words] == ["Otherwise."]
    if kind != "release":
        resumed = read_form(client, client.get(f"/drafts/{draft.id}").location)
        assert client.post(path, data=resumed).status_code == 302
        assert _everything(founded, case_id) == before + 1
    assert drafts.list_drafts(founded.context(CASEWORKER)) == [] or kind == "release"


@pytest.mark.parametrize("kind", KINDS)
def test_two_tabs_that_resume_one_draft_save_it_once(founded: Founded, kind: str) -> None:
    """Also a draft of a form that had no id yet."""
    case_id, path, sent = _form(founded, kind)
    client = founded.client(CASEWORKER)
    before = _everything(founded, case_id)
    address = client.post(path, data=sent | {"once": "", "save_draft": "1"}).location
    one, other = (read_form(client, client.get(address).location) for _tab in range(2))
    assert client.post(path, data=one).status_code == client.post(path, data=other).status_code == 302
    assert _everything(founded, case_id) == before + 1
    assert drafts.list_drafts(founded.context(CASEWORKER)) == []


@pytest.mark.parametrize("kind", ["note", "act", "person"])
def test_every_form_at_the_same_moment(founded: Founded, kind: str) -> None:
    """Posted several times at once it is one record."""
    case_id, path, sent = _form(founded, kind)
    before = _everything(founded, case_id)
    clients = [founded.client(CASEWORKER) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: client.post(path, data=sent), clients))
    assert {answer.status_code for answer in answers} == {302}
    assert _everything(founded, case_id) == before + 1


def test_the_short_forms_of_a_case_are_saved_once(founded: Founded) -> None:
    """The note and the task on the page of a case have ids of their own."""
    logged = log(founded.context(CASEWORKER))
    client = founded.client(CASEWORKER)
    page = client.get(f"/cases/{logged.case_id}").text
    ids = set(re.findall(r'name="once"[^>]* value="([0-9a-f]{32})"', page))
    assert len(ids) == 2


def test_what_was_deleted_is_saved_anew(founded: Founded) -> None:
    """A note that was saved and deleted is written again by its form, and once."""
    case_id, path, sent = _form(founded, "note")
    client = founded.client(CASEWORKER)
    client.post(path, data=sent)
    (view,) = read_follow_ups(founded.context(CASEWORKER), case_id).past
    delete_follow_up(founded.context(CASEWORKER), case_id, view.id)
    client.post(path, data=sent)
    client.post(path, data=sent)
    (again,) = read_follow_ups(founded.context(CASEWORKER), case_id).past
    assert (again.id != view.id, again.texts) == (True, view.texts)
