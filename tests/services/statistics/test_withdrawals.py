"""Consent that is withdrawn: out of every later table at once, and told of those that left before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from casework.domain.period import Period
from casework.domain.person import Consent
from casework.services.cases import change_person, get_case
from casework.services.context import Context
from casework.services.incidents import Logged
from casework.services.restricted.restricting import choose_access
from casework.services.statistics.dimensions import Unit
from casework.services.statistics.withdrawals import Publication, Withdrawals, list_withdrawals
from tests.services.statistics.books import ask, tally
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.counted import log_many
from tests.web.incidents import log, person

YEAR_2025 = Period((2025, 1), (2025, 4))


def at(founded: Founded, login: str, hours: float) -> Context:
    """Return a member's context so many hours from now, days before counted as negative hours."""
    context, moment = founded.context(login), founded.runtime.now() + timedelta(hours=hours)
    return replace(context, runtime=replace(founded.runtime, now=lambda: moment))


def answer(
    founded: Founded, logged: Logged, said: str, hours: float, on: date | None = None, who: int = 0
) -> UUID:
    """Write down another answer of somebody in a case about statistics; returns who it is."""
    context = at(founded, CASEWORKER, hours)
    someone = get_case(context, logged.case_id).people[who]
    facts = replace(someone.facts, consents={"statistics": Consent(said, on)})
    change_person(context, logged.case_id, someone.id, someone.version, facts, someone.identity)
    return someone.id


def left(founded: Founded, hours: float, *periods: Period) -> Publication:
    """Return something that left so many hours from now."""
    return Publication(founded.runtime.now() + timedelta(hours=hours), periods or (YEAR_2025,))


def count(founded: Founded, unit: Unit = Unit.INCIDENTS) -> int:
    """Return how many of the police service of `log_many` would be counted now."""
    context = founded.context(ADVOCATE)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    return tally(book, ask("police_service", unit=unit))["spvm",]


def told(founded: Founded, *publications: Publication, login: str = COORDINATOR) -> Sequence[Withdrawals]:
    """Return what a member is told."""
    return list_withdrawals(founded.context(login), publications)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("said", ["withdrawn", "refused", "not_asked"])
def test_the_next_table_of_every_unit_leaves_them_out(founded: Founded, unit: Unit, said: str) -> None:
    """At once, also where the table is known already."""
    logged = log_many(founded.context(CASEWORKER), ["spvm"] * 8)
    before = count(founded, unit)
    answer(founded, logged[0], said, 0)
    assert (before, count(founded, unit)) == (8, 7)


@pytest.mark.parametrize("unit", Unit)
def test_others_of_the_same_incident_are_left_out_with_them(founded: Founded, unit: Unit) -> None:
    """Their figures would describe who withdrew."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 8)
    both = log(founded.context(CASEWORKER), person("A"), person("B"), date="2025-05-12")
    answer(founded, both, "withdrawn", 0)
    assert count(founded, unit) == 8


@pytest.mark.parametrize(
    ("said", "left_at", "stands"),
    [("withdrawn", -1, False), ("withdrawn", 1, True), ("withdrawn", 3, False), ("refused", 1, True),
     ("not_asked", 1, True), ("given", 1, False)],
)  # fmt: skip
def test_who_withdrew_stands_in_what_left_between(
    founded: Founded, said: str, left_at: float, stands: bool
) -> None:
    """Neither in what left before they agreed, nor in what left once it was written down that they do not."""
    (logged,) = log_many(founded.context(CASEWORKER), ["spvm"], consent="not_asked")
    answer(founded, logged, "given", 0)
    gone = answer(founded, logged, said, 2)
    (found,) = told(founded, left(founded, left_at))
    assert [(one.person_id, one.case_id, one.reference) for one in found.people] == (
        [(gone, logged.case_id, logged.reference)] if stands else []
    )


def test_what_was_written_down_late_still_stands_in_the_table(founded: Founded) -> None:
    """The table left after the day of the withdrawal, and counted them: nobody had told casework."""
    (logged,) = log_many(founded.context(CASEWORKER), ["spvm"])
    day = founded.runtime.today() - timedelta(days=40)
    answer(founded, logged, "withdrawn", 2, on=day)
    (found,) = told(founded, left(founded, 1))
    assert [one.on for one in found.people] == [day]


def test_without_a_day_the_moment_it_was_written_down_counts(founded: Founded) -> None:
    """And is told beside the day that is not known."""
    (logged,) = log_many(founded.context(CASEWORKER), ["spvm"])
    answer(founded, logged, "withdrawn", 2)
    before, after = told(founded, left(founded, 1), left(founded, 3))
    ((someone,), noted) = before.people, founded.runtime.now() + timedelta(hours=2)
    assert someone.on is None
    assert someone.noted_at is not None
    assert abs(someone.noted_at - noted) < timedelta(minutes=1)
    assert after.people == []


def test_only_what_the_periods_hold_and_was_logged_by_then(founded: Founded) -> None:
    """Several tables of one publication are one; an incident that is logged later was in none."""
    (logged,) = log_many(founded.context(CASEWORKER), ["spvm"])
    answer(founded, logged, "withdrawn", 2)
    other = Period((2024, 1), (2024, 4))
    found = told(founded, left(founded, 1, other), left(founded, 1, other, YEAR_2025), left(founded, -48))
    assert [len(one.people) for one in found] == [0, 1, 0]


def test_where_another_had_never_agreed_nobody_stands(founded: Founded) -> None:
    """The incident counted in nothing."""
    logged = log(founded.context(CASEWORKER), person("A"), person("B", statistics="refused"))
    answer(founded, logged, "withdrawn", 2)
    (found,) = told(founded, left(founded, 1, Period((2026, 1), (2026, 4))))
    assert found.people == []


def test_who_agrees_again_is_told_no_more(founded: Founded) -> None:
    """Nor while they do; if they withdraw again, they are."""
    (logged,) = log_many(founded.context(CASEWORKER), ["spvm"])
    counts = []
    for hours, said in enumerate(("withdrawn", "given", "withdrawn"), start=2):
        answer(founded, logged, said, hours)
        counts.append(len(told(founded, left(founded, 1))[0].people))
    assert counts == [1, 0, 1]


def test_a_restricted_case_is_told_to_the_named_alone(founded: Founded) -> None:
    """As in every list."""
    (logged,) = log_many(founded.context(CASEWORKER), ["spvm"])
    answer(founded, logged, "withdrawn", 2)
    choose_access(
        founded.context(CASEWORKER), logged.case_id, 1, frozenset(), restricted=True, team_only=True
    )
    found = [told(founded, left(founded, 1), login=who)[0] for who in (COORDINATOR, CASEWORKER)]
    assert [len(one.people) for one in found] == [0, 1]


@pytest.mark.parametrize(
    ("gone", "staying", "many"), [(4, 8, False), (5, 5, True), (5, 4, False), (0, 8, False)]
)
def test_whoever_opens_no_case_learns_of_no_few(
    founded: Founded, gone: int, staying: int, many: bool
) -> None:
    """No name, no number: only whether as many cases as the threshold asks for went, and as many stay."""
    logged = log_many(founded.context(CASEWORKER), ["spvm"] * (gone + staying))
    for one in logged[:gone]:
        answer(founded, one, "withdrawn", 2)
    (found,) = told(founded, left(founded, 1), login=ADVOCATE)
    assert found == Withdrawals(are_many=many)


def test_many_people_of_one_case_are_few(founded: Founded) -> None:
    """What counts is cases, as in the tables."""
    log_many(founded.context(CASEWORKER), ["spvm"] * 8)
    family = log(founded.context(CASEWORKER), *(person(name) for name in "ABCDEF"), date="2025-05-12")
    for who in range(6):
        answer(founded, family, "withdrawn", 2, who=who)
    assert len(told(founded, left(founded, 1))[0].people) == 6
    assert told(founded, left(founded, 1), login=ADVOCATE) == [Withdrawals()]


def test_a_moment_without_records_tells_of_nobody(founded: Founded) -> None:
    """An empty organization answers like any other."""
    nothing = Publication(datetime.fromisoformat("2026-01-01T00:00:00+00:00"), ())
    assert told(founded, nothing) == [Withdrawals(people=[])]
