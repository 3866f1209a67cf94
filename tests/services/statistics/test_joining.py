"""What was recorded more than once counts once: a person of two cases, an incident told twice."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from casework.domain.case import CaseFacts
from casework.domain.person import Consent, PersonFacts
from casework.services.binned import take_out
from casework.services.books import FactBook, OpenedCase
from casework.services.statistics.dimensions import Unit
from tests.services.statistics.books import LOGGED_ON, MEMBER, Told, agreed, ask, count, make_book

WITHDREW = PersonFacts(consents={"statistics": Consent("withdrawn")})
SILENT = PersonFacts()
PEOPLE, INCIDENTS = ask("year", unit=Unit.PEOPLE), ask("year")


def _link(book: FactBook, *pairs: tuple[int, int]) -> FactBook:
    return replace(book, same_people=frozenset((UUID(int=one), UUID(int=other)) for one, other in pairs))


def _account(case: int, of: int, people: list[tuple[int, tuple[str, ...]]], **answers: object) -> Told:
    return Told(case, answers={"account_of": UUID(int=of), **answers}, people=people)


def _cases(book: FactBook, unit: Unit) -> list[int]:
    return sorted(counted.case_id.int for counted in count(book, ask("year", unit=unit)))


def _bin(book: FactBook, binned: int, cases: int) -> FactBook:
    facts = CaseFacts.opened("2025-AAAA", LOGGED_ON, MEMBER)
    binned_at = {binned: datetime(2025, 12, 1, tzinfo=UTC)}
    opened = {
        UUID(int=case): OpenedCase(UUID(int=case), 1, False, frozenset(), facts, binned_at.get(case))
        for case in range(1, cases + 1)
    }
    return take_out(replace(book, cases=opened), FactBook(), opened)


def test_one_person_of_three_cases_counts_once_at_their_first_incident() -> None:
    """Also where links lead over another record; their incidents all count, and are one matter."""
    told = [
        Told(1, "2025-09", {"contact_type": "ticket"}, [(1, ("driver",))]),
        Told(2, "2025-03", {"contact_type": "fare_check"}, [(2, ("passenger",))]),
        Told(3, "2025-06", {"contact_type": "traffic_stop"}, [(3, ("driver",))]),
        Told(4, "2025-01", people=[(4, ())]),
    ]
    apart = make_book(told, {number: agreed() for number in range(1, 5)})
    assert _cases(apart, Unit.PEOPLE) == _cases(apart, Unit.INCIDENTS) == [1, 2, 3, 4]
    book = _link(apart, (1, 2), (2, 3))
    assert [unit.incident.contact_type for unit in count(book, PEOPLE) if unit.case_id.int == 1] == [
        "fare_check"
    ]
    assert _cases(book, Unit.PEOPLE) == [1, 4]
    assert _cases(book, Unit.INCIDENTS) == [1, 1, 1, 4]


def test_two_records_stay_one_where_a_third_that_joins_them_is_in_the_bin() -> None:
    """They do not count twice for the days in which it lies there."""
    told = [Told(case, people=[(case, ("driver",))]) for case in (1, 2, 3)]
    linked = _link(make_book(told, {number: agreed() for number in (1, 2, 3)}), (1, 2), (2, 3))
    book = _bin(linked, 2, cases=3)
    assert _cases(book, Unit.PEOPLE) == [1]
    assert _cases(book, Unit.INCIDENTS) == [1, 1]


@pytest.mark.parametrize(("other", "counted"), [(agreed(), 2), (SILENT, 1), (WITHDREW, 0)])
def test_who_refused_in_one_case_counts_in_none(other: PersonFacts, counted: int) -> None:
    """What was not asked in one case keeps out that case's incident alone."""
    told = [Told(1, people=[(1, ("driver",))]), Told(2, people=[(2, ("driver",))])]
    book = _link(make_book(told, {1: agreed(), 2: other}), (1, 2))
    assert len(count(book, INCIDENTS)) == counted
    assert len(count(book, PEOPLE)) == min(counted, 1)


def test_the_facts_of_a_record_without_consent_are_never_read() -> None:
    """Of two records the one that consented speaks for the person."""
    silent = PersonFacts(age_band="65_plus")
    told = [Told(1, people=[(1, ())]), Told(2, people=[(2, ())])]
    book = _link(make_book(told, {1: silent, 2: agreed(age_band="18_24")}), (1, 2))
    assert [unit.person.age_band for unit in count(book, PEOPLE) if unit.person] == ["18_24"]


def test_what_is_told_of_a_person_is_told_where_their_incident_is() -> None:
    """An age is one of its time: that of the record in the case of the incident that counts."""
    told = [Told(1, "2025-09", people=[(1, ())]), Told(2, "2025-03", people=[(2, ())])]
    people = {1: agreed(age_band="25_34"), 2: agreed(age_band="18_24")}
    book = _link(make_book(told, people), (1, 2))
    assert [unit.person.age_band for unit in count(book, PEOPLE) if unit.person] == ["18_24"]


def test_an_incident_told_three_times_counts_once_as_its_main_account_tells_it() -> None:
    """Everybody in any account takes part, with the roles of the main account; the cases are one matter."""
    told = [
        Told(1, answers={"contact_type": "ticket"}, people=[(1, ("driver",))]),
        _account(2, 1, [(2, ("suspect",)), (3, ("passenger",))], contact_type="fare_check"),
        _account(3, 2, [(4, ("witness",))], contact_type="traffic_stop"),
    ]
    book = _link(make_book(told, {number: agreed() for number in range(1, 5)}), (1, 2))
    (incident,) = count(book, INCIDENTS)
    assert (incident.incident.contact_type, incident.roles) == ("ticket", ("driver", "passenger", "witness"))
    assert sorted(unit.roles for unit in count(book, PEOPLE)) == [("driver",), ("passenger",), ("witness",)]
    assert {unit.case_id.int for unit in count(book, PEOPLE)} == {1}


@pytest.mark.parametrize("refusing", [1, 2])
def test_one_refusal_keeps_every_account_out(refusing: int) -> None:
    """Whichever account names who refused; one that names nobody keeps nothing out."""
    people = {1: agreed(), 2: agreed()} | {refusing: WITHDREW}
    told = [Told(1, people=[(1, ())]), _account(2, 1, [(2, ())]), _account(3, 1, [])]
    assert count(make_book(told, people), INCIDENTS) == []
    assert len(count(make_book(told, {1: agreed(), 2: agreed()}), INCIDENTS)) == 1
    without = [Told(1), _account(2, 1, [(2, ())])]
    assert len(count(make_book(without, people), INCIDENTS)) == (refusing != 2)


def test_an_account_of_what_is_gone_counts_for_itself() -> None:
    """The main account is in the bin, or erased: then this one is all there is."""
    assert len(count(make_book([_account(1, 99, [(1, ())])], {1: agreed()}), INCIDENTS)) == 1


def test_two_accounts_of_what_is_gone_count_once() -> None:
    """As the one logged first tells it; one that says it is an account of another comes after that one."""
    people = {number: agreed() for number in (1, 2, 3)}
    told = [
        _account(1, 2, [(1, ())], contact_type="ticket"),
        _account(2, 99, [(2, ())], contact_type="fare_check"),
        _account(3, 99, [(3, ())]),
    ]
    (counted,) = count(make_book(told, people), INCIDENTS)
    assert counted.incident.contact_type == "fare_check"


@pytest.mark.parametrize("binned", [1, 2, 3])
def test_accounts_count_once_whichever_of_them_is_in_the_bin(binned: int) -> None:
    """The third is one of the second, the second one of the first."""
    told = [Told(1, people=[(1, ())]), _account(2, 1, [(2, ())]), _account(3, 2, [(3, ())])]
    book = _bin(make_book(told, {number: agreed() for number in (1, 2, 3)}), binned, cases=3)
    assert _cases(book, Unit.INCIDENTS) == [2 if binned == 1 else 1]


@pytest.mark.parametrize("binned", [1, 2, 3])
def test_a_circle_counts_once_whichever_of_it_is_in_the_bin(binned: int) -> None:
    """Nothing goes round in it for good."""
    told = [_account(1, 2, [(1, ())]), _account(2, 3, [(2, ())]), _account(3, 1, [(3, ())])]
    book = _bin(make_book(told, {number: agreed() for number in (1, 2, 3)}), binned, cases=3)
    assert len(count(book, INCIDENTS)) == 1


def test_two_that_name_each_other_count_once() -> None:
    """No deed makes such a circle; it hides nothing and doubles nothing."""
    told = [_account(1, 2, [(1, ())]), _account(2, 1, [(2, ())])]
    assert len(count(make_book(told, {1: agreed(), 2: agreed()}), INCIDENTS)) == 1


def _told_by_two() -> list[Told]:
    """Two accounts of one incident, with nobody linked, and another incident of who is in the first."""
    return [
        Told(1, people=[(1, ("driver",))]),
        _account(2, 1, [(2, ("suspect",))]),
        Told(1, "2025-08", people=[(1, ("driver",))]),
    ]


@pytest.mark.parametrize("binned", [False, True])
@pytest.mark.parametrize("answer", ["withdrawn", "refused"])
def test_who_may_be_somebody_who_said_no_in_another_account_counts_nowhere(answer: str, binned: bool) -> None:
    """Until somebody says that they are two; also while the other account lies in the bin."""
    said_no = PersonFacts(consents={"statistics": Consent(answer)})
    book = make_book(_told_by_two(), {1: agreed(), 2: said_no})
    told_apart = replace(book, different_people=frozenset({(UUID(int=1), UUID(int=2))}))
    if binned:
        book, told_apart = (_bin(each, 2, cases=2) for each in (book, told_apart))
    assert count(book, INCIDENTS) == count(book, PEOPLE) == []
    assert len(count(told_apart, PEOPLE)) == 1
    assert len(count(make_book(_told_by_two(), {1: agreed(), 2: SILENT}), INCIDENTS)) == 1


def test_nobody_is_in_doubt_whom_the_other_account_names_beside_who_said_no() -> None:
    """Nor anybody where the first account names who said no; who is in doubt is so in all their records."""
    told = [
        Told(1, people=[(1, ("driver",)), (3, ())]),
        _account(2, 1, [(2, ("driver",)), (4, ())]),
        Told(3, people=[(5, ())]),
    ]
    book = make_book(told, {1: agreed(), 2: agreed(), 3: agreed(), 4: WITHDREW, 5: agreed()})
    assert count(_link(book, (3, 5)), INCIDENTS) == []
    assert len(count(_link(book, (1, 5)), INCIDENTS)) == 0
    assert len(count(_link(book, (1, 2), (1, 5)), INCIDENTS)) == 1
    assert len(count(_link(book, (3, 4), (1, 5)), INCIDENTS)) == 1
