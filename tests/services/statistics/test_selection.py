"""What a question counts: consent, certain dates, each person once."""

from uuid import UUID

import numpy as np
import pytest

from casework.domain.period import Period
from casework.domain.person import Consent, PersonFacts
from casework.errors import Invalid
from casework.services.statistics.columns import lay_out
from casework.services.statistics.dimensions import CATALOGUE, DimensionSpec, Unit
from casework.services.statistics.reading import Setting, codes_of
from casework.services.statistics.selection import Selection, ladder_of
from tests.services.statistics.books import Told, agreed, ask, columns_of, count, make_book, tally

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
    assert [lay_out(book).first_year(least) for least in (1, 2)] == [2022, 2025]


def test_years_are_offered_from_when_enough_cases_are_dated() -> None:
    """Two incidents of one case are one; a span counts by its end, and what has no date never does."""
    told = [
        Told(1, "1998", people=[(1, ())]),
        Told(1, "1999", people=[(1, ())]),
        Told(2, "2003", people=[(2, ())]),
        Told(3, "unknown", people=[(3, ())]),
        Told(4, "2003-05", people=[(4, ())]),
    ]
    book = make_book(told, {number: agreed() for number in range(1, 5)})
    assert [lay_out(book).first_year(least) for least in (1, 2, 3)] == [1998, 2003, 2003]


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


def test_the_ladder_gives_up_time_before_anything_else() -> None:
    """Then coarser answers, then the second dimension."""
    assert list(ladder_of(ask("city", "quarter")))[:4] == [
        ("city", "quarter"),
        ("city", "year"),
        ("province", "quarter"),
        ("province", "year"),
    ]
    assert list(ladder_of(ask("city", "quarter")))[4:] == [("city",), ("province",)]
    assert list(ladder_of(ask("quarter", "city")))[1] == ("year", "city")
    assert ("city", "city") not in list(ladder_of(ask("place", "city")))


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_the_columns_of_every_dimension_are_what_each_unit_says(spec: DimensionSpec) -> None:
    """For each unit that it is offered for; patterns stand beside no pattern."""
    patterns = (UUID(int=101), UUID(int=102))
    people = {at: agreed(gender=("woman", "man")[at % 2], languages=("fr", "ar")) for at in range(1, 22)}
    told = [
        Told(
            at,
            ("2025-05", "2025")[at % 2],
            {"reasons": ("warrant",)},
            [(at, ("driver",))],
            patterns[: at % 3],
        )
        for at in people
    ]
    book, setting = make_book(told, people), Setting(ask("year").period, tuple(one.hex for one in patterns))
    codes = codes_of(spec, setting)
    for unit in spec.units:
        columns = columns_of(book, ask(spec.name, unit=unit), setting.patterns)
        column, expected = columns.read(spec), tally(book, ask(spec.name, unit=unit))
        found = column.sum(axis=0) if spec.multiple else np.bincount(column, minlength=len(codes))
        assert {code: int(count) for code, count in zip(codes, found, strict=True) if count} == {
            code: count for (code,), count in expected.items() if code != "total"
        }
        assert len(columns.cases) == 21
