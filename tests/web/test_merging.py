"""The pages on which two records are merged: what they propose, keep, refuse and take back."""

from dataclasses import replace
from html import unescape
from uuid import UUID

import pytest

from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.services import cases, holding
from casework.services.duplicates.reviewing import review
from casework.services.incidents import Logged
from casework.services.records import PersonView
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.web.incidents import log, person
from tests.web.pages import text_of

ONE = replace(
    person(),
    identity=PersonIdentity(name="Naïma Benali", birth_date="1988-03-14", phone="514 555-0199"),
    facts=PersonFacts(age_band="25_34", consents={"statistics": Consent("given")}),
)
OTHER = replace(
    person(),
    identity=PersonIdentity(name="Naima Benali", birth_date="1988-03-14", phone="514 555-0177"),
    facts=PersonFacts(age_band="35_44", consents={"statistics": Consent("withdrawn")}),
)


def _log(founded: Founded) -> Logged:
    return log(founded.context(CASEWORKER), ONE, OTHER)


def _address(logged: Logged) -> str:
    return f"/people/{logged.people[0]}/merge/{logged.people[1]}"


def _posted(**more: str) -> dict[str, str]:
    return {"left_version": "1", "right_version": "1", "age_band": "left"} | more


def _people(founded: Founded, case_id: UUID) -> list[PersonView]:
    return list(cases.get_case(founded.context(CASEWORKER), case_id).people)


def test_both_stand_side_by_side_with_what_is_proposed(founded: Founded) -> None:
    """Both texts are kept, of consents the stricter one; of two ages somebody has to choose."""
    page = unescape(founded.client(COLLEAGUE).get(_address(_log(founded))).text)
    assert "514 555-0199" in page and "514 555-0177" in page
    checked = {
        line.split('name="')[1].split('"')[0]: line for line in page.splitlines() if " checked" in line
    }
    assert 'value="both"' in checked["phone"] and 'value="right"' in checked["consent_statistics"]
    assert "age_band" not in checked
    assert page.count("1988-03-14") == 1  # the same in both


def test_what_is_chosen_becomes_the_record_and_can_be_taken_back(founded: Founded) -> None:
    """The case has one person then, says who merged them, and offers the way back."""
    logged, client = _log(founded), founded.client(COLLEAGUE)
    before = _people(founded, logged.case_id)
    answer = client.post(_address(logged), data=_posted(phone="both", consent_statistics="right"))
    assert answer.location == f"/cases/{logged.case_id}"
    (made,) = _people(founded, logged.case_id)
    assert made.identity.phone == "514 555-0199"
    assert "Phone: 514 555-0177" in made.identity.note
    assert (made.facts.age_band, made.facts.consent("statistics").answer) == ("25_34", "withdrawn")
    page = client.get(f"/cases/{logged.case_id}").text
    assert "Merged of two records" in page and "Undo the merge" in page
    client.post(f"/cases/{logged.case_id}/people/{made.id}/unmerge")
    assert [(one.id, one.facts, one.identity) for one in _people(founded, logged.case_id)] == [
        (one.id, one.facts, one.identity) for one in before
    ]


def test_the_history_says_so_in_a_sentence(founded: Founded) -> None:
    """That they were merged, and that it was taken back; what differs stands below."""
    logged, client = _log(founded), founded.client(COLLEAGUE)
    client.post(_address(logged), data=_posted(phone="both", consent_statistics="right"))
    history = f"/cases/{logged.case_id}/history"
    said = text_of(client.get(history))
    for name in ("Naïma", "Naima"):
        assert f"merged: this record stands for that of {name} Benali too." in said
    assert said.index("Naima Benali too.") < said.index("Age") and "Merged from" not in said
    (made,) = _people(founded, logged.case_id)
    client.post(f"/cases/{logged.case_id}/people/{made.id}/unmerge")
    said = text_of(client.get(history))
    assert said.count("took the merge back: this record stands for itself again.") == 2
    assert "aside" not in said


def test_without_a_choice_the_field_is_named_and_the_others_stay(founded: Founded) -> None:
    """Nothing is merged, and nothing that was chosen is lost."""
    logged = _log(founded)
    data = _posted(age_band="", phone="right", consent_statistics="left")
    answer = founded.client(COLLEAGUE).post(_address(logged), data=data)
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "Choose which of the two is right." in page
    assert 'value="right" checked' in page.split('id="phone"')[1].split("</fieldset>")[0]
    assert len(_people(founded, logged.case_id)) == 2


@pytest.mark.parametrize("versions", [{"left_version": "9"}, {"right_version": ""}])
def test_who_was_changed_meanwhile_is_shown_again(founded: Founded, versions: dict[str, str]) -> None:
    """A lost race, or a form of nobody's: nothing is merged, and the choice stays."""
    logged = _log(founded)
    answer = founded.client(COLLEAGUE).post(_address(logged), data=_posted(phone="right") | versions)
    assert answer.status_code == 422
    assert "Somebody changed one of both meanwhile." in answer.text
    assert 'name="left_version" type="hidden" value="1"' in answer.text
    assert len(_people(founded, logged.case_id)) == 2


def test_why_they_cannot_be_merged_is_said(founded: Founded) -> None:
    """On hold there is no button, and a post changes nothing."""
    logged, client = _log(founded), founded.client(COLLEAGUE)
    holding.hold_case(founded.context(COORDINATOR), logged.case_id, 1)
    page = client.get(_address(logged)).text
    assert "on legal hold" in page and "Merge the two records</button>" not in page
    assert client.post(_address(logged), data=_posted()).status_code == 422
    assert len(_people(founded, logged.case_id)) == 2


def test_an_undo_that_would_lose_something_says_why(founded: Founded) -> None:
    """The page of the case comes back with it."""
    logged, client = _log(founded), founded.client(COLLEAGUE)
    client.post(_address(logged), data=_posted())
    (made,) = _people(founded, logged.case_id)
    context = founded.context(CASEWORKER)
    cases.change_person(context, logged.case_id, made.id, made.version, made.facts, PersonIdentity(name="N."))
    address = f"/cases/{logged.case_id}/people/{made.id}/unmerge"
    page = client.post(address, follow_redirects=True).text
    assert page.count("Something was changed since the merge") == 2  # of the deed, and beside the person
    assert "Undo the merge" not in page and "For 30 days it can be undone" not in page
    assert len(_people(founded, logged.case_id)) == 1


def test_the_way_there(founded: Founded) -> None:
    """From the page of the case over a choice of whom; from the list of who is probably the same."""
    logged, client = _log(founded), founded.client(COLLEAGUE)
    choosing = f"/cases/{logged.case_id}/people/{logged.people[0]}/merge"
    assert choosing in client.get(f"/cases/{logged.case_id}").text
    assert _address(logged) in client.get(choosing).text
    pair = review(founded.context(CASEWORKER)).pairs[0]
    assert 'aria-current="true">Cases<' in client.get(_address(logged)).text
    assert 'aria-current="true">Incidents<' in client.get("/incidents/told-twice").text
    page = client.get("/cases/same-people").text
    assert f"/people/{pair.left.id}/merge/{pair.right.id}" in page
    assert "link the cases" not in page  # there is only one
    client.post("/cases/same-people", data={"one": pair.left.id, "other": pair.right.id, "deed": "apart"})
    assert review(founded.context(CASEWORKER)).pairs == []


def test_a_form_of_an_incident_from_before_the_merge_is_a_lost_race(founded: Founded) -> None:
    """Whoever was named twice in it stands there once; both versions are shown, and mine can be saved."""
    from tests.web.incidents import parse_all, read_form

    logged, client = _log(founded), founded.client(COLLEAGUE)
    form = read_form(client, f"/incidents/{logged.incident_id}")
    client.post(_address(logged), data=_posted())
    form["text"] = ["Written before the merge."]
    answer = client.post(f"/incidents/{logged.incident_id}", data=form)
    assert answer.status_code == 409
    again = client.post(f"/incidents/{logged.incident_id}", data=parse_all(answer.text))
    assert again.status_code == 302, again.text
    (story,) = cases.get_case(founded.context(CASEWORKER), logged.case_id).incidents
    assert story.narrative.text == "Written before the merge."
    assert len(story.facts.participations) == 1


@pytest.mark.parametrize("is_new", [True, False])
def test_a_form_of_an_incident_from_before_the_undo_is_not_lost(founded: Founded, is_new: bool) -> None:
    """Whoever stood in it has no record any more: it asks who was there, with all that was written."""
    from tests.web.incidents import parse_form, read_form

    logged, client = _log(founded), founded.client(COLLEAGUE)
    client.post(_address(logged), data=_posted())
    (made,) = _people(founded, logged.case_id)
    place = f"/cases/{logged.case_id}/incidents/new" if is_new else f"/incidents/{logged.incident_id}"
    form = read_form(client, place) | {"text": ["Written before the undo."], "people-0-takes_part": ["y"]}
    form |= {
        "day": ["2025-01-02" if is_new else "2026-05-12"],
        "contact_type": ["traffic_stop"],
        "police_service": ["spvm"],
    }
    client.post(f"/cases/{logged.case_id}/people/{made.id}/unmerge")
    answer = client.post(place, data=form)
    assert answer.status_code == 422
    assert "Written before the undo." in answer.text
    again = parse_form(answer.text)
    named = [values[0] for name, values in again.items() if name.endswith("-person_id")]
    assert sorted(named) == sorted(person.hex for person in logged.people)
    again["people-1-takes_part" if again.get("people-1-person_id") else "people-2-takes_part"] = ["y"]
    assert client.post(place, data=again).status_code == (302 if is_new else 409)


def test_a_form_of_a_person_from_before_the_undo_is_a_lost_race(founded: Founded) -> None:
    """Beside the first record; what was kept of it as a draft opens."""
    from tests.web.incidents import read_form

    logged, client = _log(founded), founded.client(COLLEAGUE)
    client.post(_address(logged), data=_posted())
    (made,) = _people(founded, logged.case_id)
    place = f"/cases/{logged.case_id}/people/{made.id}"
    form = read_form(client, place) | {"note": ["Written before the undo."]}
    kept = client.post(place, data=form | {"save_draft": "1"})
    client.post(f"{place}/unmerge")
    assert "Written before the undo." in client.get(kept.location, follow_redirects=True).text
    answer = client.post(place, data=form)
    assert answer.status_code == 409
    assert "Written before the undo." in answer.text


def test_without_scripts_the_row_that_was_chosen_goes_from_a_form_from_before_the_merge(
    founded: Founded,
) -> None:
    """Though there is one row less by then."""
    from tests.web.incidents import parse_form, person_fields, read_form

    logged, client = _log(founded), founded.client(COLLEAGUE)
    place = f"/incidents/{logged.incident_id}"
    form = read_form(client, place)
    new = {**person_fields(2, name="Goes"), **person_fields(3, name="Stays")}
    client.post(_address(logged), data=_posted())
    answer = client.post(place, data=form | new | {"remove_person": "people-2"})
    names = [values for name, values in parse_form(answer.text).items() if name.endswith("-name")]
    assert ["Stays"] in names and ["Goes"] not in names


def test_each_case_keeps_its_own_age_and_says_so_before(founded: Founded) -> None:
    """Proposed, and shown beside both answers; a member may choose one for both all the same."""
    one, other = (log(founded.context(CASEWORKER), each) for each in (ONE, OTHER))
    address = f"/people/{one.people[0]}/merge/{other.people[0]}"
    client = founded.client(COLLEAGUE)
    page = unescape(client.get(address).text).split('id="age_band"')[1].split("</fieldset>")[0]
    assert 'value="each" checked' in page and "Each case keeps its own" in page
    assert "25–34" in page and "35–44" in page
    data = _posted(phone="both", name="left", consent_statistics="right", age_band="each")
    assert client.post(address, data=data).status_code == 302
    ages = [_people(founded, logged.case_id)[0].facts.age_band for logged in (one, other)]
    assert ages == ["25_34", "35_44"]


def test_of_two_cases_no_single_record_is_promised(founded: Founded) -> None:
    """Each keeps its own, which is said once before and after; a number written otherwise is no question."""
    named = PersonIdentity(name="Naima Benali", birth_date="1988-03-14", phone="(514) 555 0199")
    same = replace(OTHER, identity=named)
    one, other = (log(founded.context(CASEWORKER), each) for each in (ONE, same))
    address, client = f"/people/{one.people[0]}/merge/{other.people[0]}", founded.client(CASEWORKER)
    page = text_of(client.get(address))
    assert (
        page.count("each with a record of its own") == 1 and page.count("does not change in the other") == 1
    )
    assert "One record stands for both" not in page and 'name="phone"' not in client.get(address).text
    data = _posted(name="left", age_band="each", consent_statistics="right")
    assert client.post(address, data=data).status_code == 302
    page = text_of(client.get(address))
    assert "in a record of its own" in page and "One record stands for both" not in page


@pytest.mark.parametrize("of_two_cases", [False, True])
def test_what_a_colleague_merged_already_is_said_with_the_way_there(
    founded: Founded, of_two_cases: bool
) -> None:
    """By whom and when; also to who says something else of the two. Taken back twice is said too."""
    if of_two_cases:
        one, other = (log(founded.context(CASEWORKER), each) for each in (ONE, OTHER))
        pair, case_id = (one.people[0], other.people[0]), one.case_id
    else:
        logged = _log(founded)
        pair, case_id = (logged.people[0], logged.people[1]), logged.case_id
    address, client = f"/people/{pair[0]}/merge/{pair[1]}", founded.client(CASEWORKER)
    founded.client(COLLEAGUE).post(address, data=_posted(name="left", phone="left"))
    (made,) = _people(founded, case_id)
    for answer in (client.get(address), client.post(address, data=_posted())):
        assert answer.status_code == 409
        assert "Already merged by Theo on" in answer.text
        assert f"/cases/{case_id}#person-{made.id.hex}" in answer.text
    data = {"one": pair[0].hex, "other": pair[1].hex, "deed": "apart"}
    assert "Already merged by" in client.post("/cases/same-people", data=data, follow_redirects=True).text
    undo = f"/cases/{case_id}/people/{made.id}/unmerge"
    founded.client(COLLEAGUE).post(undo)
    assert "taken back already" in client.post(undo, follow_redirects=True).text


def test_one_that_was_merged_with_somebody_else_leads_to_who_stands_for_it(founded: Founded) -> None:
    """The comparison goes on with that record."""
    logged = log(founded.context(CASEWORKER), ONE, OTHER, person("Wendell"))
    client, (one, other, third) = founded.client(CASEWORKER), logged.people
    client.post(f"/people/{one}/merge/{other}", data=_posted(name="left", phone="left"))
    page = client.get(f"/people/{third}/merge/{other}").text
    (made,) = (each.id for each in _people(founded, logged.case_id) if each.id != third)
    assert "was merged with another record meanwhile" in page and f"/people/{third}/merge/{made}" in page


def test_somebody_else_is_searched_for(founded: Founded) -> None:
    """By name, or nearly; by number, by the reference of their case; never themselves, nor a stranger's."""
    mine = log(founded.context(CASEWORKER), ONE)
    other = log(
        founded.context(COORDINATOR),
        replace(OTHER, identity=PersonIdentity(name="Zoë Ng", phone="514 555-0177")),
    )
    log(founded.context(CASEWORKER), person("Zoé Ng"), team=frozenset())
    client, choosing = founded.client(COLLEAGUE), f"/cases/{mine.case_id}/people/{mine.people[0]}/merge"
    assert choosing in client.get(f"/cases/{mine.case_id}").text
    address = f"/people/{mine.people[0]}/merge/{other.people[0]}"
    for text in ("zoe ng", "NG, Zoe".replace(",", ""), "555-0177", other.reference):
        page = client.post(choosing, data={"text": text}).text
        assert address in page and "One person found" in page, text
    assert "Nobody in the cases" in client.post(choosing, data={"text": "Naïma"}).text
    assert client.post(choosing, data={"text": " "}).status_code == 422
    client.post(address, data=_posted(name="left", phone="left", age_band="each"))
    (made,) = _people(founded, mine.case_id)
    choosing = f"/cases/{mine.case_id}/people/{made.id}/merge"
    assert "In another case" not in client.get(choosing).text
    (twin,) = _people(founded, other.case_id)
    changed = replace(twin.identity, note="Moved.")
    cases.change_person(
        founded.context(COORDINATOR), other.case_id, twin.id, twin.version, twin.facts, changed
    )
    assert "In another case" in client.get(choosing).text
