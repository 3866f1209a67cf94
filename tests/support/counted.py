"""Many small incidents, logged through the services, for statistics that have something to show."""

from collections.abc import Iterable

from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentNarrative
from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.services.context import Context
from casework.services.incidents import IncidentDraft, Logged, PersonDraft, log_incident


def log_many(
    context: Context,
    services: Iterable[str],
    written: str = "2025-05",
    consent: str = "given",
    team_only: bool = False,
) -> list[Logged]:
    """Log an incident of its own case and person for each police service named."""
    return [
        log_incident(
            context,
            IncidentDraft(
                date=VagueDate.parse(written),
                answers={"contact_type": "traffic_stop", "police_service": service},
                narrative=IncidentNarrative("", ""),
                people=(
                    PersonDraft(
                        identity=PersonIdentity(name="Invented"),
                        facts=PersonFacts(consents={"statistics": Consent(consent)}),
                        roles=("driver",),
                    ),
                ),
                team_only=team_only,
            ),
        )
        for service in services
    ]
