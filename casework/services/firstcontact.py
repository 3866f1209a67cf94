"""What is known of the officers when an incident is logged: the first act of its pathway."""

from dataclasses import replace
from uuid import UUID, uuid5

from casework.domain.act import NO_TEXTS, Act, ActTexts
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.moments import Moment
from casework.domain.pathway import with_acts


def with_contact(
    incident_id: UUID, facts: IncidentFacts, narrative: IncidentNarrative, officers: ActTexts
) -> tuple[IncidentFacts, IncidentNarrative]:
    """Give a new incident the contact as its first act, where something is known of who the officers were.

    The act's id follows from the incident's: a form that is posted again makes the same act.
    """
    if officers == NO_TEXTS:
        return facts, narrative
    contact = Act(
        id=uuid5(incident_id, "contact"),
        kind="contact",
        code=facts.contact_type,
        when=Moment(facts.date),
        people=tuple(sorted((part.person_id for part in facts.participations), key=str)),
        added_on=facts.logged_on,
        added_by=facts.logged_by,
    )
    return with_acts(facts, (contact,)), replace(narrative, acts=((contact.id, officers),))
