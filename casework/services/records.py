"""Sealing and opening the documents of a case: the one place that knows which key a document lies under."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from casework.domain.attachment import Attachment
from casework.domain.case import CaseFacts
from casework.domain.folding import fold
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.person import PersonFacts, PersonIdentity
from casework.errors import Conflict
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.history.recording import record_change, record_coded_change
from casework.services.personfacts import (
    agrees_anew,
    is_answered,
    is_no_kept,
    seal_person_facts,
    settle_agreement,
)
from casework.services.personfacts import open_person_facts as open_person_facts
from casework.services.restricted.naming import name_members, seal_naming
from casework.services.restricted.rekeying import KeyRow, lay_out_keys, make_keys
from casework.store import attachments as attachments_store
from casework.store import cases as store
from casework.store.database import db
from casework.store.erasures import list_erased_of
from casework.vault import documents
from casework.vault.fields import (
    ATTACHMENT_NARRATIVE,
    CASE_CODED,
    INCIDENT_CODED,
    INCIDENT_NARRATIVE,
    PERSON_IDENTITY,
    Compartment,
)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person of a case, opened."""

    id: UUID
    version: int
    facts: PersonFacts
    identity: PersonIdentity

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The person's id, and those of the records that this one was made of: older forms name them."""
        return (self.id, *(self.facts.merged.of if self.facts.merged else ()))


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case's row, the rows that refer to it, and its keys, before they are stored."""

    row: store.Case
    keys: CaseKeys
    relations: Sequence[KeyRow | store.CaseAccess]


def add_case(
    context: Context,
    generation: int,
    facts: CaseFacts,
    team_only: bool,
    team: frozenset[UUID],
    restricted: bool = False,
    case_id: UUID | None = None,
) -> tuple[UUID, CaseKeys]:
    """Write a new case with its keys and team, so that its people can refer to it; raises as `make_case`."""
    new = make_case(context, generation, facts, team_only, team, restricted, case_id)
    add_cases([new])
    return new.row.id, new.keys


def add_cases(cases: Sequence[NewCase]) -> None:
    """Write new cases, those that others refer to first; raises Conflict for one that was erased."""
    if list_erased_of([case.row.id for case in cases]):
        raise Conflict("erased")
    db.session.add_all(case.row for case in cases)
    db.session.flush()
    db.session.add_all(relation for case in cases for relation in case.relations)


def make_case(
    context: Context,
    generation: int,
    facts: CaseFacts,
    team_only: bool,
    team: frozenset[UUID],
    restricted: bool = False,
    case_id: UUID | None = None,
) -> NewCase:
    """Make a new case's keys and seal its document; `add_cases` writes it. Without a `case_id` one is drawn.

    A restricted one is sealed to its team: Invalid naming `team` for somebody who may open no case.
    """
    case_id = case_id or uuid4()
    row = store.Case(
        id=case_id,
        version=1,
        generation=generation,
        team_only=team_only,
        restricted=restricted,
        reference_hmac=context.runtime.host_key.reference_hmac(facts.reference),
        coded_sealed=context.keyring.seal(CASE_CODED, case_id, 1, documents.encode(facts.to_document())),
        coded_version=1,
        named_version=0,
        recovery_number=context.roster.recovery_number if restricted else None,
    )
    keys, naming = make_keys(context, case_id), name_members(context, team) if restricted else None
    if naming:
        seal_naming(keys, row, naming)
    access = [store.CaseAccess(case_id=case_id, member_id=member_id) for member_id in team]
    return NewCase(row, keys, [*access, *lay_out_keys(context, keys, naming)])


def write_case(context: Context, generation: int, row: store.Case, facts: CaseFacts) -> None:
    """Seal a case's coded document into its row under the next version.

    The row's own `version`, which tells editors of a lost race, stays: it is the caller's to raise.
    """
    row.generation = generation
    row.coded_version += 1
    row.coded_sealed = context.keyring.seal(
        CASE_CODED, row.id, row.coded_version, documents.encode(facts.to_document())
    )


def change_case(context: Context, generation: int, row: store.Case, facts: CaseFacts) -> None:
    """Write a case's changed document as `write_case` does; its history says what it was before."""
    record_coded_change(context, generation, row, [open_case(context, row)], [facts])
    write_case(context, generation, row, facts)


def touch_case(context: Context, generation: int, row: store.Case) -> CaseFacts:
    """Note that a case has new content today: retention counts from the last such day."""
    facts = open_touched_case(context, row)
    write_case(context, generation, row, facts)
    return facts


def open_touched_case(context: Context, row: store.Case) -> CaseFacts:
    """Open a case's coded document as one with new content today; the caller writes it, changed further."""
    return replace(open_case(context, row), touched_on=context.runtime.today())


def write_person(
    context: Context,
    generation: int,
    keys: CaseKeys,
    row: store.Person,
    facts: PersonFacts,
    identity: PersonIdentity,
) -> None:
    """Seal both documents of a person into a row, new or old; each under its next version.

    Of an old one the history says what it was before.
    """
    before = None
    if row.version:
        before, was = open_person(context, keys, row)
        record_change(context, generation, keys, row, [before], [facts], (was, identity))
    _write_person_facts(context, generation, row, before, facts)
    seal_identity(keys, row, identity)


def seal_identity(keys: CaseKeys, row: store.Person, identity: PersonIdentity) -> None:
    """Seal who a person is into a row, new or old, under its next version."""
    row.identity_version = (row.identity_version or 0) + 1
    row.identity_sealed = keys.for_writing(Compartment.IDENTITY).seal(
        PERSON_IDENTITY, row.id, row.identity_version, documents.encode(identity.to_document())
    )


def change_person_facts(context: Context, generation: int, row: store.Person, facts: PersonFacts) -> None:
    """Write the coded document of a person who exists; their history says what it was before."""
    before = open_person_facts(context, row)
    record_coded_change(context, generation, row, [before], [facts])
    _write_person_facts(context, generation, row, before, facts)


def _write_person_facts(
    context: Context, generation: int, row: store.Person, before: PersonFacts | None, facts: PersonFacts
) -> None:
    """Seal the coded document of a person; where they answered anew, their other records follow."""
    # Only a yes ends a no that was erased; a yes that is taken away is none.
    is_kept = before is not None and not agrees_anew(before, facts) and is_no_kept(context, row.id)
    row.version = (row.version or 0) + 1
    seal_person_facts(context, generation, row, facts.noted(before, context.runtime.now()))
    if before is not None and is_answered(before, facts):
        settle_agreement(context, generation, row.id, is_kept=is_kept)


def change_incident(
    context: Context,
    generation: int,
    keys: CaseKeys,
    row: store.Incident,
    facts: IncidentFacts,
    narrative: IncidentNarrative,
) -> None:
    """Seal both documents of an incident that exists; its history says what it was before."""
    before = open_incident(context, row), open_narrative(keys, row)
    record_change(context, generation, keys, row, before, [facts, narrative])
    write_incident_facts(context, generation, row, facts)
    write_narrative(keys, row, narrative)


def write_incident_facts(
    context: Context, generation: int, row: store.Incident, facts: IncidentFacts
) -> None:
    """Seal the coded document of an incident into its row under the next version."""
    row.version = (row.version or 0) + 1
    row.generation = generation
    row.coded_version = (row.coded_version or 0) + 1
    row.coded_sealed = context.keyring.seal(
        INCIDENT_CODED, row.id, row.coded_version, documents.encode(facts.to_document())
    )


def write_narrative(keys: CaseKeys, row: store.Incident, narrative: IncidentNarrative) -> None:
    """Seal the narrative of an incident into its row under the next version."""
    row.narrative_version = (row.narrative_version or 0) + 1
    row.narrative_sealed = keys.for_writing(Compartment.NARRATIVE).seal(
        INCIDENT_NARRATIVE, row.id, row.narrative_version, documents.encode(narrative.to_document())
    )


def write_attachment(
    generation: int, keys: CaseKeys, row: attachments_store.Attachment, attachment: Attachment
) -> None:
    """Seal the document of a file into its row, new or old, under the next version."""
    row.version = (row.version or 0) + 1
    row.generation = generation
    row.narrative_version = (row.narrative_version or 0) + 1
    row.narrative_sealed = keys.for_writing(Compartment.NARRATIVE).seal(
        ATTACHMENT_NARRATIVE, row.id, row.narrative_version, documents.encode(attachment.to_document())
    )


def open_attachment(keys: CaseKeys, row: attachments_store.Attachment) -> Attachment:
    """Open the document of a file."""
    key = keys.for_reading(Compartment.NARRATIVE, row.narrative_sealed)
    plain = key.open(ATTACHMENT_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed)
    return Attachment.from_document(documents.decode(plain))


def open_case(context: Context, row: store.Case) -> CaseFacts:
    """Open a case's coded document."""
    return CaseFacts.from_document(
        documents.decode(context.keyring.open(CASE_CODED, row.id, row.coded_version, row.coded_sealed))
    )


def open_person(context: Context, keys: CaseKeys, row: store.Person) -> tuple[PersonFacts, PersonIdentity]:
    """Open both documents of a person."""
    key = keys.for_reading(Compartment.IDENTITY, row.identity_sealed)
    identity = key.open(PERSON_IDENTITY, row.id, row.identity_version, row.identity_sealed)
    facts = open_person_facts(context, row)
    return facts, PersonIdentity.from_document(documents.decode(identity))


def open_people(context: Context, keys: CaseKeys, case_id: UUID) -> list[PersonView]:
    """Open everybody in a case, by name."""
    people = [
        PersonView(row.id, row.version, *open_person(context, keys, row))
        for row in store.list_people(case_id)
    ]
    return sorted(people, key=lambda person: (fold(person.identity.name), person.id))


def open_incident(context: Context, row: store.Incident) -> IncidentFacts:
    """Open the coded document of an incident."""
    return IncidentFacts.from_document(
        documents.decode(context.keyring.open(INCIDENT_CODED, row.id, row.coded_version, row.coded_sealed))
    )


def open_narrative(keys: CaseKeys, row: store.Incident) -> IncidentNarrative:
    """Open the narrative of an incident."""
    key = keys.for_reading(Compartment.NARRATIVE, row.narrative_sealed)
    return IncidentNarrative.from_document(
        documents.decode(key.open(INCIDENT_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed))
    )
