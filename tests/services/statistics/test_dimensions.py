"""The catalogue, and how answers are read off a unit."""

from datetime import date
from uuid import UUID

import pytest

from casework.domain.coded import INCIDENT_FIELDS, PERSON_FIELDS
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts
from casework.services.statistics.dimensions import (
    CATALOGUE,
    NO_PATTERN,
    CountedUnit,
    Unit,
    dimensions,
    get_dimension,
    ladder,
    reader,
)
from tests.services.statistics.books import agreed


def unit(written: str = "2025-05", roles: tuple[str, ...] = ("driver",), **answers: object) -> CountedUnit:
    """Return an incident, and somebody in it."""
    facts = IncidentFacts(
        date=VagueDate.parse(written),
        logged_on=date(2026, 1, 1),
        logged_by=UUID(int=1),
        **{"contact_type": "traffic_stop", "police_service": "spvm"} | answers,  # type: ignore[arg-type]
    )
    return CountedUnit(UUID(int=1), facts, roles, agreed(immigration_status="worker", age_band="18_24"))


@pytest.mark.parametrize("field", [*INCIDENT_FIELDS, *PERSON_FIELDS], ids=lambda field: field.name)
def test_every_coded_field_can_be_shown(field: object) -> None:
    """A field that is added to the forms is asked for here, or this fails."""
    name = getattr(field, "name")  # noqa: B009 - parametrised as object
    assert name in {spec.name for spec in CATALOGUE}


def test_facts_of_a_person_are_never_offered_for_incidents() -> None:
    """An incident with two people has no one age."""
    offered = {spec.field for spec in dimensions(Unit.INCIDENTS)}
    assert offered.isdisjoint(field.name for field in PERSON_FIELDS)
    assert {field.name for field in PERSON_FIELDS} <= {spec.field for spec in dimensions(Unit.PEOPLE)}


def test_every_ladder_ends_and_keeps_the_kind_of_dimension() -> None:
    """What is coarser is offered for the same unit, and stands alone where the finer one does."""
    for spec in CATALOGUE:
        for name in ladder(spec.name):
            coarser = get_dimension(name)
            assert (coarser.units, coarser.multiple, coarser.field) == (spec.units, spec.multiple, spec.field)


def test_a_place_becomes_a_city_and_then_a_province() -> None:
    """Two steps, from the code lists alone."""
    assert ladder("place") == ("place", "city", "province")


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        ("contact_group", {"contact_type": "domestic_violence_call"}, ("victim",)),
        ("police_level", {"police_service": "spvm"}, ("municipal",)),
        ("cbsa_outcome", {"cbsa_actions": ("no_action",)}, ("none",)),
        ("patterns", {"patterns": ()}, (NO_PATTERN,)),
        ("patterns", {"patterns": (UUID(int=7),)}, (UUID(int=7).hex,)),
        ("year", {"written": "2026-winter"}, ("unknown",)),
        ("year", {"written": "2025-summer"}, ("2025",)),
        ("quarter", {"written": "2025-summer"}, ("unknown",)),
        ("quarter", {"written": "2025-06-30"}, ("2025-Q2",)),
        ("roles", {"roles": ("driver", "not_asked", "driver")}, ("driver",)),
        ("roles", {"roles": ("not_asked", "unknown")}, ("unknown",)),
        ("roles", {"roles": ("not_asked", "not_asked")}, ("not_asked",)),
        ("citizenship", {}, ("non_citizen",)),
        ("age_band", {}, ("18_24",)),
    ],
)
def test_answers_are_read_as_they_were_given(
    name: str, given: dict[str, object], read: tuple[str, ...]
) -> None:
    """Groupings come from the code lists; what a vague date does not decide is unknown."""
    assert reader(get_dimension(name))(unit(**given)) == read  # type: ignore[arg-type]


def test_actions_that_share_an_outcome_count_once() -> None:
    """Two kinds of detention are one detention."""
    actions = tuple(
        term.code
        for term in get_dimension("cbsa_actions").codes or ()
        if term.attributes.get("outcome") == "detained"
    )
    assert len(actions) > 1
    assert reader(get_dimension("cbsa_outcome"))(unit(cbsa_actions=actions)) == ("detained",)
