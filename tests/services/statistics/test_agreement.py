"""One person's no in one record is their no in all: in tables, in lists, and of what left before."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from casework.domain.person import Consent, PersonFacts, PersonIdentity, may_count
from casework.errors import NotFound
from casework.services.bin import bin_case
from casework.services.cases import change_person, get_case
from casework.services.context import Context
from casework.services.duplicates.deciding import take_back, tell_apart, tell_same
from casework.services.duplicates.reviewing import list_elsewhere
from casework.services.erasing import erase_case
from casework.services.history.reading import read_history
from casework.services.incidents import Logged, log_incident
from casework.services.lists import Filter, list_cases
from casework.services.merging.merging import get_merge, merge
from casework.services.merging.undoing import undo_merge
from casework.services.releases.standing import count_newly_withdrawn
from casework.services.restricted.restricting import choose_access
from casework.services.statistics.counting import keep_counting
from casework.store.cases import Person, find_record
from casework.store.database import db
from tests.services.releases.written import release
from tests.services.statistics.test_withdrawals import at, count, left, told
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.counted import log_many
from tests.support.records import incident_draft, person_draft

NAME = PersonIdentity(name="Naïma Benali")


def say(context: Context, logged: Logged, answer: str) -> UUID:
    """Write down what somebody, alone in a case, says to statistics; returns who it is."""
    (someone,) = get_case(context, logged.case_id).people
    facts = replace(someone.facts, consents={"statistics": Consent(answer)})
    change_person(context, logged.case_id, someone.id, someone.version, facts, someone.identity)
    return someone.id


def log(context: Context, answer: str) -> Logged:
    """Log an incident of 2025 with somebody who answers this."""
    (one,) = log_many(context, ["spvm"])
    say(context, one, answer)
    return one


def counts(founded: Founded, logged: Logged) -> bool:
    """Whether the person of a case may be counted, as its page says."""
    (someone,) = get_case(founded.context(COORDINATOR), logged.case_id).people
    return may_count(someone.facts)


def counted(founded: Founded) -> int:
    """How many incidents count."""
    context = founded.context(ADVOCATE)
    return len(keep_counting(context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())))


@pytest.mark.parametrize("answer", ["refused", "withdrawn"])
@pytest.mark.parametrize("linked_first", [True, False])
def test_a_no_holds_in_every_record_over_any_distance(
    founded: Founded, answer: str, linked_first: bool
) -> None:
    """Said before the link or after it. Taken back, or no longer linked, the yes holds again."""
    context = founded.context(CASEWORKER)
    one, middle, other = (log(context, said) for said in ("given", "not_asked", "given"))
    people = [logged.people[0] for logged in (one, middle, other)]
    if not linked_first:
        say(context, other, answer)
    tell_same(context, people[0], people[1])
    tell_same(context, people[1], people[2])
    if linked_first:
        assert counts(founded, one) and counted(founded) == 2
        say(context, other, answer)
    assert not counts(founded, one) and counted(founded) == 0
    version = get_case(context, one.case_id).people[0].version
    take_back(context, people[0], people[1])
    assert counts(founded, one) and counted(founded) == 1
    tell_same(context, people[0], people[1])
    say(context, other, "given")
    assert counts(founded, one) and counted(founded) == 2
    say(context, other, answer)
    tell_apart(context, people[1], people[2])
    assert counts(founded, one)
    # No form that was open meanwhile is told of a lost race, and no history of an answer that nobody gave.
    assert get_case(context, one.case_id).people[0].version == version
    saves = read_history(context, one.case_id).saves
    assert not any("countable" in view.told.changes for save in saves for view in save.revisions)


def test_a_table_that_left_is_told_of_in_both_cases_until_the_no(founded: Founded) -> None:
    """From the link on in no later one; whoever of two records they are named by, they are one person."""
    now = founded.context(CASEWORKER)
    one, other = log(now, "given"), log(now, "given")
    log_many(now, ["spvm"] * 12)
    early, late = left(founded, 1), left(founded, 5)
    release(founded)
    say(at(founded, CASEWORKER, 2), other, "withdrawn")
    standing, none = told(founded, early, late)
    assert ({person.case_id for person in standing.people}, none.people) == ({other.case_id}, [])
    tell_same(at(founded, CASEWORKER, 3), one.people[0], other.people[0])
    between = left(founded, 2.5)
    standing, none, found = told(founded, early, late, between)
    assert {person.case_id for person in standing.people} == {one.case_id, other.case_id}
    assert none.people == []
    assert [(person.case_id, person.on) for person in found.people] == [(one.case_id, None)]
    assert count_newly_withdrawn(at(founded, COORDINATOR, 4)) == 1


def test_it_holds_without_the_record_that_says_it(founded: Founded) -> None:
    """Deleting what somebody refused in makes no yes of it; a new answer does."""
    context, coordinator = founded.context(CASEWORKER), founded.context(COORDINATOR)
    one, other = log(context, "given"), log(context, "refused")
    tell_same(context, one.people[0], other.people[0])
    bin_case(coordinator, other.case_id, 1)
    assert not counts(founded, one) and counted(founded) == 0
    erase_case(coordinator, other.case_id)
    assert not counts(founded, one) and counted(founded) == 0
    say(context, one, "not_asked")
    say(context, one, "given")
    assert counts(founded, one) and counted(founded) == 1


@pytest.mark.parametrize("deed", ["link", "merge", "merge and undo", "tell apart"])
def test_a_no_whose_record_is_gone_holds_beside_one_more_record(founded: Founded, deed: str) -> None:
    """None of these is a new answer: only somebody who asked the person anew can end it."""
    context, coordinator = founded.context(CASEWORKER), founded.context(COORDINATOR)
    one, other = log(context, "given"), log(context, "given")
    refused = log(context, "refused")
    tell_same(context, one.people[0], refused.people[0])
    bin_case(coordinator, refused.case_id, 1)
    erase_case(coordinator, refused.case_id)
    pair = one.people[0], other.people[0]
    if deed.startswith("merge"):
        sides = get_merge(context, *pair)
        versions = sides.left.told.person.version, sides.right.told.person.version
        facts = PersonFacts(consents={"statistics": Consent("given")})
        made = merge(context, pair, versions, facts, NAME)
        if deed.endswith("undo"):
            assert counted(founded) == 0
            undo_merge(context, one.case_id, made)
    else:
        (tell_same if deed == "link" else tell_apart)(context, *pair)
    are_one = deed in ("link", "merge")
    assert not counts(founded, one)
    assert counts(founded, other) != are_one and counted(founded) == (not are_one)
    say(context, one, "not_asked")
    say(context, one, "given")
    assert counts(founded, one)


def test_who_may_not_open_the_other_case_learns_that_somebody_said_no_and_nothing_else(
    founded: Founded,
) -> None:
    """A restricted case says no for all: the others do not find it, and count nobody."""
    context, me = founded.context(CASEWORKER), frozenset({founded.players[CASEWORKER].id})
    one, other = log(context, "given"), log(context, "given")
    tell_same(context, one.people[0], other.people[0])
    choose_access(context, other.case_id, 1, me, restricted=True)
    say(context, other, "withdrawn")
    assert not counts(founded, one) and counted(founded) == 0
    colleague = founded.context(COLLEAGUE)
    with pytest.raises(NotFound):
        get_case(colleague, other.case_id)
    assert list_elsewhere(colleague, one.case_id) == {}


@pytest.mark.parametrize(
    ("answers", "expected"), [(("given", "withdrawn"), False), (("given", "given"), True)]
)
@pytest.mark.parametrize("same_case", [True, False])
def test_a_merge_takes_the_no_along_and_its_undo_gives_each_theirs_back(
    founded: Founded, answers: tuple[str, str], expected: bool, same_case: bool
) -> None:
    """Tables that left before still hold whoever stood in them; later ones do as the one record says."""
    context = founded.context(CASEWORKER)
    if same_case:
        drafts = [
            replace(person_draft(), identity=NAME, facts=PersonFacts(consents={"statistics": Consent(said)}))
            for said in answers
        ]
        draft = replace(incident_draft(people=tuple(drafts)))
        logged = log_incident(context, draft)
        pair, case_ids = logged.people, [logged.case_id]
    else:
        both = [log(context, said) for said in answers]
        pair, case_ids = tuple(one.people[0] for one in both), [one.case_id for one in both]
    view = get_merge(context, *pair)
    versions = view.left.told.person.version, view.right.told.person.version
    stricter = view.right.told.person.facts
    made = merge(at(founded, CASEWORKER, 2), (pair[0], pair[1]), versions, stricter, NAME)
    people = [person for case_id in case_ids for person in get_case(context, case_id).people]
    assert [may_count(person.facts) for person in people] == [expected] * len(people)
    first = people[0].facts
    moments = [left(founded, hours).left_at for hours in (1, 3)]
    assert [first.was_counted(moment) for moment in moments] == [True, expected]
    undo_merge(at(founded, CASEWORKER, 4), case_ids[0], made)
    back = {p.id: may_count(p.facts) for case_id in case_ids for p in get_case(context, case_id).people}
    assert back == {one: said == "given" for one, said in zip(pair, answers, strict=True)}


def test_an_undo_tells_of_the_tables_between(founded: Founded) -> None:
    """Somebody chose the yes of two answers, and took the merge back: until then who refused was counted."""
    context = founded.context(CASEWORKER)
    one, other = log(context, "given"), log(context, "refused")
    view = get_merge(context, one.people[0], other.people[0])
    versions = view.left.told.person.version, view.right.told.person.version
    yes = view.left.told.person.facts
    made = merge(at(founded, CASEWORKER, 1), (one.people[0], other.people[0]), versions, yes, NAME)
    assert counts(founded, other)
    undo_merge(at(founded, CASEWORKER, 30), one.case_id, made)
    (refused,) = get_case(context, other.case_id).people
    moments = [left(founded, hours).left_at for hours in (29, 31)]
    assert [refused.facts.was_counted(moment) for moment in moments] == [True, False]
    assert not may_count(refused.facts) and refused.facts.no_longer_counts


def test_the_page_and_the_tables_agree(founded: Founded) -> None:
    """What a table counts is what the cases say that it counts."""
    context = founded.context(COLLEAGUE)
    logged = log_many(context, ["spvm"] * 8)
    before = count(founded)
    refusing = log(context, "refused")
    tell_same(context, logged[0].people[0], refusing.people[0])
    assert (before, count(founded)) == (8, 7)
    assert sum(counts(founded, one) for one in logged) == 7


@pytest.mark.parametrize("answer", ["withdrawn", "given"])
def test_a_damaged_record_keeps_nobody_from_answering_in_another(founded: Founded, answer: str) -> None:
    """A no is kept and holds where it can; a yes changes nothing of what the damaged one may have said."""
    context = founded.context(CASEWORKER)
    one, other, hurt = log(context, "given"), log(context, "given"), log(context, "refused")
    for linked in (other, hurt):
        tell_same(context, one.people[0], linked.people[0])
    assert not counts(founded, other)
    row = find_record(Person, hurt.people[0])
    assert row is not None
    row.coded_sealed = row.coded_sealed[:-1] + bytes([row.coded_sealed[-1] ^ 1])
    db.session.commit()
    (someone,) = get_case(context, one.case_id).people
    facts = replace(someone.facts, consents={"statistics": Consent(answer, date(2026, 1, 2))})
    change_person(context, one.case_id, someone.id, someone.version, facts, someone.identity)
    assert get_case(context, one.case_id).people[0].facts.consent("statistics").answer == answer
    assert not counts(founded, one) and not counts(founded, other)


def test_what_is_noted_in_another_case_hurts_no_record(founded: Founded) -> None:
    """Lists that were read before find everybody, and call nothing damaged."""
    context = founded.context(CASEWORKER)
    one, other = log(context, "given"), log(context, "given")
    tell_same(context, one.people[0], other.people[0])
    assert not list_cases(context, Filter(mine=False)).damaged
    say(context, one, "withdrawn")
    assert not counts(founded, other)
    for wanted in (
        Filter(mine=False),
        Filter(mine=False, text=get_case(context, other.case_id).people[0].identity.name),
    ):
        page = list_cases(context, wanted)
        assert not page.damaged
        assert {one.case_id, other.case_id} <= {line.id for line in page.lines}


def correct(context: Context, logged: Logged, answer: Consent) -> None:
    """Write down this of the only person of a case."""
    (someone,) = get_case(context, logged.case_id).people
    facts = replace(someone.facts, consents={"statistics": answer})
    change_person(context, logged.case_id, someone.id, someone.version, facts, someone.identity)


@pytest.mark.parametrize(
    ("answer", "counts_then"),
    [
        (Consent("given", date(2026, 1, 2), "in_person"), False),
        (Consent("given", None), False),
        (Consent("given", date(2026, 1, 1)), False),
        (Consent("not_asked"), False),
        (Consent("given", date(2026, 1, 3)), True),
    ],
)
@pytest.mark.parametrize("of_linked", [False, True])
def test_a_correction_ends_no_no_that_was_erased(
    founded: Founded, answer: Consent, counts_then: bool, of_linked: bool
) -> None:
    """Only a yes of a later day is a new answer; so it is in any record of the person."""
    context = founded.context(CASEWORKER)
    one, other, refused = log(context, "given"), log(context, "given"), log(context, "refused")
    for each in (one, other):
        correct(context, each, Consent("given", date(2026, 1, 2)))
        tell_same(context, each.people[0], refused.people[0])
    bin_case(founded.context(COORDINATOR), refused.case_id, 1)
    erase_case(founded.context(COORDINATOR), refused.case_id)
    changed, seen = (other, one) if of_linked else (one, one)
    correct(context, changed, answer)
    assert counts(founded, seen) == counts_then and counted(founded) == 2 * counts_then


def test_a_yes_without_its_day_is_new_if_it_is_later_than_the_no(founded: Founded) -> None:
    """A day that was missing is a correction: it tells from when the old answer was."""
    context, today = founded.context(CASEWORKER), founded.runtime.today()
    one, refused = log(context, "given"), log(context, "refused")
    tell_same(context, one.people[0], refused.people[0])
    bin_case(founded.context(COORDINATOR), refused.case_id, 1)
    erase_case(founded.context(COORDINATOR), refused.case_id)
    correct(context, one, Consent("given", today))
    assert not counts(founded, one)
    correct(at(founded, CASEWORKER, 48), one, Consent("given", today + timedelta(days=1)))
    assert counts(founded, one)
