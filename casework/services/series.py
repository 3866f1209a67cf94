"""A series of incidents: what the next one has in common with the last."""

from dataclasses import dataclass
from uuid import UUID

from casework.domain.incident import IncidentFacts
from casework.services import records
from casework.services.access import get_case_row, get_incident_row
from casework.services.context import Context
from casework.store import cases as store


@dataclass(frozen=True, slots=True)
class Repeated:
    """What the next incident of a series may have in common with the last one: `facts` are that one's."""

    facts: IncidentFacts
    team_only: bool
    restricted: bool
    team: frozenset[UUID]


def get_repeated(context: Context, incident_id: UUID) -> Repeated:
    """Return what "save and log another" takes over from an incident; raises NotFound."""
    row = get_incident_row(context, incident_id)
    case = get_case_row(context, row.case_id)
    facts = records.open_incident(context, row)
    team = frozenset(store.list_team(case.id))
    return Repeated(facts, case.team_only, case.restricted, team)
