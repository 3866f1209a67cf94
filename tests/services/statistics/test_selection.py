"""What a question counts: consent, certain dates, each person once."""

import pytest

from casework.domain.period import Period
from casework.domain.person import Consent, PersonFacts
from casework.errors import Invalid
from casework.services.statistics.columns import lay_out
from casework.services.statistics.dimensions import Unit
from casework.services.statistics.selection import Selection
from tests.services.statistics.books import Told, agreed, ask, count, make_book

REFUSED = PersonFacts(consents={"statistics": Consent("refused")})
SILENT = PersonFacts()


def test_one_refusal_keeps_the_whole_incident_out() -> None:
    """Also an incident without anybody, and one where consent was not asked."""
    book = make_book(
        [
            Told(1, people=[(1, ("driver",))]),
            Told(2, people=[(2, ("driver",)), (3, ("passenger",))]),
            Told(3, people=[(4, ("driver",))]),
            Told(4),
        ],
        {1: agreed(), 2: agreed(), 3: REFUSED, 4: SILENT},
    )
    assert [unit.case_id.int for unit in count(book, ask("year"))] == [1]
    assert [unit.case_id.int for unit in count(book, ask("year", unit=Unit.PEOPLE))] == [1]


@pytest.mark.parametrize("written", ["2025-winter", "unknown", "2024-12-31", "2026-01", "2026-winter"])
def test_what_may_lie_outside_counts_in_no_period(written: str) -> None:
    """A winter reaches into the year before."""
    book = make_book([Told(1, written, people=[(1, ("driver",))])], {1: agreed()})
    assert count(book, ask("year")) == []


def test_a_person_counts_once_at_their_first_incident_of_the_period() -> None:
    """What came before the period does not take their place, and roles are those of that incident."""
    book = make_book(
        [
            Told(1, "2025-09", {"contact_type": "ticket"}, [(1, ("driver",))]),
            Told(1, "2025-03", {"contact_type": "fare_check"}, [(1, ("passenger",)), (2, ("witness",))]),
            Told(1, "2023-03", {"contact_type": "arrest_or_investigation"}, [(1, ("suspect",))]),
        ],
        {1: agreed(), 2: agreed()},
    )
    people = count(book, ask("contact_type", unit=Unit.PEOPLE))
    assert sorted((unit.incident.contact_type, unit.roles) for unit in people) == [
        ("fare_check", ("passenger",)),
        ("fare_check", ("witness",)),
    ]


def test_the_first_incident_does_not_depend_on_what_was_read_first() -> None:
    """Of two on one day the one with the lower id counts, in whatever order they were opened."""
    told = [
        Told(1, "2025-03-01", {"contact_type": "ticket"}, [(1, ("driver",))]),
        Told(1, "2025-03-01", {"contact_type": "fare_check"}, [(1, ("driver",))]),
    ]
    book = make_book(told, {1: agreed()})
    turned = type(book)(people=book.people, incidents=dict(reversed([*book.incidents.items()])))
    question = ask("contact_type", unit=Unit.PEOPLE)
    assert [unit.incident.contact_type for unit in count(turned, question)] == ["ticket"]
    assert [unit.incident.contact_type for unit in count(book, question)] == ["ticket"]


def test_years_are_offered_from_what_counts_alone() -> None:
    """Somebody who refused does not widen the choice."""
    book = make_book(
        [
            Told(1, "2020", people=[(1, ())]),
            Told(2, "2022", people=[(2, ())]),
            Told(3, "2025", people=[(3, ())]),
        ],
        {1: REFUSED, 2: agreed(), 3: agreed()},
    )
    assert lay_out(book).years() == (2022, 2023, 2024, 2025)


@pytest.mark.parametrize(
    ("show", "by", "unit", "field"),
    [
        ("age_band", "", Unit.INCIDENTS, "show"),
        ("reasons", "", Unit.PEOPLE, "show"),
        ("names", "", Unit.INCIDENTS, "show"),
        ("", "", Unit.INCIDENTS, "show"),
        ("year", "year", Unit.INCIDENTS, "by"),
        ("year", "gender", Unit.INCIDENTS, "by"),
        ("year", "reasons", Unit.INCIDENTS, "by"),
        ("reasons", "year", Unit.INCIDENTS, "by"),
    ],
)
def test_a_question_that_cannot_be_tabulated_is_refused(show: str, by: str, unit: Unit, field: str) -> None:
    """The fault names the field to change."""
    with pytest.raises(Invalid) as invalid:
        Selection(unit, show, by, Period((2025, 1), (2025, 4)))
    assert set(invalid.value.faults) == {field}


def test_a_question_reads_as_it_was_kept() -> None:
    """The definition of an export leads back to the question."""
    question = ask("place", "quarter", Unit.PEOPLE)
    assert Selection.from_document(question.to_document()) == question
