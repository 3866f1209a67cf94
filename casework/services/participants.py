"""The people of an incident as it is saved: somebody new, somebody changed, somebody only named."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from casework.domain.incident import IncidentFacts, Participation
from casework.domain.person import PersonFacts, PersonIdentity
from casework.errors import Conflict, NotFound
from casework.services import records
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.history.recording import record_added
from casework.services.once import draw_id
from casework.services.ownterms import drop_orphaned_terms, require_usable
from casework.services.transactions import Transaction
from casework.store import cases as store
from casework.store.database import db


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A person as a form gives them. `person_id` and `version` are set for somebody already in the case.

    Without `identity` and `facts` nothing is changed of them: only their roles are told. Somebody new with a
    `form_id`, that of a form which is of them alone, is written once.
    """

    person_id: UUID | None = None
    version: int = 0
    identity: PersonIdentity | None = None
    facts: PersonFacts | None = None
    roles: tuple[str, ...]
    form_id: UUID | None = None


def write_people(
    context: Context,
    opened: Transaction,
    keys: CaseKeys,
    case_id: UUID,
    people: Collection[PersonDraft],
    facts: IncidentFacts,
    is_new: bool = False,
    there: Collection[Participation] = (),
) -> IncidentFacts:
    """Write the people of an incident, and give its facts with them; `there` is who was in it until now.

    Who comes in with a new case is no change of it. Raises NotFound, Conflict, SavedBefore.
    """
    participations = []
    for person in people:
        if person.person_id is None:
            row = _add(context, opened, keys, case_id, person, there)
            if not is_new:
                record_added(context, opened.generation, keys, row)
        else:
            row = _change(context, opened, keys, case_id, person)
        participations.append(Participation(row.id, person.roles))
    return replace(facts, participations=tuple(participations))


def _add(
    context: Context,
    opened: Transaction,
    keys: CaseKeys,
    case_id: UUID,
    person: PersonDraft,
    there: Collection[Participation],
) -> store.Person:
    new = drop_orphaned_terms(context, person.facts or PersonFacts()), person.identity or PersonIdentity()
    require_usable(context, new[0].own_terms)

    def says_same(known: UUID) -> bool | None:
        row = store.find_record(store.Person, known)
        if row is None:
            return None
        roles = next((part.roles for part in there if part.person_id == known), None)
        return (*records.open_person(context, keys, row), roles) == (*new, person.roles)

    row = store.Person(
        id=draw_id(context, person.form_id, f"person {case_id.hex}", says_same), case_id=case_id
    )
    records.write_person(context, opened.generation, keys, row, *new)
    db.session.add(row)
    return row


def _change(
    context: Context, opened: Transaction, keys: CaseKeys, case_id: UUID, person: PersonDraft
) -> store.Person:
    row = store.find_person(person.person_id or UUID(int=0))
    if row is None or row.case_id != case_id:
        raise NotFound("person")
    before = records.open_person(context, keys, row)
    facts = before[0]
    if person.facts:
        require_usable(context, person.facts.own_terms, facts.own_terms)
        facts = drop_orphaned_terms(context, replace(person.facts, merged=facts.merged))
    wanted = facts, person.identity or before[1]
    if wanted != before:
        if row.version != person.version:
            raise Conflict("person")
        records.write_person(context, opened.generation, keys, row, *wanted)
    return row
