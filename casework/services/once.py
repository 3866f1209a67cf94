"""A form that writes a new record carries an id of its own: however often it is posted, it is saved once.

The records' ids follow from it and from who posts, so that any process finds again what was saved, and nobody
can name the records of somebody else.
"""

import hashlib
from collections.abc import Callable, Collection
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

_PURPOSE = b"casework form of a new record 1"
_MOST_TURNS = 100
"""How often what a form had saved may be deleted and the form sent again; then it is saved once no more."""


@dataclass(frozen=True, slots=True)
class NewIds:
    """The ids of a case and an incident to be written."""

    case_id: UUID
    incident_id: UUID


class SavedBefore(Exception):
    """This form was saved before, as this record; `differs` where it says other things now."""

    def __init__(self, record_id: UUID, differs: bool = False) -> None:
        super().__init__("saved before")
        self.record_id = record_id
        self.differs = differs


@dataclass(frozen=True, slots=True)
class Told:
    """A person of an incident, as told: with `person_id` one whom the case had; None where not changed."""

    person_id: UUID | None
    identity: PersonIdentity | None
    facts: PersonFacts | None
    roles: tuple[str, ...]


def draw_id(
    context: Context, form_id: UUID | None, what: str, says_same: Callable[[UUID], bool | None]
) -> UUID:
    """Return the id of the record that this form saves; raises SavedBefore. Only under the write lock.

    `what` is the kind of record, with its place where a form is of one. `says_same` returns of an id whether
    the record that stands under it says what the form says, and None where there is none; it raises NotFound
    for one that was deleted, or is open to the member no longer: then the form saves anew under the next id.
    """
    if form_id is not None:
        digest = hashlib.sha256(_PURPOSE + context.member_id.bytes + form_id.bytes + what.encode())
        for turn in range(_MOST_TURNS):
            drawn = _number(digest.digest() + turn.to_bytes(2, "big"))
            try:
                same = says_same(drawn)
            except NotFound:
                continue
            if same is None:
                return drawn
            raise SavedBefore(drawn, differs=not same)
    return uuid4()


def draw_ids(context: Context, form_id: UUID | None, says_same: Callable[[Incident], bool]) -> NewIds:
    """Return the ids of the incident that this form saves, and of a case for it; as `draw_id`."""

    def look(incident_id: UUID) -> bool | None:
        row = find_record(Incident, incident_id)
        if row is not None:
            get_case_row(context, row.case_id)
            return says_same(row)
        # An id is never used twice: what was sealed under it before could be put in the place of the new.
        if find_erasure(_case_of(incident_id)):
            raise NotFound("incident")
        return None

    incident_id = draw_id(context, form_id, "incident", look)
    return NewIds(_case_of(incident_id), incident_id)


def was_saved(context: Context, form_id: UUID) -> bool:
    """Return whether a form of a new incident was saved, as what the member may still open."""
    try:
        draw_ids(context, form_id, lambda _row: True)
    except SavedBefore:
        return True
    return False


def _case_of(incident_id: UUID) -> UUID:
    return _number(_PURPOSE + b"its case" + incident_id.bytes)


def _number(seed: bytes) -> UUID:
    return UUID(bytes=hashlib.sha256(seed).digest()[:16], version=4)


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
