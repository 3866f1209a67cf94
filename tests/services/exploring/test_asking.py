"""Every number of the explorer is what an independent count gives, and leads to the incidents behind it."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.case import CaseFacts
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.permissions import Role
from casework.domain.person import Consent, PersonFacts
from casework.errors import Forbidden
from casework.services.books import OpenedCase, OpenedIncident, OpenedPerson
from casework.services.exploring.asking import Answer, ask, find_incidents
from casework.services.exploring.facets import FACETS, STEPS, Unit
from casework.services.exploring.held import needs_records
from casework.services.exploring.questions import Question
from tests.services.exploring.duck import Cells, Duck
from tests.services.exploring.worlds import LOGGED_ON, OTHER, PATTERNS, World, make_book, worlds
from tests.services.index.indexing import everything

_DAYS = st.sampled_from((None, None, date(2025, 5, 1), date(2025, 6, 1), date(2025, 7, 1), date(2026, 1, 31)))


@st.composite
def _questions(draw: st.DrawFn, unit: Unit) -> Question:
    names = draw(st.lists(st.sampled_from(sorted(FACETS)), min_size=1, max_size=3, unique=True))
    show, by, panels = (*names, "", "")[:3]
    narrowed = draw(st.lists(st.sampled_from(sorted(FACETS)), max_size=2, unique=True))
    filters = {name: tuple(draw(st.sets(_codes(name), min_size=1, max_size=4))) for name in narrowed}
    days = sorted(day for day in (draw(_DAYS), draw(_DAYS)) if day)
    first = days[0] if days else None
    last = days[1] if len(days) > 1 else None
    return Question(
        unit, show, by, panels, filters=filters, first=first, last=last, agreed=draw(st.booleans())
    )


def _codes(name: str) -> st.SearchStrategy[str]:
    if name == "year":
        return st.sampled_from(("2025", "2026", "unknown"))
    if name == "quarter":
        return st.sampled_from(("2025-Q2", "2025-Q3", "2026-Q1", "unknown"))
    if name == "patterns":
        return st.sampled_from((PATTERNS[0].hex, PATTERNS[1].hex, "none"))
    if name == "steps":
        return st.sampled_from(STEPS)
    codes = FACETS[name].codes
    assert codes is not None
    return st.sampled_from((*codes.codes, "nobody") if FACETS[name].is_of_people else codes.codes)


def cells_of(answer: Answer) -> Cells:
    """Return an answer's counts by codes, without zeros; None stands for all."""
    axes = [(*codes, None) for codes in answer.codes]
    cells = {cell: int(count) for cell, count in zip(product(*axes), answer.counts.ravel(), strict=True)}
    return {cell: count for cell, count in cells.items() if count}


@settings(deadline=None, max_examples=20)
@given(data=st.data(), world=worlds())
def test_every_count_is_that_of_another_engine(data: Any, world: World) -> None:
    """In every unit, over answers of one and of several codes, with cases that are closed to who asks."""
    duck = Duck(world)
    for unit in Unit:
        question = data.draw(_questions(unit))
        answer = ask(world.context, question)
        assert cells_of(answer) == duck.count(question)
        assert answer.vague == duck.count_vague(question)
        found = find_incidents(world.context, question)
        assert {incident.id.int for incident in found} == duck.incidents(question)
        assert answer.incidents == len(found)
        assert answer.agreed == len(duck.incidents(replace(question, agreed=True)))


@settings(deadline=None, max_examples=40)
@given(data=st.data(), world=worlds())
def test_the_index_counts_as_the_records_do(data: Any, world: World) -> None:
    """In every unit, filtered or not, whichever cases changed since it was made; and as the other engine."""
    everywhere = sorted(one.id for one in everything(world.book)[0])
    over_index = world.over_index(data.draw(st.sets(st.sampled_from(everywhere))))
    duck = Duck(world)
    for unit in (Unit.INCIDENTS, Unit.PEOPLE, Unit.CASES):
        question = data.draw(_questions(unit).filter(lambda one: not needs_records(one)))
        by_records, by_index = ask(world.context, question), ask(over_index.context_of_index, question)
        assert cells_of(by_index) == cells_of(by_records) == duck.count(question)
        assert [set(one) for one in by_index.codes] == [set(one) for one in by_records.codes]
        assert _told(by_index) == _told(by_records)


def _told(answer: Answer) -> object:
    offered = {name: set(codes) for name, codes in answer.offered.items()}
    return answer.incidents, answer.agreed, answer.vague, answer.damaged, answer.total, offered


def test_steps_and_referrals_are_left_to_the_records() -> None:
    """No column tells of acts: as the other engine counts them, with an index there."""
    for question in (
        Question(Unit.REFERRALS),
        Question(show="steps"),
        Question(filters={"steps": STEPS[:1]}),
    ):
        assert needs_records(question)
    assert not needs_records(Question(by="referral_types"))


@settings(deadline=None, max_examples=20)
@given(data=st.data(), world=worlds())
def test_a_cell_is_what_remains_when_its_codes_are_filtered_by(data: Any, world: World) -> None:
    """So the number that one follows is the number that one finds."""
    for unit in Unit:
        question = data.draw(_questions(unit))
        for cell, count in cells_of(ask(world.context, question)).items():
            codes = {name: code for name, code in zip(question.facets, cell, strict=True) if code is not None}
            assert ask(world.context, replace(question, cell={**question.cell, **codes})).total == count


@pytest.mark.parametrize(
    ("first", "last", "sure", "vague"),
    [
        (None, "2025-06-15", 1, 3),
        ("2025-06-01", None, 1, 2),
        ("2025-05-01", "2025-06-30", 2, 2),
        (None, None, 4, 0),
    ],
)
def test_a_period_holds_what_lies_in_it_for_certain(
    first: str | None, last: str | None, sure: int, vague: int
) -> None:
    """A day in May, a June, a year and an unknown date; what may lie in it is told apart."""
    case = OpenedCase(UUID(int=1), 1, False, frozenset(), CaseFacts.opened("2026-K7QX", LOGGED_ON[0], OTHER))
    told = [
        OpenedIncident(UUID(int=300 + at), case.id, 1, _dated(written))
        for at, written in enumerate(("2025-05-20", "2025-06", "2025", "unknown"))
    ]
    world = World(make_book([case], [], told), frozenset({Role.CASEWORKER}))
    begin, end = (date.fromisoformat(day) if day else None for day in (first, last))
    answer = ask(world.context, Question(first=begin, last=end))
    assert (answer.total, answer.vague) == (sure, vague)


def test_a_case_that_did_not_open_gives_nobody_and_hides_no_account() -> None:
    """Its people are in no open incident, and an open account of its incident stands for itself."""
    case = OpenedCase(UUID(int=1), 1, False, frozenset(), CaseFacts.opened("2026-K7QX", LOGGED_ON[0], OTHER))
    person = OpenedPerson(UUID(int=101), UUID(int=2), 1, PersonFacts())
    named = replace(_dated("2025-05-20"), participations=(Participation(person.id, ()),))
    told = [
        OpenedIncident(UUID(int=300), case.id, 1, named),
        OpenedIncident(UUID(int=301), UUID(int=2), 1, _dated("2025-05-21")),
        OpenedIncident(UUID(int=302), case.id, 1, replace(_dated("2025-05-22"), account_of=UUID(int=301))),
    ]
    book = replace(make_book([case], [person], told), damaged=frozenset({UUID(int=2)}))
    context = World(book, frozenset({Role.CASEWORKER})).context
    assert {one.id.int for one in find_incidents(context, Question())} == {300, 302}
    assert ask(context, Question()).total == 2
    assert ask(context, Question(Unit.PEOPLE)).total == 0


@pytest.mark.parametrize("roles", [Role.CASEWORKER, Role.COORDINATOR])
def test_what_was_agreed_to_in_a_closed_case_shows_nowhere(roles: Role) -> None:
    """An open account stands for itself, whatever a closed one says; who opens both goes by the main one."""
    opened = CaseFacts.opened("2026-K7QX", LOGGED_ON[0], OTHER)
    closed = OpenedCase(UUID(int=1), 1, True, frozenset({OTHER}), opened)
    case = OpenedCase(UUID(int=2), 1, False, frozenset(), opened)
    people = [
        OpenedPerson(UUID(int=100 + at), one.id, 1, PersonFacts(consents={"statistics": Consent(answer)}))
        for at, (one, answer) in enumerate(((closed, "refused"), (case, "given")))
    ]
    told = [replace(_dated("2025-05-20"), participations=(Participation(one.id, ()),)) for one in people]
    incidents = [
        OpenedIncident(UUID(int=300), closed.id, 1, told[0]),
        OpenedIncident(UUID(int=301), case.id, 1, replace(told[1], account_of=UUID(int=300))),
    ]
    context = World(make_book([closed, case], people, incidents), frozenset({roles})).context
    answer, asked = ask(context, Question()), ask(context, Question(agreed=True))
    may_open = 0 if roles is Role.COORDINATOR else 1
    assert (answer.total, answer.agreed, asked.total) == (1, may_open, may_open)


def _dated(written: str) -> IncidentFacts:
    facts = {
        "contact_type": "ticket",
        "police_service": "spvm",
        "logged_on": LOGGED_ON[0],
        "logged_by": OTHER,
    }
    return IncidentFacts(date=VagueDate.parse(written), **facts)  # type: ignore[arg-type]


def test_who_opens_no_cases_gets_no_number() -> None:
    """An advocate has released tables instead."""
    world = World(make_book([], [], []), frozenset({Role.ADVOCATE}))
    with pytest.raises(Forbidden):
        ask(world.context, Question())
