"""The pages of own terms, and where people meet them: forms, lists, cases and their history."""

import re
from dataclasses import replace
from uuid import UUID

import pytest

from casework.domain.ownterm import MERGED, RETIRED, choose_terms, chosen_of
from casework.domain.person import PersonFacts, PersonIdentity
from casework.services import cases, incidents, ownterms
from casework.services.merging.merging import get_merge
from casework.services.participants import PersonDraft
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft
from tests.web.incidents import parse_form, read_form


def add(founded: Founded, name: str = "Kahnawà:ke", list_name: str = "place", parent: str = "other") -> UUID:
    """Add a term as the coordinator."""
    return ownterms.add_term(founded.context(), list_name, parent, {"en": name}).id


def log(founded: Founded, term_id: UUID) -> incidents.Logged:
    """Log an incident in that place."""
    draft = incident_draft()
    draft = replace(
        draft, answers={**draft.answers, "place": "other"}, own_terms=choose_terms({"place": [term_id]})
    )
    return incidents.log_incident(founded.context(CASEWORKER), draft)


def term_of(founded: Founded, incident_id: UUID) -> tuple[str, tuple[UUID, ...]]:
    """Return the code and the own terms of an incident's place."""
    facts = incidents.get_incident(founded.context(CASEWORKER), incident_id).facts
    return facts.place, chosen_of(facts.own_terms, "place")


def test_a_coordinator_adds_a_term_to_a_list(founded: Founded) -> None:
    """The list is empty, then has it; it says what the term counts as and how many records have it."""
    client = founded.client(COORDINATOR)
    assert "There is no term of your own yet." in client.get("/terms").text
    assert "To which list?" in client.get("/terms/new").text
    page = client.get("/terms/new?list=place").text
    assert '<option selected value="other">' in page
    texts = {"list_name": "place", "parent": "other", "label_fr": "Kahnawake"}
    answer = client.post("/terms/new", data=texts, follow_redirects=True)
    assert "Term added." in answer.text
    (view,) = ownterms.list_terms(founded.context())
    assert (view.term.list_name, view.term.parent, view.term.label_fr) == ("place", "other", "Kahnawake")
    log(founded, view.id)
    assert "Chosen in 1 record." in client.get("/terms").text


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({}, "Write what it is called, in at least one language."),
        ({"label_en": "verdun"}, "This list has an answer of this name already."),
        ({"label_es": "kahnawa:ke"}, "Another of your terms in this list has this name."),
        ({"label_en": "Elsewhere", "parent": "unknown"}, "Choose the answer that this one belongs under."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_stays(
    founded: Founded, texts: dict[str, str], said: str
) -> None:
    """The form comes back with all that was written."""
    add(founded)
    data = {"list_name": "place", "parent": "other", "label_fr": "Un nom", **texts}
    if not texts:
        data["label_fr"] = ""
    answer = founded.client(COORDINATOR).post("/terms/new", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert (data["label_fr"] in answer.text) and (data.get("label_en", "") in answer.text)


def test_a_term_is_renamed_retired_and_brought_back(founded: Founded) -> None:
    """Each deed leads back to the list; who read an older version sees both."""
    term_id, client = add(founded), founded.client(COORDINATOR)
    answer = client.post(f"/terms/{term_id}", data={"version": "1", "label_en": "Kahnawake"})
    assert answer.headers["Location"] == "/terms#place"
    late = client.post(f"/terms/{term_id}", data={"version": "1", "label_en": "Another"})
    assert (late.status_code, "Kahnawake" in late.text, "Another" in late.text) == (409, True, True)
    client.post(f"/terms/{term_id}/retire", data={"version": "2", "retired": "1"})
    assert ownterms.get_term(founded.context(), term_id).term.state == RETIRED
    page = client.post(
        f"/terms/{term_id}/retire", data={"version": "3", "retired": "0"}, follow_redirects=True
    )
    assert "Term back in use." in page.text


def test_a_merge_is_taken_back(founded: Founded) -> None:
    """Records show the other term meanwhile."""
    first, second, client = add(founded), add(founded, "Kahnawake reserve"), founded.client(COORDINATOR)
    add(founded, "Crawford Park", parent="verdun")
    logged = log(founded, first)
    page = client.get(f"/terms/{first}/merge").text
    assert "Kahnawake reserve" in page and "Crawford Park" not in page
    empty = client.post(f"/terms/{first}/merge", data={"version": "1", "into": ""})
    assert (empty.status_code, "Choose another term in use" in empty.text) == (422, True)
    client.post(f"/terms/{first}/merge", data={"version": "1", "into": second.hex})
    assert ownterms.get_term(founded.context(), first).term.state == MERGED
    assert "Kahnawake reserve" in founded.client(CASEWORKER).get(f"/cases/{logged.case_id}").text
    client.post(f"/terms/{first}/retire", data={"version": "2", "retired": "0"})
    assert "Kahnawà:ke" in founded.client(CASEWORKER).get(f"/cases/{logged.case_id}").text


def test_a_form_offers_terms_in_use_and_choosing_one_chooses_its_parent(founded: Founded) -> None:
    """Beside their parents, in the form of an incident and the quick one; a retired one is not offered."""
    term_id, retired = add(founded), add(founded, "Oka")
    ownterms.retire_term(founded.context(), retired, 1, True)
    client = founded.client(CASEWORKER)
    value = f"other~{term_id.hex}"
    for address in ("/incidents/new?form=" + "a" * 32, "/incidents/new?view=quick&form=" + "b" * 32):
        page = client.get(address).text
        assert f'value="{value}"' in page
        assert "Oka" not in page
        select = page[page.index('name="place"') :]
        assert select.index(value) < select.index('<option value="other">')
    page = client.get("/incidents/new?form=" + "c" * 32).text
    answer = client.post("/incidents/new", data=parse_form(page) | _ASKED | {"place": value})
    assert answer.status_code == 302, answer.text
    (line,) = founded.runtime.casebook.facts(
        founded.context(CASEWORKER).keyring, founded.runtime.now_seconds()
    ).incidents.values()
    assert term_of(founded, line.id) == ("other", (term_id,))


_ASKED = {
    "precision": "unknown",
    "police_service": "spvm",
    "contact_type": "traffic_stop",
    "view": "",
}


@pytest.mark.parametrize("fate", ["active", "retired", "merged"])
def test_saving_a_form_loses_no_term_whatever_became_of_it(founded: Founded, fate: str) -> None:
    """A retired one is still shown and kept; a merged one is shown as the other one, and kept as it was."""
    term_id, other = add(founded), add(founded, "Kahnawake reserve")
    logged = log(founded, term_id)
    if fate == "retired":
        ownterms.retire_term(founded.context(), term_id, 1, True)
    if fate == "merged":
        ownterms.merge_term(founded.context(), term_id, 1, other)
    client = founded.client(CASEWORKER)
    page = client.get(f"/incidents/{logged.incident_id}").text
    shown = "Kahnawake reserve" if fate == "merged" else "Kahnawà:ke"
    assert re.search(rf'<option selected value="other~{term_id.hex}">\s*{shown}', page)
    answer = client.post(f"/incidents/{logged.incident_id}", data=parse_form(page) | {"text": "More."})
    assert answer.status_code == 302, answer.text
    assert term_of(founded, logged.incident_id) == ("other", (term_id,))
    page = client.get(f"/incidents/{logged.incident_id}").text
    client.post(f"/incidents/{logged.incident_id}", data=parse_form(page) | {"place": "other"})
    assert term_of(founded, logged.incident_id) == ("other", ())


def test_a_term_that_is_none_is_refused_at_its_field(founded: Founded) -> None:
    """Whatever a browser sends."""
    client = founded.client(CASEWORKER)
    page = client.get("/incidents/new?form=" + "c" * 32).text
    for value in ("other~", "other~secret", f"other~{'0' * 32}", f"~{'0' * 32}"):
        answer = client.post("/incidents/new", data=parse_form(page) | _ASKED | {"place": value})
        assert answer.status_code == 422
        assert 'id="place-fault"' in answer.text


def test_two_who_change_one_answer_are_asked_with_their_terms(founded: Founded) -> None:
    """The own label stands in both versions, and who decides keeps the term."""
    first, second = add(founded), add(founded, "Kanesatake")
    logged = log(founded, first)
    client = founded.client(CASEWORKER)
    mine, theirs = (parse_form(client.get(f"/incidents/{logged.incident_id}").text) for _ in range(2))
    client.post(f"/incidents/{logged.incident_id}", data=theirs | {"place": f"other~{second.hex}"})
    page = client.post(f"/incidents/{logged.incident_id}", data=mine | {"place": "verdun"})
    assert page.status_code == 409
    assert "Kanesatake" in page.text
    page = client.post(f"/incidents/{logged.incident_id}", data=mine | {"exact_place": "The corner"})
    assert page.status_code == 302
    assert term_of(founded, logged.incident_id) == ("other", (second,))


def test_the_label_is_shown_wherever_the_answer_is(founded: Founded) -> None:
    """The page of the case, lists of cases and incidents, its history; the code stays in files, beside it."""
    drone = add(founded, "Drone overhead", "contact_type")
    draft = incident_draft()
    answers = {**draft.answers, "contact_type": "other"}
    logged = incidents.log_incident(
        founded.context(CASEWORKER),
        replace(draft, answers=answers, own_terms=choose_terms({"contact_type": [drone]})),
    )
    client = founded.client(CASEWORKER)
    for address in (f"/cases/{logged.case_id}", "/cases", "/incidents", "/"):
        assert "Drone overhead" in client.get(address).text, address
    place = add(founded)
    page = client.get(f"/incidents/{logged.incident_id}").text
    client.post(f"/incidents/{logged.incident_id}", data=parse_form(page) | {"place": f"other~{place.hex}"})
    page = client.get(f"/incidents/{logged.incident_id}").text
    other = add(founded, "Kanesatake")
    client.post(f"/incidents/{logged.incident_id}", data=parse_form(page) | {"place": f"other~{other.hex}"})
    history = client.get(f"/cases/{logged.case_id}/history").text
    assert "Kahnawà:ke" in history and "Kanesatake" in history
    assert place.hex not in history and "own_terms" not in history


def test_a_person_keeps_a_term_through_their_form_and_a_merge(founded: Founded) -> None:
    """Two records that differ in the term alone are asked about; the proposal is the finer answer."""
    haiti = add(founded, "Haiti", "region_of_origin", "caribbean")
    own = choose_terms({"region_of_origin": [haiti]})
    facts = PersonFacts(region_of_origin="caribbean")
    people = tuple(
        PersonDraft(identity=PersonIdentity(name=name), facts=each, roles=("not_asked",))
        for name, each in (("Ana", replace(facts, own_terms=own)), ("Anna", facts))
    )
    logged = incidents.log_incident(founded.context(CASEWORKER), replace(incident_draft(), people=people))
    client, (ana, anna) = founded.client(CASEWORKER), logged.people
    address = f"/cases/{logged.case_id}/people/{ana}"
    page = client.get(address).text
    assert client.post(address, data=parse_form(page) | {"note": "Calls."}).status_code == 302
    kept = cases.get_person(founded.context(CASEWORKER), logged.case_id, ana).person.facts
    assert kept.own_terms == own
    view = get_merge(founded.context(CASEWORKER), ana, anna)
    assert view.is_of_one_case
    page = client.get(f"/people/{ana}/merge/{anna}").text
    assert "Haiti" in page and "Caribbean" in page
    chosen = {"left_version": "2", "right_version": "1", "name": "left", "note": "left"}
    answer = client.post(f"/people/{ana}/merge/{anna}", data=chosen | {"region_of_origin": "left"})
    assert answer.status_code == 302, answer.text
    (person,) = cases.get_case(founded.context(CASEWORKER), logged.case_id).people
    assert person.facts.own_terms == own


def test_the_next_of_a_series_keeps_the_own_service_while_it_is_in_use(founded: Founded) -> None:
    """To log another takes the service over as it was chosen; a retired one as its parent."""
    service = add(founded, "Kahnawake Peacekeepers", "police_service")
    own = choose_terms({"police_service": [service]})
    draft = incident_draft()
    draft = replace(draft, own_terms=own, answers={**draft.answers, "police_service": "other"})
    logged = incidents.log_incident(founded.context(CASEWORKER), draft)
    client, path = founded.client(CASEWORKER), f"/incidents/new?like={logged.incident_id.hex}"

    def offered() -> list[str]:
        return read_form(client, client.get(path).headers["Location"])["police_service"]

    assert offered() == [f"other~{service.hex}"]
    ownterms.retire_term(founded.context(), service, 1, True)
    assert offered() == ["other"]
