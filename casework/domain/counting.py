"""What statistics may count: only people who consented, and only incidents in which all did."""

from collections.abc import Container, Hashable, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from .incident import IncidentFacts
from .person import PersonFacts, may_count

Key = TypeVar("Key", bound=Hashable)


class Counted(StrEnum):
    """How much of a case may be counted in statistics."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


def people_counting(people: Mapping[UUID, PersonFacts]) -> frozenset[UUID]:
    """Give the ids of those who consented to statistics."""
    return frozenset(person_id for person_id, person in people.items() if may_count(person))


def incident_counts(incident: IncidentFacts, consenting: Container[UUID]) -> bool:
    """Tell whether the incident may be counted: somebody took part, and everybody who did consented.

    One person's refusal keeps the whole incident out, since the others' figures would describe them too.
    """
    people = [participation.person_id for participation in incident.participations]
    return bool(people) and all(person in consenting for person in people)


def how_counted(incidents: Iterable[IncidentFacts], people: Mapping[UUID, PersonFacts]) -> Counted | None:
    """Tell how much may be counted of these incidents, which name these people; None without any incident."""
    consenting = people_counting(people)
    answers = {incident_counts(incident, consenting) for incident in incidents}
    if not answers:
        return None
    return Counted.PARTLY if len(answers) > 1 else Counted.YES if True in answers else Counted.NO


def first_incidents(incidents: Iterable[tuple[Key, IncidentFacts]]) -> dict[UUID, Key]:
    """Give each person's first incident by date among `incidents`, for tables whose unit is people.

    Pass only what may be counted and lies in the period. Ties go to the incident that comes first in
    `incidents`; an unknown date comes after every known one.
    """
    first: dict[UUID, Key] = {}
    for key, incident in sorted(incidents, key=lambda pair: pair[1].date.sort_key()):
        for participation in incident.participations:
            first.setdefault(participation.person_id, key)
    return first
