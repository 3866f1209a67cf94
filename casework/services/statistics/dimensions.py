"""What statistics can be broken down by: the catalogue, and how each answer is read off a unit.

A person's facts are offered for people only: an incident may have several people, and then has no one age.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from uuid import UUID

from casework.domain.coded import FIELDS, PERSON_FIELDS
from casework.domain.incident import IncidentFacts
from casework.domain.period import write_quarter
from casework.domain.person import PersonFacts
from casework.domain.vocabulary import UNKNOWN, CodeList, code_list, grouping
from casework.services.books import OpenedIncident

NO_PATTERN = "none"


class Unit(StrEnum):
    """What is counted."""

    INCIDENTS = "incidents"
    PEOPLE = "people"


class CountedUnit(NamedTuple):
    """One incident; or one person, who counts once, at the incident that is named here.

    `roles` are everybody's for an incident, and the person's own for a person.
    """

    case_id: UUID
    incident: IncidentFacts
    roles: tuple[str, ...]
    person: PersonFacts | None = None


def count_incident(incident: OpenedIncident) -> CountedUnit:
    """Return an incident as what is counted."""
    parts = incident.facts.participations
    if len(parts) == 1:  # the usual one, and soon told
        return CountedUnit(incident.case_id, incident.facts, parts[0].roles)
    return CountedUnit(incident.case_id, incident.facts, tuple(role for part in parts for role in part.roles))


Answers = tuple[str, ...]
Reader = Callable[[CountedUnit], Answers]


@dataclass(frozen=True, slots=True)
class DimensionSpec:
    """A coded question. It is read from `field`, through the grouping `attribute` of that field's list.

    `coarser` is the dimension that a table takes in its place where too much would be hidden. One that is
    `multiple` stands alone in its table.
    """

    name: str
    field: str
    units: frozenset[Unit]
    attribute: str = ""
    coarser: str = ""
    multiple: bool = False

    @property
    def codes(self) -> CodeList | None:
        """The code list that its answers come from; None for dates and patterns."""
        if self.field not in FIELDS:
            return None
        listed = FIELDS[self.field].codes
        return code_list(listed.groupings[self.attribute]) if self.attribute else listed


_BOTH = frozenset(Unit)
_INCIDENTS = frozenset({Unit.INCIDENTS})
_PEOPLE = frozenset({Unit.PEOPLE})

CATALOGUE: tuple[DimensionSpec, ...] = (
    DimensionSpec("contact_group", "contact_type", _BOTH, attribute="contact_group"),
    DimensionSpec("contact_type", "contact_type", _BOTH, coarser="contact_group"),
    DimensionSpec("raised_by", "raised_by", _BOTH),
    DimensionSpec("police_service", "police_service", _BOTH, coarser="police_level"),
    DimensionSpec("police_level", "police_service", _BOTH, attribute="level"),
    DimensionSpec("place", "place", _BOTH, coarser="city"),
    DimensionSpec("city", "place", _BOTH, attribute="city", coarser="province"),
    DimensionSpec("province", "place", _BOTH, attribute="province"),
    DimensionSpec("year", "date", _BOTH),
    DimensionSpec("quarter", "date", _BOTH, coarser="year"),
    DimensionSpec("age_band", "age_band", _PEOPLE),
    DimensionSpec("gender", "gender", _PEOPLE),
    DimensionSpec("citizenship", "immigration_status", _PEOPLE, attribute="citizenship"),
    DimensionSpec("immigration_status", "immigration_status", _PEOPLE, coarser="citizenship"),
    DimensionSpec("region", "region_of_origin", _PEOPLE, attribute="region"),
    DimensionSpec("region_of_origin", "region_of_origin", _PEOPLE, coarser="region"),
    DimensionSpec("status_surfaced", "status_surfaced", _INCIDENTS, multiple=True),
    DimensionSpec("reasons", "reasons", _INCIDENTS, multiple=True),
    DimensionSpec("referral_types", "referral_types", _INCIDENTS, multiple=True),
    DimensionSpec("cbsa_outcome", "cbsa_actions", _INCIDENTS, attribute="outcome", multiple=True),
    DimensionSpec("cbsa_actions", "cbsa_actions", _INCIDENTS, coarser="cbsa_outcome", multiple=True),
    DimensionSpec("detention_grounds", "detention_grounds", _INCIDENTS, multiple=True),
    DimensionSpec("consequences", "consequences", _INCIDENTS, multiple=True),
    DimensionSpec("patterns", "patterns", _INCIDENTS, multiple=True),
    DimensionSpec("roles", "roles", _BOTH, multiple=True),
    DimensionSpec("racialised_identities", "racialised_identities", _PEOPLE, multiple=True),
    DimensionSpec("languages", "languages", _PEOPLE, multiple=True),
)

_BY_NAME: Mapping[str, DimensionSpec] = {spec.name: spec for spec in CATALOGUE}


def dimensions(unit: Unit) -> tuple[DimensionSpec, ...]:
    """Return what a table of this unit can show."""
    return tuple(spec for spec in CATALOGUE if unit in spec.units)


def find_dimension(name: str) -> DimensionSpec | None:
    """Return the dimension of this name."""
    return _BY_NAME.get(name)


def get_dimension(name: str) -> DimensionSpec:
    """Return the dimension of this name; raises KeyError."""
    return _BY_NAME[name]


def ladder(name: str) -> tuple[str, ...]:
    """Return a dimension and those that it coarsens to, one after the other."""
    steps = [name]
    while coarser := get_dimension(steps[-1]).coarser:
        steps.append(coarser)
    return tuple(steps)


def reader(spec: DimensionSpec) -> Reader:
    """Return what reads a unit's answers; of a single-valued dimension it is always one."""
    fine = _fine_reader(spec)
    if spec.attribute:
        groups = grouping(FIELDS[spec.field].list_name, spec.attribute)
        # Many units give the few answers that there are: each is grouped and settled once.
        grouped = cache(lambda answers: settle(spec, (groups[code] for code in answers)))
        return lambda unit: grouped(fine(unit))
    return (lambda unit: settle(spec, fine(unit))) if spec.field == "roles" else fine


def settle(spec: DimensionSpec, answers: Iterable[str]) -> Answers:
    """Return each answer once. An exclusive one gives way to others; of several such, `unknown` stays."""
    given = dict.fromkeys(answers)
    exclusive = spec.codes.exclusive if spec.codes else frozenset()
    known = tuple(code for code in given if code not in exclusive)
    if known or len(given) == 1:
        return known or tuple(given)
    return (UNKNOWN,)


def _fine_reader(spec: DimensionSpec) -> Reader:
    if spec.field == "date":
        return _read_year if spec.name == "year" else _read_quarter
    if spec.field == "patterns":
        return lambda unit: tuple(pattern.hex for pattern in unit.incident.patterns) or (NO_PATTERN,)
    if spec.field == "roles":
        return lambda unit: unit.roles
    field = spec.field
    if FIELDS[field] in PERSON_FIELDS:
        return lambda unit: _as_answers(getattr(unit.person, field))
    return lambda unit: _as_answers(getattr(unit.incident, field))


def _as_answers(answers: str | Answers) -> Answers:
    return (answers,) if isinstance(answers, str) else answers


def _read_year(unit: CountedUnit) -> Answers:
    year = unit.incident.date.calendar_year()
    return (UNKNOWN if year is None else f"{year:04d}",)


def _read_quarter(unit: CountedUnit) -> Answers:
    quarter = unit.incident.date.quarter()
    return (UNKNOWN if quarter is None else write_quarter(quarter),)
