"""Incidents to log: complete ones, so that every sealed document has something in it."""

from uuid import UUID

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentNarrative
from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.services.incidents import IncidentDraft, PersonDraft


def person_draft(name: str = "Teodor Vulcan") -> PersonDraft:
    """Return somebody new."""
    return PersonDraft(
        identity=PersonIdentity(name=name, phone="514 555 0132", address="12 rue Rivard"),
        facts=PersonFacts(consents={"statistics": Consent("given")}),
        roles=("passenger",),
    )


def incident_draft(
    text: str = "Stopped at the corner and asked for papers.",
    people: tuple[PersonDraft, ...] | None = None,
    team_only: bool = False,
    patterns: tuple[UUID, ...] = (),
    restricted: bool = False,
    team: frozenset[UUID] = frozenset(),
) -> IncidentDraft:
    """Return an incident with one new person, as a form gives it."""
    return IncidentDraft(
        date=VagueDate.parse("2026-05"),
        answers={"contact_type": "traffic_stop", "police_service": "unknown"},
        patterns=patterns,
        narrative=IncidentNarrative(text, "rue Jarry, near the park"),
        people=(person_draft(),) if people is None else people,
        team_only=team_only,
        restricted=restricted,
        team=team,
    )
