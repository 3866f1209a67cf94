"""An organization's own terms: added, renamed, retired, merged, counted; and what records keep of them."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from casework.domain.incident import IncidentFacts
from casework.domain.ownterm import ACTIVE, MERGED, RETIRED, Chosen, choose_terms
from casework.domain.person import PersonFacts, PersonIdentity
from casework.domain.vocabulary import CodeList
from casework.errors import Conflict, Forbidden, Invalid, NotFound, VaultError
from casework.services import cases, incidents, ownterms
from casework.services.context import Context
from casework.services.participants import PersonDraft
from casework.store import ownterms as store
from casework.store.database import db
from tests.support.application import ADVOCATE, CASEWORKER, Founded
from tests.support.records import incident_draft

KAHNAWAKE = {"en": "Kahnawà:ke", "fr": "Kahnawake"}


def add(founded: Founded, list_name: str = "place", parent: str = "other", **labels: str) -> UUID:
    """Add a term as the coordinator."""
    return ownterms.add_term(founded.context(), list_name, parent, labels or KAHNAWAKE).id


def log(founded: Founded, own: Chosen, **answers: str | tuple[str, ...]) -> incidents.Logged:
    """Log an incident with these own terms and answers."""
    draft = incident_draft()
    draft = replace(draft, answers={**draft.answers, **answers}, own_terms=own)
    return incidents.log_incident(founded.context(CASEWORKER), draft)


def at(term_id: UUID) -> Chosen:
    """Give an own term as chosen for a place."""
    return choose_terms({"place": [term_id]})


def facts_of(context: Context, incident_id: UUID) -> IncidentFacts:
    """Open an incident's facts."""
    return incidents.get_incident(context, incident_id).facts


def test_an_added_term_is_listed_as_written(founded: Founded) -> None:
    """Every member reads it, who only sees statistics too; the languages left out fall back."""
    term_id = add(founded)
    for member in (CASEWORKER, ADVOCATE):
        view = ownterms.get_term(founded.context(member), term_id)
        assert view in ownterms.list_terms(founded.context(member))
        assert (view.version, view.term.list_name, view.term.parent, view.term.state) == (
            1,
            "place",
            "other",
            ACTIVE,
        )
        assert [view.term.label(code) for code in ("en", "fr", "es")] == [
            "Kahnawà:ke",
            "Kahnawake",
            "Kahnawà:ke",
        ]


@pytest.mark.parametrize(
    ("list_name", "parent", "labels", "field"),
    [
        ("place", "other", {"fr": " VERDUN "}, "label_fr"),
        ("police_service", "other", {"en": "Montreal police"}, "label_en"),
        ("place", "other", {"es": "kahnawa:ke"}, "label_es"),
        ("place", "other", {}, "label_en"),
        ("place", "unknown", {"en": "Nowhere"}, "parent"),
        ("place", "atlantis", {"en": "Nowhere"}, "parent"),
        ("case_status", "open", {"en": "Half open"}, "list_name"),
        ("place", "other", {"en": "x" * 81}, "label_en"),
    ],
)
def test_what_cannot_be_added_says_which_field(
    founded: Founded, list_name: str, parent: str, labels: dict[str, str], field: str
) -> None:
    """A shipped label or alias, one of another own term, in any language; accents and case do not count."""
    add(founded)
    with pytest.raises(Invalid) as invalid:
        ownterms.add_term(founded.context(), list_name, parent, labels)
    assert set(invalid.value.faults) == {field}


def test_a_rename_keeps_the_records_and_the_older_version_loses(founded: Founded) -> None:
    """A term may keep one of its own names while another changes."""
    term_id = add(founded)
    ownterms.rename_term(founded.context(), term_id, 1, {"en": "Kahnawà:ke", "es": "Kahnawake"})
    term = ownterms.get_term(founded.context(), term_id).term
    assert (term.label_en, term.label_fr, term.label_es) == ("Kahnawà:ke", "", "Kahnawake")
    with pytest.raises(Conflict):
        ownterms.rename_term(founded.context(), term_id, 1, {"en": "Another"})
    with pytest.raises(NotFound):
        ownterms.rename_term(founded.context(), uuid4(), 1, {"en": "Another"})


def test_only_coordinators_keep_the_lists(founded: Founded) -> None:
    """A caseworker chooses terms and adds none."""
    term_id, context = add(founded), founded.context(CASEWORKER)
    for deed in (
        lambda: ownterms.add_term(context, "place", "other", {"en": "Elsewhere"}),
        lambda: ownterms.rename_term(context, term_id, 1, {"en": "Elsewhere"}),
        lambda: ownterms.retire_term(context, term_id, 1, True),
        lambda: ownterms.merge_term(context, term_id, 1, uuid4()),
    ):
        with pytest.raises(Forbidden):
            deed()


def test_an_incident_keeps_the_parent_as_its_answer_and_the_term_beside_it(founded: Founded) -> None:
    """Who counts codes sees the parent; the coordinator sees how many records carry the term."""
    term_id = add(founded)
    logged = log(founded, at(term_id), place="other")
    facts = facts_of(founded.context(), logged.incident_id)
    assert (facts.place, facts.own_terms) == ("other", at(term_id))
    assert ownterms.count_records(founded.context())[term_id] == 1


def test_a_term_goes_where_its_parent_is_no_answer_any_more(founded: Founded) -> None:
    """Also where the answer goes with a step of the pathway that is removed."""
    term_id = add(founded)
    logged = log(founded, at(term_id), place="verdun")
    assert facts_of(founded.context(), logged.incident_id).own_terms == ()
    drone = add(founded, "consequence", "other", en="Lost their dog")
    logged = log(founded, choose_terms({"consequences": [drone]}), consequences=("other",))
    context = founded.context(CASEWORKER)
    view = incidents.get_incident(context, logged.incident_id)
    changed = replace(incident_draft(), answers={**incident_draft().answers, "consequences": ("job_loss",)})
    changed = replace(changed, own_terms=view.facts.own_terms)
    incidents.change_incident(context, logged.incident_id, view.version, changed)
    assert facts_of(context, logged.incident_id).own_terms == ()


def test_a_retired_term_stays_where_it_is_and_is_chosen_for_nothing_else(founded: Founded) -> None:
    """Brought back, it is offered again."""
    term_id, context = add(founded), founded.context(CASEWORKER)
    logged = log(founded, at(term_id), place="other")
    ownterms.retire_term(founded.context(), term_id, 1, True)
    assert ownterms.get_term(context, term_id).term.state == RETIRED
    with pytest.raises(Invalid) as invalid:
        log(founded, at(term_id), place="other")
    assert set(invalid.value.faults) == {"place"}
    draft = replace(incident_draft(), own_terms=at(term_id))
    draft = replace(draft, answers={**draft.answers, "place": "other"})
    incidents.change_incident(context, logged.incident_id, 1, draft)
    assert facts_of(context, logged.incident_id).own_terms == at(term_id)
    ownterms.retire_term(founded.context(), term_id, 2, False)
    log(founded, at(term_id), place="other")


def test_a_merged_term_reads_as_the_other_and_comes_back(founded: Founded) -> None:
    """Over several merges; no record is written, and its name is free meanwhile."""
    first, second = add(founded), add(founded, en="Kahnawake reserve")
    third = add(founded, en="The Mohawk town")
    log(founded, at(first), place="other")
    ownterms.merge_term(founded.context(), first, 1, second)
    ownterms.merge_term(founded.context(), second, 1, third)
    book = ownterms.get_term_book(founded.context(CASEWORKER))
    assert book.stands_for(first) == third
    assert book.say("place", "other", [first], "en") == [("other", "The Mohawk town")]
    assert ownterms.get_term(founded.context(), first).term.state == MERGED
    assert ownterms.count_records(founded.context())[first] == 1
    fourth = add(founded)
    with pytest.raises(Invalid) as invalid:
        ownterms.retire_term(founded.context(), first, 2, False)
    assert set(invalid.value.faults) == {"label_en", "label_fr"}
    ownterms.rename_term(founded.context(), fourth, 1, {"en": "Another town"})
    ownterms.retire_term(founded.context(), first, 2, False)
    assert ownterms.get_term_book(founded.context()).stands_for(first) == first


def test_a_term_is_merged_into_one_in_use_below_the_same_answer(founded: Founded) -> None:
    """Else the answers of its records would have to change, and with them what was counted."""
    first, elsewhere = add(founded), add(founded, parent="verdun", en="Crawford Park")
    other_list, retired = add(founded, "contact_type", en="Drone"), add(founded, en="Kanesatake")
    ownterms.retire_term(founded.context(), retired, 1, True)
    for into in (first, elsewhere, other_list, retired, uuid4()):
        with pytest.raises(Invalid) as invalid:
            ownterms.merge_term(founded.context(), first, 1, into)
        assert set(invalid.value.faults) == {"into"}
    second = add(founded, en="Kahnawake reserve")
    ownterms.merge_term(founded.context(), first, 1, second)
    with pytest.raises(Invalid) as invalid:
        ownterms.retire_term(founded.context(), first, 2, True)
    assert set(invalid.value.faults) == {"state"}


def test_a_term_of_another_list_is_not_taken(founded: Founded) -> None:
    """Nor one that nobody added, nor two where there is one answer."""
    drone, one, two = add(founded, "contact_type", en="Drone"), add(founded), add(founded, en="Kanesatake")
    for chosen in (at(drone), at(uuid4()), choose_terms({"place": [one, two]})):
        with pytest.raises(Invalid) as invalid:
            log(founded, chosen, place="other")
        assert set(invalid.value.faults) == {"place"}


def test_a_person_keeps_terms_as_an_incident_does(founded: Founded) -> None:
    """Somebody new and somebody changed; a term whose parent is no answer goes."""
    haiti = add(founded, "region_of_origin", "caribbean", en="Haiti")
    own = choose_terms({"region_of_origin": [haiti]})
    person = PersonDraft(
        identity=PersonIdentity(name="Ana"),
        facts=PersonFacts(region_of_origin="caribbean", own_terms=own),
        roles=("not_asked",),
    )
    context = founded.context(CASEWORKER)
    logged = incidents.log_incident(context, replace(incident_draft(), people=(person,)))
    (person_id,) = logged.people
    kept = cases.get_person(context, logged.case_id, person_id).person
    assert kept.facts.own_terms == own
    assert ownterms.count_records(founded.context())[haiti] == 1
    moved = replace(kept.facts, region_of_origin="south_america")
    cases.change_person(context, logged.case_id, person_id, kept.version, moved, kept.identity)
    assert cases.get_person(context, logged.case_id, person_id).person.facts.own_terms == ()


def test_a_term_that_a_later_version_ships_can_still_go(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is retired, and its other labels change; only its own name cannot be taken anew."""
    term_id = add(founded, en="Kahnawake", fr="Kahnawake")
    monkeypatch.setattr(CodeList, "has_word", lambda _list, text: text == "Kahnawake")
    ownterms.rename_term(founded.context(), term_id, 1, {"en": "Kahnawake", "fr": "Kahnawà:ke"})
    ownterms.retire_term(founded.context(), term_id, 2, True)
    with pytest.raises(Invalid) as refused:
        ownterms.retire_term(founded.context(), term_id, 3, False)
    assert set(refused.value.faults) == {"label_en"}


def test_a_damaged_term_closes_no_form(founded: Founded) -> None:
    """Whatever is wrong with one of them, records are read with the others; the list itself says so."""
    damaged, sound = add(founded, en="Kahnawake"), add(founded, en="Kanesatake")
    row = db.session.get(store.OwnTerm, damaged)
    assert row is not None
    row.definition_sealed = row.definition_sealed[:-1] + bytes([row.definition_sealed[-1] ^ 1])
    db.session.commit()
    assert set(ownterms.get_term_book(founded.context()).terms) == {sound}
    with pytest.raises(VaultError):
        ownterms.list_terms(founded.context())
