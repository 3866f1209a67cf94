"""Two records of one person made into one: previewed, done, counted once, taken back exactly."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from casework.domain.incident import Participation
from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.errors import Conflict, Forbidden, Invalid, NotFound
from casework.services import acts, bin, cases, erasing, holding
from casework.services.context import Context
from casework.services.duplicates.deciding import tell_apart, tell_same
from casework.services.duplicates.reviewing import list_elsewhere, review
from casework.services.followups.purging import purge_some
from casework.services.followups.reading import get_follow_up
from casework.services.followups.writing import (
    add_follow_up,
    change_follow_up,
    delete_follow_up,
    restore_follow_up,
)
from casework.services.incidents import Logged, PersonDraft, change_incident, get_incident, log_incident
from casework.services.merging.merging import get_merge, merge
from casework.services.merging.purging import purge_people
from casework.services.merging.undoing import undo_merge
from casework.services.restricted.restricting import choose_access
from casework.store.cases import Person, find_record, list_person_rows
from casework.store.database import db
from casework.store.followups import list_follow_ups
from casework.store.links import find_link, list_links
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import act_draft, detention_draft, incident_draft, person_draft
from tests.support.times import later

NAIMA = PersonIdentity(name="Naïma Benali", birth_date="1988-03-14", phone="514 555-0199")
AGAIN = PersonIdentity(name="BENALI Naima", birth_date="14/03/1988", uci="1122-3344")
OTHER = PersonIdentity(name="Wendell Toussaint")
MADE = PersonIdentity(name="Naïma Benali", birth_date="1988-03-14", phone="514 555-0199", uci="1122-3344")
FACTS = PersonFacts(gender="woman", consents={"statistics": Consent("given")})


def _log(founded: Founded, *named: PersonIdentity, **access: Any) -> Logged:
    people = tuple(replace(person_draft(), identity=one) for one in named)
    return log_incident(founded.context(CASEWORKER), incident_draft(people=people, **access))


def _merge(context: Context, one: UUID, other: UUID) -> UUID:
    view = get_merge(context, one, other)
    versions = view.left.told.person.version, view.right.told.person.version
    return merge(context, (one, other), versions, FACTS, MADE)


def _in_one_case(founded: Founded) -> tuple[Logged, UUID, UUID]:
    """Log somebody twice in one case: together in one incident, alone in another and in a follow-up."""
    first, context = _log(founded, NAIMA, AGAIN, OTHER), founded.context(CASEWORKER)
    again = first.people[1]
    acts.record_act(context, first.incident_id, act_draft(people=(again, first.people[2])))
    follow_up = add_follow_up(context, first.case_id, detention_draft(person=again))
    alone = incident_draft(people=(PersonDraft(person_id=again, roles=("witness",)),))
    return first, log_incident(context, alone, first.case_id).incident_id, follow_up


def _whole(context: Context, *case_ids: UUID) -> list[Any]:
    """Return all that the cases say, without the versions of their rows."""
    told: list[Any] = []
    for case_id in case_ids:
        case = cases.get_case(context, case_id)
        told.append({person.id: (person.facts, person.identity) for person in case.people})
        told.append({one.id: (one.facts, one.narrative) for one in case.incidents})
    return told


def _identities(people: Sequence[UUID]) -> list[bytes]:
    db.session.expire_all()
    rows = [find_record(Person, person_id) for person_id in people]
    return [row.identity_sealed for row in rows if row is not None]


def _names(context: Context, case_id: UUID) -> list[str]:
    return [person.identity.name for person in cases.get_case(context, case_id).people]


def test_both_are_shown_side_by_side_with_what_names_them(founded: Founded) -> None:
    """Before anything is done; the reading of each case is an audit entry."""
    first, _second, _follow_up = _in_one_case(founded)
    view = get_merge(founded.context(COLLEAGUE), *first.people[:2])
    assert (view.left.told.person.identity, view.right.told.person.identity) == (NAIMA, AGAIN)
    assert (view.incidents, view.follow_ups) == (2, 1)
    assert view.is_of_one_case and not view.refusal


def test_in_one_case_a_third_record_stands_for_both(founded: Founded) -> None:
    """Incidents, acts and follow-ups name it; whoever was in an incident twice is in it once."""
    first, second, follow_up = _in_one_case(founded)
    context, (naima, again, wendell) = founded.context(CASEWORKER), first.people
    made = _merge(context, naima, again)
    assert _names(context, first.case_id) == ["Naïma Benali", "Wendell Toussaint"]
    facts = get_incident(context, first.incident_id).facts
    assert facts.participations == (
        Participation(made, ("passenger",)),
        Participation(wendell, ("passenger",)),
    )
    assert set(facts.acts[0].people) == {made, wendell}
    assert get_incident(context, second).facts.participations == (Participation(made, ("witness",)),)
    assert get_follow_up(context, first.case_id, follow_up).view.facts.person == made
    person = cases.get_person(context, first.case_id, made).person
    assert (person.identity, replace(person.facts, merged=None)) == (MADE, FACTS)
    assert review(context).pairs == []


def test_undoing_it_restores_everything_as_it_was(founded: Founded) -> None:
    """Every answer and word; who they are was not even sealed anew."""
    first, _second, follow_up = _in_one_case(founded)
    context, pair = founded.context(CASEWORKER), first.people[:2]

    def say() -> list[Any]:
        return [*_whole(context, first.case_id), get_follow_up(context, first.case_id, follow_up).view.facts]

    before, sealed = say(), _identities(pair)
    undo_merge(founded.context(COLLEAGUE), first.case_id, _merge(context, *pair))
    assert (say(), _identities(pair)) == (before, sealed)
    again = _merge(context, *pair)
    undo_merge(context, first.case_id, again)
    assert say() == before
    assert len(list_person_rows(first.case_id)) == 5  # what was made twice lies aside, to go


def test_of_two_cases_each_gets_a_record_and_both_are_linked(founded: Founded) -> None:
    """Each case says what is known, and keeps its own; undo takes both back."""
    one, other, third = _log(founded, NAIMA), _log(founded, AGAIN), _log(founded, OTHER)
    context = founded.context(CASEWORKER)
    tell_same(context, one.people[0], other.people[0])
    tell_same(context, one.people[0], third.people[0])
    before, links = _whole(context, one.case_id, other.case_id), sorted(list_links())
    made = _merge(context, one.people[0], other.people[0])
    (twin,) = (person for person in cases.get_case(context, other.case_id).people)
    assert (twin.identity, replace(twin.facts, merged=None)) == (MADE, FACTS)
    elsewhere = {person for person, _case, _reference in list_elsewhere(context, one.case_id)[made]}
    assert elsewhere == {twin.id, third.people[0]}
    assert {person.id for person in cases.get_case(context, one.case_id).people} == {made}
    undo_merge(context, other.case_id, twin.id)
    assert _whole(context, one.case_id, other.case_id) == before
    assert sorted(list_links()) == links


def test_each_of_two_cases_keeps_what_it_says_of_its_time(founded: Founded) -> None:
    """An age, a status: all else is said in both; of one case there is one answer."""
    one, other = _log(founded, NAIMA), _log(founded, AGAIN, OTHER)
    context = founded.context(CASEWORKER)
    for logged, age in ((one, "18_24"), (other, "25_34")):
        told = cases.get_person(context, logged.case_id, logged.people[0]).person
        facts = replace(told.facts, age_band=age, immigration_status="citizen")
        cases.change_person(context, logged.case_id, told.id, told.version, facts, told.identity)
    pair = one.people[0], other.people[0]
    merge(context, pair, (2, 2), replace(FACTS, immigration_status="citizen"), MADE, ["age_band", "gender"])
    for logged, age in ((one, "18_24"), (other, "25_34")):
        (facts,) = (
            person.facts
            for person in cases.get_case(context, logged.case_id).people
            if person.identity == MADE
        )
        assert (facts.age_band, facts.immigration_status, facts.gender) == (age, "citizen", FACTS.gender)


def test_what_was_said_of_either_is_said_of_the_one(founded: Founded) -> None:
    """Same or not the same as somebody elsewhere; that it was said of either suffices."""
    first, _second, _follow_up = _in_one_case(founded)
    same, different = _log(founded, OTHER), _log(founded, NAIMA)
    context = founded.context(CASEWORKER)
    tell_same(context, first.people[0], same.people[0])
    tell_apart(context, first.people[1], different.people[0])
    made = _merge(context, *first.people[:2])
    assert [find_link(made, one.people[0]).is_same for one in (same, different)] == [True, False]  # type: ignore[union-attr]


def test_a_merged_record_can_be_merged_again_and_both_be_undone(founded: Founded) -> None:
    """In turn; the older one not while the newer stands."""
    first = _log(founded, NAIMA, AGAIN, OTHER)
    context = founded.context(CASEWORKER)
    before = _whole(context, first.case_id)
    made = _merge(context, *first.people[:2])
    whole = _merge(context, made, first.people[2])
    assert _names(context, first.case_id) == ["Naïma Benali"]
    with pytest.raises(NotFound):
        undo_merge(context, first.case_id, made)
    undo_merge(context, first.case_id, whole)
    undo_merge(context, first.case_id, made)
    assert _whole(context, first.case_id) == before


@pytest.mark.parametrize("change", ["person", "incident", "act", "follow_up", "link", "named"])
def test_it_is_not_undone_over_a_later_change(founded: Founded, change: str) -> None:
    """Whoever was changed, an incident or follow-up that names them, or what was said of them."""
    first, _second, follow_up = _in_one_case(founded)
    context, case_id = founded.context(CASEWORKER), first.case_id
    made = _merge(context, *first.people[:2])
    person = cases.get_person(context, case_id, made).person
    if change == "person":
        cases.change_person(context, case_id, made, person.version, FACTS, OTHER)
    elif change == "incident":
        view = get_incident(context, first.incident_id)
        people = (PersonDraft(person_id=made, roles=("driver",)),)
        draft = incident_draft(people=people)
        draft = replace(draft, answers={**draft.answers, "cbsa_actions": ("attended",)})
        change_incident(context, view.id, view.version, draft)
    elif change == "act":
        acts.record_act(context, first.incident_id, act_draft("cbsa_action:removed", people=(made,)))
    elif change == "follow_up":
        change_follow_up(context, case_id, follow_up, 2, detention_draft())
    elif change == "link":
        tell_same(context, made, _log(founded, OTHER).people[0])
    else:
        add_follow_up(context, case_id, detention_draft(person=made))
    before = _whole(context, case_id)
    with pytest.raises(Invalid) as invalid:
        undo_merge(context, case_id, made)
    assert set(invalid.value.faults) == {"merge"}
    assert _whole(context, case_id) == before


def test_what_does_not_touch_who_is_named_stays_after_the_undo(founded: Founded) -> None:
    """Words, answers and patterns of an incident may have been written since; they are kept."""
    first, _second, follow_up = _in_one_case(founded)
    context, case_id = founded.context(CASEWORKER), first.case_id
    made = _merge(context, *first.people[:2])
    view = get_incident(context, first.incident_id)
    told = replace(view.facts, contact_type="ticket", cbsa_actions=("attended",))
    people = tuple(PersonDraft(person_id=one.person_id, roles=one.roles) for one in told.participations)
    draft = incident_draft("Told anew.", people=people)
    draft = replace(
        draft, answers={"contact_type": "ticket", "police_service": "spvm", "cbsa_actions": ("attended",)}
    )
    change_incident(context, view.id, view.version, draft)
    delete_follow_up(context, case_id, follow_up)
    undo_merge(context, case_id, made)
    now = get_incident(context, first.incident_id)
    assert (now.narrative.text, now.facts.contact_type) == ("Told anew.", "ticket")
    assert [part.person_id for part in now.facts.participations] == list(first.people)
    restore_follow_up(context, case_id, follow_up)
    assert get_follow_up(context, case_id, follow_up).view.facts.person == first.people[1]


def test_what_was_deleted_for_good_is_no_change(founded: Founded) -> None:
    """A follow-up that lay deleted before the merge, and went for good after it."""
    first, _second, follow_up = _in_one_case(founded)
    context, days = founded.context(CASEWORKER), founded.runtime.limits.bin_days
    delete_follow_up(context, first.case_id, follow_up)
    before = _whole(context, first.case_id)
    made = _merge(later(context, days), *first.people[:2])
    purge_some(later(context, days + 1))
    assert list_follow_ups(first.case_id) == []
    undo_merge(later(context, days + 1), first.case_id, made)
    assert _whole(context, first.case_id) == before


def test_no_link_leads_over_what_lies_aside(founded: Founded) -> None:
    """Who is told apart from a merged record is not joined with it by what was said of the older ones."""
    first, third, refusing = _log(founded, NAIMA, AGAIN), _log(founded, OTHER), _log(founded, OTHER)
    context, no = founded.context(CASEWORKER), refusing.people[0]
    for other in (third.people[0], no):
        tell_same(context, first.people[0], other)
    made = _merge(context, *first.people)
    facts = PersonFacts(consents={"statistics": Consent("refused")})
    cases.change_person(context, refusing.case_id, no, 1, facts, OTHER)
    assert cases.get_person(context, first.case_id, made).person.facts.is_overruled
    tell_apart(context, made, no)
    assert not cases.get_person(context, first.case_id, made).person.facts.is_overruled
    assert [person for person, _, _ in list_elsewhere(context, first.case_id)[made]] == [third.people[0]]


def test_a_form_from_before_the_merge_meets_it(founded: Founded) -> None:
    """It is a lost race: nothing is saved over the merged record unseen, and then it can be."""
    first, _second, _follow_up = _in_one_case(founded)
    context, again = founded.context(CASEWORKER), first.people[1]
    version = cases.get_person(context, first.case_id, again).person.version
    made = _merge(context, *first.people[:2])
    with pytest.raises(Conflict):
        cases.change_person(context, first.case_id, again, version, FACTS, OTHER)
    now = cases.get_person(context, first.case_id, again).person
    assert now.id == made
    cases.change_person(context, first.case_id, again, now.version, FACTS, OTHER)
    assert cases.get_person(context, first.case_id, made).person.identity == OTHER


def test_a_form_from_before_the_undo_meets_the_first_record(founded: Founded) -> None:
    """It is a lost race too, whatever versions both had; and the way from record to record ends."""
    first, context = _log(founded, NAIMA, AGAIN), founded.context(CASEWORKER)
    naima, again = first.people
    for version in (1, 2):
        cases.change_person(context, first.case_id, again, version, FACTS, replace(OTHER, note=str(version)))
    made = _merge(context, naima, again)
    version = cases.get_person(context, first.case_id, made).person.version
    undo_merge(context, first.case_id, made)
    now = cases.get_person(context, first.case_id, made).person
    assert (now.id, now.identity) == (naima, NAIMA)
    with pytest.raises(Conflict):
        cases.change_person(context, first.case_id, made, version, FACTS, OTHER)
    cases.change_person(context, first.case_id, made, now.version, FACTS, OTHER)
    newer = _merge(context, naima, again)
    assert cases.get_person(context, first.case_id, made).person.id == newer
    undo_merge(context, first.case_id, newer)
    purge_people(later(context, founded.runtime.limits.bin_days + 1))
    with pytest.raises(NotFound):
        cases.get_person(context, first.case_id, made)


def test_versions_that_were_not_read_are_refused(founded: Founded) -> None:
    """Somebody changed one of both since the preview."""
    one, other = _log(founded, NAIMA), _log(founded, AGAIN)
    people = one.people[0], other.people[0]
    with pytest.raises(Conflict):
        merge(founded.context(CASEWORKER), people, (1, 2), FACTS, MADE)


@pytest.mark.parametrize("held", [0, 1])
def test_legal_hold_blocks_it_and_its_undo(founded: Founded, held: int) -> None:
    """Of either case."""
    one, other = _log(founded, NAIMA), _log(founded, AGAIN)
    context, coordinator = founded.context(CASEWORKER), founded.context(COORDINATOR)
    case_id = (one, other)[held].case_id
    made = _merge(context, one.people[0], other.people[0])
    holding.hold_case(coordinator, case_id, 1)
    with pytest.raises(Invalid):
        undo_merge(context, one.case_id, made)
    holding.release_case(coordinator, case_id, 2)
    undo_merge(context, one.case_id, made)
    holding.hold_case(coordinator, case_id, 3)
    assert "hold" in get_merge(context, one.people[0], other.people[0]).refusal
    with pytest.raises(Invalid):
        _merge(context, one.people[0], other.people[0])


@pytest.mark.parametrize("access", ["team_only", "restricted"])
def test_cases_that_open_to_different_people_are_not_merged(founded: Founded, access: str) -> None:
    """Only once both open to the same ones: what is in one would show in the other."""
    context, me = founded.context(CASEWORKER), founded.players[CASEWORKER].id
    one, other = _log(founded, NAIMA), _log(founded, AGAIN, team=frozenset({me}), **{access: True})
    pair = one.people[0], other.people[0]
    assert get_merge(context, *pair).refusal
    with pytest.raises(Invalid):
        _merge(context, *pair)
    for decide in (get_merge, _merge):
        with pytest.raises(NotFound):
            decide(founded.context(COLLEAGUE), *pair)
    choose_access(context, one.case_id, 1, frozenset({me}), **{access: True})
    made = _merge(context, *pair)
    assert _names(context, one.case_id) == _names(context, other.case_id) == ["Naïma Benali"]
    with pytest.raises(NotFound):
        undo_merge(founded.context(COLLEAGUE), one.case_id, made)


def test_new_keys_for_a_case_keep_what_lies_aside(founded: Founded) -> None:
    """A case that becomes restricted after a merge: undo still opens both."""
    one, other = _log(founded, NAIMA), _log(founded, AGAIN)
    context, me = founded.context(CASEWORKER), frozenset({founded.players[CASEWORKER].id})
    before = _whole(context, one.case_id, other.case_id)
    made = _merge(context, one.people[0], other.people[0])
    choose_access(context, one.case_id, 1, me, restricted=True)
    undo_merge(context, one.case_id, made)
    assert _whole(context, one.case_id, other.case_id) == before


@pytest.mark.parametrize("binned", [0, 1])
def test_without_one_of_the_cases_the_other_stands(founded: Founded, binned: int) -> None:
    """In the bin nothing is undone; once it is erased the other case can be taken back alone."""
    one, other = _log(founded, NAIMA), _log(founded, AGAIN)
    context, coordinator = founded.context(CASEWORKER), founded.context(COORDINATOR)
    gone, kept = ((one, other), (other, one))[binned]
    before = _whole(context, kept.case_id)
    _merge(context, one.people[0], other.people[0])
    (stands,) = cases.get_case(context, kept.case_id).people
    bin.bin_case(coordinator, gone.case_id, 1)
    with pytest.raises(Invalid) as invalid:
        undo_merge(context, kept.case_id, stands.id)
    assert set(invalid.value.faults) == {"merge"}
    with pytest.raises(NotFound):
        undo_merge(context, kept.case_id, UUID(int=7))
    erasing.erase_case(coordinator, gone.case_id)
    receipt = erasing.get_receipt(coordinator, gone.case_id).receipt
    assert (receipt.people, receipt.incidents) == (1, 1)
    assert list_person_rows(gone.case_id) == [] and list_links() == []
    assert _names(context, kept.case_id) == ["Naïma Benali"]
    undo_merge(context, kept.case_id, stands.id)
    assert _whole(context, kept.case_id) == before


def test_why_a_twin_keeps_a_merge_from_being_undone_is_not_told(founded: Founded) -> None:
    """In the bin, not the member's, or merged on: one sentence for all of it."""
    said = []
    for reason in ("binned", "closed", "merged on"):
        one, other = _log(founded, NAIMA), _log(founded, AGAIN, OTHER)
        context, me = founded.context(CASEWORKER), frozenset({founded.players[CASEWORKER].id})
        made = _merge(context, one.people[0], other.people[0])
        if reason == "binned":
            bin.bin_case(founded.context(COORDINATOR), other.case_id, 1)
        elif reason == "closed":
            choose_access(context, other.case_id, 1, me, team_only=True)
        else:
            _merge(context, *(person.id for person in cases.get_case(context, other.case_id).people))
        with pytest.raises(Invalid) as invalid:
            undo_merge(founded.context(COLLEAGUE), one.case_id, made)
        said.append(invalid.value.faults["merge"])
        assert [person.id for person in cases.get_case(context, one.case_id).people] == [made]
    assert len(set(said)) == 1


def test_after_as_many_days_as_in_the_bin_it_is_final(founded: Founded) -> None:
    """What lies aside is deleted, of a held case last; the record stays, and knows of no merge."""
    one, other = _log(founded, NAIMA), _log(founded, AGAIN)
    context, days = founded.context(CASEWORKER), founded.runtime.limits.bin_days
    made = _merge(context, one.people[0], other.people[0])
    version = cases.get_person(context, one.case_id, made).person.version
    holding.hold_case(founded.context(COORDINATOR), other.case_id, 1)
    assert not purge_people(later(context, days))
    assert len(list_person_rows(one.case_id)) == 2
    purge_people(later(context, days + 1))
    assert [row.id for row in list_person_rows(one.case_id)] == [made]
    assert len(list_person_rows(other.case_id)) == 2
    person = cases.get_person(context, one.case_id, made).person
    assert (person.facts, person.version) == (FACTS, version)
    with pytest.raises(NotFound):
        undo_merge(context, one.case_id, made)
    holding.release_case(founded.context(COORDINATOR), other.case_id, 2)
    purge_people(later(context, days + 1))
    assert len(list_person_rows(other.case_id)) == 1
    assert [(left != right, same) for left, right, same in list_links()] == [(True, True)]


def test_what_was_undone_goes_too(founded: Founded) -> None:
    """The record that a merge had made, after the same days; both others stay."""
    first = _log(founded, NAIMA, AGAIN)
    context = founded.context(CASEWORKER)
    undo_merge(context, first.case_id, _merge(context, *first.people))
    purge_people(later(context, founded.runtime.limits.bin_days + 1))
    assert {row.id for row in list_person_rows(first.case_id)} == set(first.people)


def test_memory_keeps_nobody_who_lies_aside(founded: Founded) -> None:
    """Neither their names nor their answers: what was merged is found under what the merge kept."""
    first, context = _log(founded, NAIMA, AGAIN), founded.context(CASEWORKER)
    casebook, now = context.runtime.casebook, context.runtime.now_seconds()
    facts, texts = casebook.both(context.keyring, now)
    assert texts.names.keys() >= {*first.people} <= facts.people.keys()
    made = _merge(context, *first.people)
    facts, texts = casebook.both(context.keyring, now)
    for known in (facts.people, texts.names, texts.described, texts.identities):
        assert set(first.people).isdisjoint(known) and made in known
    assert [person.id for person in facts.people_by_case[first.case_id]] == [made]
    undo_merge(context, first.case_id, made)
    facts, texts = casebook.both(context.keyring, now)
    assert made not in facts.people and set(first.people) <= texts.names.keys()


def test_who_edits_no_cases_merges_nobody(founded: Founded) -> None:
    """An advocate; and nobody is merged with themselves, or with who is not there."""
    first, context = _log(founded, NAIMA, AGAIN), founded.context(CASEWORKER)
    with pytest.raises(Forbidden):
        _merge(founded.context(ADVOCATE), *first.people)
    for pair in ((first.people[0], first.people[0]), (first.people[0], UUID(int=4))):
        with pytest.raises(NotFound):
            merge(context, pair, (1, 1), FACTS, MADE)
        with pytest.raises(NotFound):
            get_merge(context, *pair)
    with pytest.raises(NotFound):
        undo_merge(context, first.case_id, first.people[0])


def test_what_was_merged_or_taken_back_meanwhile_is_not_there(founded: Founded) -> None:
    """The second of two members who merge the same record finds it gone; of a merge taken back it is said."""
    first = _log(founded, NAIMA, AGAIN, OTHER)
    context, colleague = founded.context(CASEWORKER), founded.context(COLLEAGUE)
    naima, again, wendell = first.people
    made = _merge(context, naima, again)
    with pytest.raises(NotFound):
        merge(colleague, (naima, wendell), (1, 1), FACTS, OTHER)
    undo_merge(context, first.case_id, made)
    with pytest.raises(Invalid, match="taken back already"):
        undo_merge(colleague, first.case_id, made)
    assert _names(context, first.case_id) == ["BENALI Naima", "Naïma Benali", "Wendell Toussaint"]


def test_one_half_merged_on_keeps_the_other_from_being_taken_back(founded: Founded) -> None:
    """Of two cases, in one of which the new record was merged with a third one: the newer merge first."""
    one, other = _log(founded, NAIMA), _log(founded, AGAIN, OTHER)
    context = founded.context(CASEWORKER)
    before = _whole(context, one.case_id, other.case_id)
    made = _merge(context, one.people[0], other.people[0])
    twin = next(person.id for person in cases.get_case(context, other.case_id).people if person.facts.merged)
    newer = _merge(context, twin, other.people[1])
    with pytest.raises(Invalid):
        undo_merge(context, one.case_id, made)
    undo_merge(context, other.case_id, newer)
    undo_merge(context, one.case_id, made)
    assert _whole(context, one.case_id, other.case_id) == before


def test_an_old_merge_goes_below_a_newer_one(founded: Founded) -> None:
    """Its two records are deleted in their time; the newer merge is taken back all the same."""
    first = _log(founded, NAIMA, AGAIN, OTHER)
    context, days = founded.context(CASEWORKER), founded.runtime.limits.bin_days
    made = _merge(context, *first.people[:2])
    newer = _merge(later(context, days - 1), made, first.people[2])
    purge_people(later(context, days + 1))
    assert {row.id for row in list_person_rows(first.case_id)} == {made, newer, first.people[2]}
    undo_merge(later(context, days + 2), first.case_id, newer)
    with pytest.raises(NotFound):
        undo_merge(later(context, days + 2), first.case_id, made)
    assert _names(context, first.case_id) == ["Naïma Benali", "Wendell Toussaint"]
    assert [person.facts.merged for person in cases.get_case(context, first.case_id).people] == [None, None]
