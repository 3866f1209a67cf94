"""The form of a new incident is saved once, however often it is posted."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from casework.services import cases, drafts
from casework.services.lists import Filter, list_incidents
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.web.incidents import fields, log, person_fields, read_form

NEW = "/incidents/new"


def _count(founded: Founded) -> int:
    return list_incidents(founded.context(CASEWORKER), Filter(mine=False)).total


def _filled(founded: Founded, path: str = NEW, **more: Any) -> tuple[dict[str, Any], str]:
    """Return a form as it is posted, and its address, to which a browser goes back."""
    client = founded.client(CASEWORKER)
    address = client.get(path).location
    sent = read_form(client, address) | fields(text="Two cars.", **more) | person_fields(0, name="Naïma")
    return sent, address


@pytest.mark.parametrize("in_case", [False, True])
def test_back_and_save_again_saves_nothing_twice(founded: Founded, in_case: bool) -> None:
    """Going back leads to the same form: saved again it leads to what was saved, and says so."""
    path = f"/cases/{log(founded.context(CASEWORKER)).case_id}/incidents/new" if in_case else NEW
    sent, address = _filled(founded, path)
    client = founded.client(CASEWORKER)
    first = client.post(path, data=sent)
    before = _count(founded)
    assert read_form(client, address)["once"] == sent["once"]
    again = client.post(path, data=sent)
    assert (again.status_code, again.location) == (302, first.location)
    assert "nothing was saved twice" in client.get(again.location).text
    assert _count(founded) == before
    assert drafts.list_drafts(founded.context(CASEWORKER)) == []


def test_what_was_changed_after_going_back_is_not_lost(founded: Founded) -> None:
    """It is a draft, which on its own can be saved as another incident."""
    sent, _address = _filled(founded)
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
    sent, _address = _filled(founded)
    client = founded.client(CASEWORKER)
    locations = {client.post(NEW, data=sent).location}
    other, _address = _filled(founded)
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
