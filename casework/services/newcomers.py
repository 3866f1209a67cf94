"""Somebody who comes into a case with an incident that was logged before."""

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from casework.domain.coded import INCIDENT_FIELDS
from casework.errors import Conflict, NotFound
from casework.services.context import Context
from casework.services.incidents import (
    IncidentDraft,
    IncidentView,
    PersonDraft,
    change_incident,
    get_incident,
)

_TRIES = 5


def add_person(
    context: Context, case_id: UUID, incident_id: UUID, person: PersonDraft, kept_as: Collection[UUID] = ()
) -> UUID:
    """Add somebody to an incident, which stays as it is otherwise; its drafts go. Returns their id.

    Raises NotFound, Invalid naming fields, Conflict where others saved the incident at the same moment, again
    and again; SavedBefore for a form that was saved.
    """
    for _try in range(_TRIES - 1):
        with suppress(Conflict):
            return _add(context, case_id, incident_id, person, kept_as)
    return _add(context, case_id, incident_id, person, kept_as)


def _add(
    context: Context, case_id: UUID, incident_id: UUID, person: PersonDraft, kept_as: Collection[UUID]
) -> UUID:
    view = get_incident(context, incident_id)
    if view.case_id != case_id:
        raise NotFound("incident")
    draft = _as_it_stands(view, person)
    return change_incident(context, incident_id, view.version, draft, kept_as).people[-1]


def _as_it_stands(view: IncidentView, person: PersonDraft) -> IncidentDraft:
    named = (PersonDraft(person_id=part.person_id, roles=part.roles) for part in view.facts.participations)
    return IncidentDraft(
        date=view.facts.date,
        answers={field.name: getattr(view.facts, field.name) for field in INCIDENT_FIELDS},
        patterns=view.facts.patterns,
        own_terms=view.facts.own_terms,
        narrative=view.narrative,
        people=(*named, person),
    )
