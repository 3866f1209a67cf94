"""The pages of incidents told twice: asked on entry, listed, side by side, taken back."""

from html import unescape
from typing import Any

import pytest

from casework.services.accounts.reviewing import list_accounts, review
from casework.services.incidents import Logged
from casework.services.lists import Filter, list_cases
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.web.incidents import fields, log, person, person_fields


def _log(founded: Founded, by: str = CASEWORKER, **options: Any) -> Logged:
    return log(founded.context(by), person("Amal"), place="verdun", **options)


def _posted(**more: Any) -> dict[str, Any]:
    return fields(text="What I was told.", place="verdun", **person_fields(0, name="Bilal")) | more


def _count(founded: Founded) -> int:
    return list_cases(founded.context(CASEWORKER), Filter(mine=False)).total


def _told(founded: Founded, logged: Logged) -> list[bool]:
    told = list_accounts(founded.context(CASEWORKER), [logged.incident_id])
    return [one.is_main for one in told.get(logged.incident_id, ())]


def test_it_is_asked_before_anything_is_saved(founded: Founded) -> None:
    """Case, author and day are shown; what was entered stays."""
    known = _log(founded)
    page = unescape(founded.client(COLLEAGUE).post("/incidents/new", data=_posted()).text)
    assert f"This may be the same incident as in case {known.reference}, logged by" in page
    assert "What I was told." in page
    assert _count(founded) == 1


@pytest.mark.parametrize("is_same", [True, False])
def test_the_answer_saves_and_is_remembered(founded: Founded, is_same: bool) -> None:
    """Another account is linked, and the first counts; another incident is told apart."""
    known = _log(founded)
    settle = f"told {known.incident_id.hex}" if is_same else "different"
    data = _posted(told=known.incident_id.hex, settle=settle)
    assert founded.client(COLLEAGUE).post("/incidents/new", data=data).status_code == 302
    assert _count(founded) == 2
    assert _told(founded, known) == ([True, False] if is_same else [])
    assert review(founded.context(CASEWORKER)).pairs == []


@pytest.mark.parametrize("told", ["", "x", "0" * 32])
def test_an_answer_that_is_none_saves_all_the_same(founded: Founded, told: str) -> None:
    """Nothing is linked, and nothing lost."""
    _log(founded)
    data = _posted(settle=f"told {told}")
    assert founded.client(COLLEAGUE).post("/incidents/new", data=data).status_code == 302
    assert _count(founded) == 2


def test_in_a_case_it_is_asked_about_who_is_in_it(founded: Founded) -> None:
    """Another day would be another incident; the same day by somebody else may be the same."""
    known = _log(founded)
    address, who = f"/cases/{known.case_id}/incidents/new", {"people-0-person_id": known.people[0].hex}
    more = {**who, "people-0-takes_part": "y", "contact_type": "ticket"}
    data = fields(text="Again.", day="2026-05-13", **more)
    client = founded.client(COLLEAGUE)
    assert client.post(address, data=data).status_code == 302
    page = client.post(address, data=fields(text="Again.", **more)).text
    assert "This may be the same incident" in page


def test_a_case_that_is_not_theirs_is_not_given_away(founded: Founded) -> None:
    """Whoever may not know of the other case is asked nothing."""
    known = _log(founded, team=frozenset())
    client = founded.client(COLLEAGUE)
    assert client.post("/incidents/new", data=_posted()).status_code == 302
    data = _posted(settle=f"told {known.incident_id.hex}")
    assert client.post("/incidents/new", data=data).status_code == 302
    assert _told(founded, known) == []


def test_both_are_read_side_by_side_and_one_of_them_counts(founded: Founded) -> None:
    """Each under its author; the other can count instead; they can be two again."""
    one, other = _log(founded, text="The first words."), _log(founded, COLLEAGUE, text="The other words.")
    client, address = founded.client(CASEWORKER), f"/incidents/{one.incident_id}/beside/{other.incident_id}"
    assert address in client.get("/incidents/told-twice").text.replace(
        f"/incidents/{other.incident_id}/beside/{one.incident_id}", address
    )
    page = client.get(address).text
    assert "The first words." in page and "The other words." in page and "Is this one incident?" in page
    data = {"main": one.incident_id.hex, "other": other.incident_id.hex, "deed": "one", "stay": "1"}
    page = client.post("/incidents/told-twice", data=data, follow_redirects=True).text
    assert "Two accounts of one incident" in page and "counts in statistics" in page
    case = client.get(f"/cases/{other.case_id}").text
    assert "Also told by" in case and "Statistics count it once, as another account tells it." in case
    assert "Statistics count it once" not in client.get(f"/cases/{one.case_id}").text
    client.post("/incidents/told-twice", data=data | {"main": data["other"], "other": data["main"]})
    assert "Statistics count it once" in client.get(f"/cases/{one.case_id}").text
    client.post("/incidents/told-twice", data=data | {"deed": "undo"})
    assert _told(founded, one) == []


def test_the_list_takes_back_what_it_was_told(founded: Founded) -> None:
    """Right where it was said."""
    one, other = _log(founded), _log(founded)
    client = founded.client(CASEWORKER)
    data = {"main": one.incident_id.hex, "other": other.incident_id.hex, "deed": "two"}
    page = client.post("/incidents/told-twice", data=data, follow_redirects=True).text
    assert "nobody is asked again" in page and "look like one" in page
    page = client.post("/incidents/told-twice", data=data | {"deed": "undo"}, follow_redirects=True).text
    assert "Taken back." in page and "Read both" in page
    assert client.post("/incidents/told-twice", data=data | {"deed": "x"}).status_code == 404
