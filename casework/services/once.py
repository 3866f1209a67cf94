"""A form of a new incident carries an id of its own: however often it is posted, it is saved once.

The records' ids follow from it and from who posts, so that any process finds again what was saved, and nobody
can name the records of somebody else.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.person import PersonFacts, PersonIdentity
from casework.errors import NotFound
from casework.services.access import get_case_row
from casework.services.context import Context
from casework.services.records import PersonView
from casework.store.cases import Incident, find_record
from casework.store.erasures import find_erasure

_PURPOSE = b"casework form of a new incident 1"


@dataclass(frozen=True, slots=True)
class NewIds:
    """The ids of a case and an incident to be written."""

    case_id: UUID
    incident_id: UUID


class SavedBefore(Exception):
    """This form was saved before, as this incident."""

    def __init__(self, incident_id: UUID) -> None:
        super().__init__("saved before")
        self.incident_id = incident_id


@dataclass(frozen=True, slots=True)
class Told:
    """A person of an incident, as told: with `person_id` one whom the case had; None where not changed."""

    person_id: UUID | None
    identity: PersonIdentity | None
    facts: PersonFacts | None
    roles: tuple[str, ...]


def draw_ids(context: Context, form_id: UUID | None) -> NewIds:
    """Return the ids of what this form saves; raises SavedBefore. Only under the write lock.

    Where what it had saved was erased, or is open to the member no longer, it saves anew under other ids.
    """
    if form_id is None:
        return NewIds(uuid4(), uuid4())
    digest = hashlib.sha256(_PURPOSE + context.member_id.bytes + form_id.bytes).digest()
    ids = NewIds(UUID(bytes=digest[:16], version=4), UUID(bytes=digest[16:], version=4))
    row = find_record(Incident, ids.incident_id)
    if row is not None:
        try:
            get_case_row(context, row.case_id)
        except NotFound:
            return NewIds(uuid4(), uuid4())
        raise SavedBefore(row.id)
    # An id is never used twice: what was sealed under it before could be put in the place of the new.
    return NewIds(uuid4(), uuid4()) if find_erasure(ids.case_id) else ids


def is_same(
    mine: tuple[IncidentFacts, IncidentNarrative, Collection[Told]],
    kept: tuple[IncidentFacts, IncidentNarrative, Collection[PersonView]],
) -> bool:
    """Return whether what is told now is what was kept then; the people and who logged it are given alike."""
    facts, narrative, people = kept
    if mine[:2] != (facts, narrative):
        return False
    views, parts = {view.id: view for view in people}, list(facts.participations)
    for told in mine[2]:
        found = next((part for part in parts if _fits(told, views[part.person_id], part.roles)), None)
        if found is None:
            return False
        parts.remove(found)
    return not parts


def _fits(told: Told, view: PersonView, roles: tuple[str, ...]) -> bool:
    is_them = told.person_id in (None, view.id) and told.roles == roles
    is_known = told.person_id is not None
    identity = told.identity or (view.identity if is_known else PersonIdentity())
    facts = told.facts or (view.facts if is_known else PersonFacts())
    return is_them and (identity, facts) == (view.identity, view.facts)
