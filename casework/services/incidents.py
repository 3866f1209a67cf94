"""Logging and changing incidents, with their case and people: one screen, one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from casework.domain.case import CaseFacts, new_reference
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, IncidentNarrative, Participation, validate_incident
from casework.domain.permissions import Permission
from casework.domain.person import PersonFacts, PersonIdentity, validate_person
from casework.errors import Conflict, NotFound
from casework.services import records
from casework.services.access import get_case_row, get_incident_row
from casework.services.context import Context
from casework.services.records import CaseKeys
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store
from casework.store.database import db

_REFERENCE_TRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A person as a form gives them. `person_id` and `version` are set for somebody already in the case."""

    person_id: UUID | None = None
    version: int = 0
    identity: PersonIdentity
    facts: PersonFacts
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDraft:
    """An incident as a form gives it. `answers` are the coded fields of `IncidentFacts` by name."""

    date: VagueDate
    answers: Mapping[str, str | tuple[str, ...]]
    patterns: tuple[UUID, ...] = ()
    narrative: IncidentNarrative
    people: tuple[PersonDraft, ...] = ()
    team_only: bool = False
    team: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Logged:
    """Where what was logged stands."""

    case_id: UUID
    incident_id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident opened for editing, with the people of its case."""

    id: UUID
    case_id: UUID
    reference: str
    version: int
    facts: IncidentFacts
    narrative: IncidentNarrative
    people: tuple[PersonDraft, ...]


def log_incident(context: Context, draft: IncidentDraft, case_id: UUID | None = None) -> Logged:
    """Log an incident in a new case, or in one that exists.

    Raises Invalid naming the fields to correct, NotFound when the case is not the member's to know.
    """
    context.require(Permission.EDIT_CASES)
    _validate(context, draft)
    with transaction(context, "incident.logged") as opened:
        if case_id is None:
            reference = draw_reference(context)
            case_id, keys = _open_new_case(context, opened, draft, reference)
        else:
            case = get_case_row(context, case_id)
            case.generation = opened.generation
            reference, keys = (
                records.open_case(context, case).reference,
                records.open_case_keys(context, case_id),
            )
        facts = _write_people(context, opened, keys, case_id, draft, _new_facts(context, draft))
        row = store.Incident(id=uuid4(), case_id=case_id)
        records.write_incident_facts(context, opened.generation, row, facts)
        records.write_narrative(keys, row, draft.narrative)
        db.session.add(row)
        opened.note(case=case_id, incident=row.id)
        return Logged(case_id, row.id, reference)


def get_incident(context: Context, incident_id: UUID) -> IncidentView:
    """Open an incident with the people of its case; raises NotFound. An audit entry says that it was read."""
    with transaction(context, "case.read") as opened:
        row = get_incident_row(context, incident_id)
        opened.note(case=row.case_id)
        return _view(context, row)


def change_incident(context: Context, incident_id: UUID, version: int, draft: IncidentDraft) -> Logged:
    """Save a changed incident and its people; `version` is the one that was read.

    Raises Conflict when somebody saved it since, Invalid naming fields, NotFound.
    """
    context.require(Permission.EDIT_CASES)
    _validate(context, draft)
    with transaction(context, "incident.changed") as opened:
        row = get_incident_row(context, incident_id)
        if row.version != version:
            raise Conflict("incident")
        case = get_case_row(context, row.case_id)
        case.generation = opened.generation
        keys, before = records.open_case_keys(context, row.case_id), records.open_incident(context, row)
        facts = replace(_new_facts(context, draft), logged_on=before.logged_on, logged_by=before.logged_by)
        facts = _write_people(context, opened, keys, row.case_id, draft, facts)
        records.write_incident_facts(context, opened.generation, row, facts)
        records.write_narrative(keys, row, draft.narrative)
        opened.note(case=row.case_id, incident=row.id)
        return Logged(row.case_id, row.id, records.open_case(context, case).reference)


def draw_reference(context: Context) -> str:
    """Draw a case reference that no case has; only under the write lock."""
    return draw_references(context, 1)[0]


def draw_references(context: Context, count: int) -> list[str]:
    """Draw as many different references that no case has; only under the write lock."""
    year, free = context.runtime.today().year, dict[str, None]()
    for _ in range(_REFERENCE_TRIES):
        drawn = {context.runtime.host_key.reference_hmac(ref): ref for ref in _draw(year, count - len(free))}
        taken = store.list_taken_references(drawn)
        free.update((reference, None) for hmac, reference in drawn.items() if hmac not in taken)
        if len(free) == count:
            return list(free)
    raise Conflict("reference")


def _draw(year: int, count: int) -> list[str]:
    return [new_reference(year) for _ in range(count)]


def _validate(context: Context, draft: IncidentDraft) -> None:
    validate_incident(_new_facts(context, draft))
    for person in draft.people:
        validate_person(person.facts)


def _new_facts(context: Context, draft: IncidentDraft) -> IncidentFacts:
    return IncidentFacts(
        date=draft.date,
        patterns=draft.patterns,
        logged_on=context.runtime.today(),
        logged_by=context.member_id,
        **draft.answers,  # type: ignore[arg-type]  # validate_incident checks each answer
    )


def _open_new_case(
    context: Context, opened: Transaction, draft: IncidentDraft, reference: str
) -> tuple[UUID, CaseKeys]:
    facts = CaseFacts(reference=reference, opened_on=context.runtime.today(), opened_by=context.member_id)
    team = draft.team | {context.member_id} if draft.team_only else frozenset()
    return records.add_case(context, opened.generation, facts, draft.team_only, team)


def _write_people(
    context: Context,
    opened: Transaction,
    keys: CaseKeys,
    case_id: UUID,
    draft: IncidentDraft,
    facts: IncidentFacts,
) -> IncidentFacts:
    participations = []
    for person in draft.people:
        if person.person_id is None:
            row = store.Person(id=uuid4(), case_id=case_id)
            db.session.add(row)
            records.write_person(context, opened.generation, keys, row, person.facts, person.identity)
        else:
            row = _change_person(context, opened, keys, case_id, person)
        participations.append(Participation(row.id, person.roles))
    return replace(facts, participations=tuple(participations))


def _change_person(
    context: Context, opened: Transaction, keys: CaseKeys, case_id: UUID, person: PersonDraft
) -> store.Person:
    row = store.find_record(store.Person, person.person_id or UUID(int=0))
    if row is None or row.case_id != case_id:
        raise NotFound("person")
    if records.open_person(context, keys, row) != (person.facts, person.identity):
        if row.version != person.version:
            raise Conflict("person")
        records.write_person(context, opened.generation, keys, row, person.facts, person.identity)
    return row


def _view(context: Context, row: store.Incident) -> IncidentView:
    case = get_case_row(context, row.case_id)
    keys, facts = records.open_case_keys(context, row.case_id), records.open_incident(context, row)
    roles = {participation.person_id: participation.roles for participation in facts.participations}
    rows = {person.id: person for person in store.list_people(row.case_id)}
    people = []
    for person_id in roles:
        person_facts, identity = records.open_person(context, keys, rows[person_id])
        people.append(
            PersonDraft(
                person_id=person_id,
                version=rows[person_id].version,
                identity=identity,
                facts=person_facts,
                roles=roles[person_id],
            )
        )
    return IncidentView(
        row.id,
        row.case_id,
        records.open_case(context, case).reference,
        row.version,
        facts,
        records.open_narrative(keys, row),
        tuple(people),
    )
