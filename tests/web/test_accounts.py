"""The pages of incidents told twice: asked on entry, listed, side by side, taken back."""

from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from casework.domain.person import PersonIdentity
from casework.services.accounts.deciding import tell_one
from casework.services.accounts.reviewing import list_accounts, review
from casework.services.accounts.whoiswho import say_who
from casework.services.duplicates.deciding import tell_same
from casework.services.duplicates.reviewing import list_elsewhere
from casework.services.incidents import Logged
from casework.services.lists import Filter, list_cases
from casework.store.links import list_links
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
    assert f"Another account of the incident in case {known.reference}, logged by" in page
    assert "What I was told." in page
    assert _count(founded) == 1


@pytest.mark.parametrize("is_same", [True, False])
def test_the_answer_saves_and_is_remembered(founded: Founded, is_same: bool) -> None:
    """Another account is linked, and the first counts; another incident is told apart."""
    known = _log(founded)
    data = _posted(told=known.incident_id.hex if is_same else "another", settle="1")
    assert founded.client(COLLEAGUE).post("/incidents/new", data=data).status_code == 302
    assert _count(founded) == 2
    assert _told(founded, known) == ([True, False] if is_same else [])
    assert review(founded.context(CASEWORKER)).pairs == []


@pytest.mark.parametrize("told", ["", "x", "0" * 32])
def test_an_answer_that_is_none_is_asked_for(founded: Founded, told: str) -> None:
    """Nothing is saved, and nothing lost."""
    _log(founded)
    page = founded.client(COLLEAGUE).post("/incidents/new", data=_posted(settle="1", told=told)).text
    assert 'id="told-fault"' in page and "What I was told." in page
    assert _count(founded) == 1


def test_both_are_said_at_once_on_entry(founded: Founded) -> None:
    """Another account, and the same person in it: neither question waits for the other."""
    bilal = {"name": "Bilal Haddad", "birth_date": "1988-03-14"}
    somebody = replace(person(), identity=PersonIdentity(**bilal))
    known = log(founded.context(CASEWORKER), somebody, place="verdun")
    data = _posted(**person_fields(0, **bilal))
    client = founded.client(COLLEAGUE)
    page = client.post("/incidents/new", data=data).text
    assert "Was this told already?" in page and "likely-0" in page
    data |= {"settle": "1", "told": known.incident_id.hex}
    assert 'id="likely-0-fault"' in client.post("/incidents/new", data=data).text
    data |= {"likely-0": known.people[0].hex}
    assert client.post("/incidents/new", data=data).status_code == 302
    assert _told(founded, known) == [True, False]
    assert known.people[0] in list_elsewhere(founded.context(CASEWORKER), known.case_id)


@pytest.mark.parametrize("login", [CASEWORKER, COLLEAGUE])
@pytest.mark.parametrize("in_the_case", [True, False])
def test_it_is_asked_where_a_name_alone_is_the_same(founded: Founded, login: str, in_the_case: bool) -> None:
    """Also whoever logged it herself, as on the quick log, which asks for no place; not of another day."""
    known = log(founded.context(CASEWORKER), person("Ottoline Beaugrand"), place="not_asked")
    path = f"/cases/{known.case_id}/incidents/new" if in_the_case else "/incidents/new"
    client, same = founded.client(login), person_fields(0, name="Ottoline Beaugrand", takes_part="y")
    page = client.post(path, data=fields(**same)).text
    assert f'id="told-{known.incident_id.hex}"' in page
    assert 'id="told"' not in client.post(path, data=fields(day="2026-05-13", **same)).text


def test_in_a_case_it_is_asked_about_who_is_in_it(founded: Founded) -> None:
    """Another day would be another incident; the same day by somebody else may be the same."""
    known = _log(founded)
    address, who = f"/cases/{known.case_id}/incidents/new", {"people-0-person_id": known.people[0].hex}
    more = {**who, "people-0-takes_part": "y", "contact_type": "ticket"}
    data = fields(text="Again.", day="2026-05-13", **more)
    client = founded.client(COLLEAGUE)
    assert client.post(address, data=data).status_code == 302
    page = client.post(address, data=fields(text="Again.", **more)).text
    assert "Was this told already?" in page


def test_a_case_that_is_not_theirs_is_not_given_away(founded: Founded) -> None:
    """Whoever may not know of the other case is asked nothing."""
    known = _log(founded, team=frozenset())
    client = founded.client(COLLEAGUE)
    data = _posted(settle="1", told=known.incident_id.hex)
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


def _two_accounts(founded: Founded, said: str) -> tuple[Logged, Logged]:
    """Log one incident twice, with somebody who agreed in one account, and what they said in the other."""
    one = log(founded.context(CASEWORKER), person("Amal Haddad", "driver"), place="verdun")
    other = log(founded.context(COLLEAGUE), person("HADDAD Amal", "driver", statistics=said), place="verdun")
    return one, other


def test_who_is_in_both_is_asked_with_the_incident(founded: Founded) -> None:
    """Who is called alike is proposed; one press says both; what is known then is not asked again."""
    one, other = _two_accounts(founded, "given")
    client = founded.client(CASEWORKER)
    address = f"/incidents/{one.incident_id}/beside/{other.incident_id}"
    page = unescape(client.get(address).text)
    assert "Who is Amal Haddad (Driver) in the other account?" in page
    assert f'<option value="{other.people[0].hex}" selected>' in page
    who = {f"who-{one.people[0].hex}": other.people[0].hex}
    data = {"main": one.incident_id.hex, "other": other.incident_id.hex, "stay": "1"}
    page = client.post(
        "/incidents/told-twice", data=data | who | {"deed": "other"}, follow_redirects=True
    ).text
    assert "Amal Haddad is HADDAD Amal: one person." in page and "Who is Amal" not in page
    assert _told(founded, other) == [True, False]


@pytest.mark.parametrize("is_same", [True, False])
def test_who_may_have_said_no_in_the_other_account_does_not_count_until_it_is_said(
    founded: Founded, is_same: bool
) -> None:
    """The case says so and leads to where it is said; two people are one yes and one no."""
    one, other = _two_accounts(founded, "withdrawn")
    client = founded.client(CASEWORKER)
    data = {"main": one.incident_id.hex, "other": other.incident_id.hex, "stay": "1"}
    address = f"/incidents/{one.incident_id}/beside/{other.incident_id}#who"
    assert "Not counted in statistics for now" not in client.get(f"/cases/{one.case_id}").text
    client.post("/incidents/told-twice", data=data | {"deed": "one"})
    case = client.get(f"/cases/{one.case_id}").text
    assert "Not counted in statistics for now" in case and address in case
    assert "Perhaps said no in another account: Amal Haddad." in case
    assert "not in statistics" in client.get("/cases").text
    who = {f"who-{one.people[0].hex}": other.people[0].hex if is_same else "nobody"}
    client.post("/incidents/told-twice", data=data | who | {"deed": "who"})
    case = client.get(f"/cases/{one.case_id}").text
    assert "for now" not in case and ("another record of the same person says no" in case) == is_same


def test_two_incidents_link_nobody(founded: Founded) -> None:
    """What was proposed of people is not said by whoever says that these are two incidents."""
    one, other = _two_accounts(founded, "given")
    who = {f"who-{one.people[0].hex}": other.people[0].hex}
    data = {"main": one.incident_id.hex, "other": other.incident_id.hex, "deed": "two"}
    founded.client(CASEWORKER).post("/incidents/told-twice", data=data | who)
    assert list_elsewhere(founded.context(CASEWORKER), one.case_id) == {}


def test_the_list_of_people_leads_to_where_both_are_said(founded: Founded) -> None:
    """Two who are probably one person, in incidents that are then probably one."""
    somebody = replace(person(), identity=PersonIdentity(name="Bilal Haddad", birth_date="1988-03-14"))
    one, other = (log(founded.context(CASEWORKER), somebody, date="2026-05") for _ in range(2))
    client, both = founded.client(CASEWORKER), {one.incident_id, other.incident_id}
    page = client.get("/cases/same-people").text
    ways = [f"/incidents/{mine}/beside/{theirs}#who" for mine in both for theirs in both - {mine}]
    assert any(way in page for way in ways)
    data = {"main": one.incident_id.hex, "other": other.incident_id.hex, "deed": "one"}
    client.post("/incidents/told-twice", data=data)
    assert "say both at once" not in client.get("/cases/same-people").text
    assert "say who is in both" in client.get(f"/cases/{one.case_id}").text


def test_a_name_at_the_end_of_a_sentence_brings_no_second_stop(founded: Founded) -> None:
    """Abbreviated, as many write it."""
    logged = log(founded.context(CASEWORKER), person("Lázaro O.", statistics="refused"))
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    other = log(context, person("Lázaro O."))
    tell_same(context, logged.people[0], other.people[0])
    page = unescape(client.get(f"/cases/{other.case_id}").text)
    assert "Another record says no: Lázaro O.<" in page


def test_two_of_one_account_are_not_both_one_of_the_other(founded: Founded) -> None:
    """Nothing is said then, what was chosen stays, and the page tells what to do."""
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    mine = log(context, person("Amal Haddad"), person("Bilal Haddad"), place="verdun")
    other = log(context, person("Amal H."), person("Celine"), place="verdun")
    data = {"main": mine.incident_id.hex, "other": other.incident_id.hex, "stay": "1", "deed": "one"}
    who = {f"who-{each.hex}": other.people[1].hex for each in mine.people}
    answer = client.post("/incidents/told-twice", data=data | who)
    assert answer.status_code == 422 and 'id="who-fault"' in answer.text
    assert answer.text.count('aria-describedby="who-fault"') == 2
    assert answer.text.count(f'<option value="{other.people[1].hex}" selected>') == 2
    assert _told(founded, mine) == [] and list_elsewhere(context, mine.case_id) == {}


def test_nobody_overwrites_nothing_that_was_said_meanwhile(founded: Founded) -> None:
    """A page that was opened before a colleague linked two parts them not."""
    context = founded.context(CASEWORKER)
    mine = log(context, person("Amal"), person("Bilal"), place="verdun")
    other = log(founded.context(COLLEAGUE), person("Amal"), person("Celine"), place="verdun")
    tell_one(context, mine.incident_id, other.incident_id)
    tell_same(founded.context(COLLEAGUE), mine.people[0], other.people[0])
    nobody = dict.fromkeys(mine.people)
    assert say_who(context, mine.incident_id, other.incident_id, nobody) == 1
    assert mine.people[0] in list_elsewhere(context, mine.case_id)
    said = {frozenset((left, right)): is_same for left, right, is_same in list_links()}
    assert said == {
        frozenset((mine.people[0], other.people[0])): True,
        frozenset((mine.people[1], other.people[1])): False,
    }


def test_an_account_of_a_closed_case_is_not_let_count(founded: Founded) -> None:
    """The page says why, and what to do; on entry the new account counts instead."""
    seen, closed = _log(founded), _log(founded, team=frozenset())
    data = {"main": closed.incident_id.hex, "other": seen.incident_id.hex, "deed": "one", "stay": "1"}
    client = founded.client(CASEWORKER)
    page = client.post("/incidents/told-twice", data=data, follow_redirects=True).text
    assert "This account cannot count" in page
    assert _told(founded, seen) == []
    new = _posted(told=closed.incident_id.hex, settle="1")
    assert client.post("/incidents/new", data=new).status_code == 302
    assert _told(founded, closed) == [True, False]
    told = list_accounts(founded.context(CASEWORKER), [closed.incident_id])[closed.incident_id]
    assert [one.id == closed.incident_id for one in told] == [False, True]
    assert _told(founded, seen) == []
