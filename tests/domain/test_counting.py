"""The consent rule: who and what statistics may count."""

from dataclasses import replace
from uuid import UUID

import pytest

from casework.domain.counting import first_incidents, incident_counts, people_counting
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.person import Consent, PersonFacts

from .test_incident import STOP

GIVING, REFUSING = UUID(int=1), UUID(int=2)
ALSO_GIVING = UUID(int=3)
CONSENTING = frozenset({GIVING, ALSO_GIVING})


def with_people(*people: UUID, on: str = "2026-11-15") -> IncidentFacts:
    """Make an incident in which `people` took part."""
    return replace(
        STOP, date=VagueDate.parse(on), participations=tuple(Participation(person) for person in people)
    )


def test_people_who_consented() -> None:
    """Only those who gave consent to statistics are counted."""
    people = {
        GIVING: PersonFacts(consents={"statistics": Consent("given")}),
        REFUSING: PersonFacts(consents={"statistics": Consent("withdrawn"), "story": Consent("given")}),
        UUID(int=9): PersonFacts(),
    }
    assert people_counting(people) == {GIVING}


@pytest.mark.parametrize(
    ("people", "counted"),
    [
        ([GIVING], True),
        ([GIVING, ALSO_GIVING], True),
        ([GIVING, REFUSING], False),
        ([REFUSING], False),
        ([], False),
    ],
)
def test_an_incident_counts_only_with_everybodys_consent(people: list[UUID], counted: bool) -> None:
    """One refusal keeps the incident out, and so does having nobody to ask."""
    assert incident_counts(with_people(*people), CONSENTING) is counted


def test_a_person_is_counted_once_at_their_first_incident() -> None:
    """The first by date decides, a tie goes to the one given first, the unknown date comes last."""
    incidents = [
        ("undated", with_people(GIVING, on="unknown")),
        ("later", with_people(GIVING, ALSO_GIVING, on="2026-03")),
        ("earlier", with_people(GIVING, on="2025")),
        ("tied", with_people(ALSO_GIVING, on="2026-03")),
    ]
    assert first_incidents(incidents) == {GIVING: "earlier", ALSO_GIVING: "later"}
    assert first_incidents(incidents[:1]) == {GIVING: "undated"}
