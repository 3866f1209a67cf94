"""A no that is erased while a merge stands, and the links over the erased case: both outlast the undo."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from casework.domain.person import Consent, PersonFacts, PersonIdentity, may_count
from casework.services import bin, cases, erasing
from casework.services.accounts.deciding import tell_one
from casework.services.context import Context
from casework.services.duplicates.deciding import tell_same
from casework.services.incidents import Logged, log_incident
from casework.services.merging.merging import get_merge, merge
from casework.services.merging.undoing import undo_merge
from casework.services.personfacts import open_person_facts
from casework.services.statistics.counting import keep_counting
from casework.store.cases import Case, find_person, find_record
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.records import incident_draft, person_draft

NAIMA = PersonIdentity(name="Naïma Benali")


def _log(context: Context, *answers: str) -> Logged:
    people = tuple(replace(person_draft(), identity=NAIMA, facts=_facts(answer)) for answer in answers)
    return log_incident(context, incident_draft(people=people))


def _facts(answer: str) -> PersonFacts:
    return PersonFacts(gender="woman", consents={"statistics": Consent(answer)})


def _merge(context: Context, people: Sequence[UUID], answer: str = "given") -> UUID:
    one, other = people
    view = get_merge(context, one, other)
    versions = view.left.told.person.version, view.right.told.person.version
    return merge(context, (one, other), versions, _facts(answer), NAIMA)


def _say(context: Context, logged: Logged, answer: str) -> None:
    told = cases.get_person(context, logged.case_id, logged.people[0]).person
    facts = replace(told.facts, consents={"statistics": Consent(answer)})
    cases.change_person(context, logged.case_id, told.id, told.version, facts, told.identity)


def _erase(founded: Founded, *logged: Logged) -> None:
    context = founded.context(COORDINATOR)
    for one in logged:
        row = find_record(Case, one.case_id)
        assert row is not None
        bin.bin_case(context, row.id, row.version)
        erasing.erase_case(context, one.case_id)


def _count(context: Context, *people: UUID) -> list[bool]:
    rows = [find_person(each) for each in people]
    return [row is not None and may_count(open_person_facts(context, row)) for row in rows]


def _counting(context: Context) -> int:
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    return len(keep_counting(book))


@pytest.mark.parametrize("twice", [False, True])
def test_a_doubt_that_was_erased_during_a_merge_outlasts_its_undo(founded: Founded, twice: bool) -> None:
    """Nobody knows who of those merged said no: none of them counts, however deep they lie."""
    context = founded.context(CASEWORKER)
    mine, refusing = _log(context, "given", "given", "given"), _log(context, "refused")
    tell_one(context, mine.incident_id, refusing.incident_id)
    made = [_merge(context, mine.people[:2])]
    if twice:
        made.append(_merge(context, (made[0], mine.people[2])))
    _erase(founded, refusing)
    assert _counting(context) == 0
    for each in reversed(made):
        undo_merge(context, mine.case_id, each)
    assert _count(context, *mine.people) == [False] * 3 and _counting(context) == 0


@pytest.mark.parametrize("linked", ["one before", "merged"])
def test_a_no_of_a_linked_record_that_was_erased_during_a_merge_outlasts_its_undo(
    founded: Founded, linked: str
) -> None:
    """It is a no of whom it was said of; said of the merged record alone, of both."""
    context = founded.context(CASEWORKER)
    mine, other = _log(context, "given", "given"), _log(context, "given")
    if linked == "one before":
        tell_same(context, mine.people[0], other.people[0])
    made = _merge(context, mine.people)
    if linked == "merged":
        tell_same(context, made, other.people[0])
    _say(context, other, "refused")
    _erase(founded, other)
    assert _count(context, made) == [False]
    undo_merge(context, mine.case_id, made)
    assert _count(context, *mine.people) == [False, linked == "one before"]


def test_a_no_that_was_erased_before_a_merge_outlasts_one_that_says_no(founded: Founded) -> None:
    """What was chosen for the merged record is no new answer of the first."""
    context = founded.context(CASEWORKER)
    mine, other = _log(context, "given", "refused"), _log(context, "refused")
    tell_same(context, mine.people[0], other.people[0])
    _erase(founded, other)
    undo_merge(context, mine.case_id, _merge(context, mine.people, "refused"))
    assert _count(context, *mine.people) == [False, False]


def test_a_new_answer_during_a_merge_ends_a_no(founded: Founded) -> None:
    """Whoever said no and then yes says yes after the undo."""
    context = founded.context(CASEWORKER)
    mine, other = _log(context, "given", "given"), _log(context, "refused")
    tell_same(context, mine.people[0], other.people[0])
    made = _merge(context, mine.people)
    _say(context, other, "given")
    undo_merge(context, mine.case_id, made)
    assert _count(context, *mine.people) == [True, True]


@pytest.mark.parametrize("undone", [False, True])
def test_who_was_one_over_an_erased_record_is_so_beside_what_lies_aside(
    founded: Founded, undone: bool
) -> None:
    """A later no holds for all of them, before the undo and after it; whichever of their ids comes first."""
    context = founded.context(CASEWORKER)
    for _ in range(6):
        mine, over, *others = _log(context, "given", "given"), *(_log(context, "given") for _ in range(3))
        tell_same(context, mine.people[0], over.people[0])
        for other in others:
            tell_same(context, over.people[0], other.people[0])
        made = _merge(context, mine.people)
        _erase(founded, over)
        if undone:
            undo_merge(context, mine.case_id, made)
        _say(context, others[0], "refused")
        assert _count(context, others[1].people[0]) == [False]
        assert _count(context, *(mine.people if undone else [made])) == ([False, True] if undone else [False])


def test_a_merge_of_two_cases_is_undone_over_an_erased_record(founded: Founded) -> None:
    """Both were linked with it before: they are one person still."""
    context = founded.context(CASEWORKER)
    one, other, over = (_log(context, "given") for _ in range(3))
    for each in (one, other):
        tell_same(context, each.people[0], over.people[0])
    made = _merge(context, (one.people[0], other.people[0]))
    _erase(founded, over)
    undo_merge(context, one.case_id, made)
    _say(context, one, "refused")
    assert _count(context, one.people[0], other.people[0]) == [False, False]
