"""A case as a page: its people, its incidents in time, who may open it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from casework.domain.case import CaseFacts
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.messages import N_
from casework.domain.permissions import Permission, Role, may
from casework.domain.person import PersonFacts, PersonIdentity, validate_identity, validate_person
from casework.errors import Conflict, Invalid, NotFound
from casework.services import records
from casework.services.access import get_case_row, get_case_row_as_read, require_members
from casework.services.casekeyring import open_case_keys, open_case_keys_to_write
from casework.services.context import Context
from casework.services.drafts import drop_drafts
from casework.services.history.recording import read_access, record_coded_change
from casework.services.history.successors import find_successor
from casework.services.ownterms import drop_orphaned_terms, require_usable
from casework.services.records import PersonView
from casework.services.transactions import transaction
from casework.store import cases as store
from casework.store.database import db
from casework.store.restricted import list_holders
from casework.vault.rosterentry import RosterMember


@dataclass(frozen=True, slots=True)
class IncidentStory:
    """An incident of a case, opened."""

    id: UUID
    facts: IncidentFacts
    narrative: IncidentNarrative


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case, opened; incidents oldest first. `team` is empty where all caseworkers may open it.

    Of a restricted one `team` are the named, and `keyless` those of them whom its keys are not sealed to.
    """

    id: UUID
    version: int
    facts: CaseFacts
    team_only: bool
    restricted: bool
    team: frozenset[UUID]
    keyless: frozenset[UUID]
    people: Sequence[PersonView]
    incidents: Sequence[IncidentStory]

    @property
    def heirs(self) -> frozenset[UUID] | None:
        """Whom the case may be handed over to: any caseworker, or those named who have its keys."""
        return self.team - self.keyless if self.restricted else None


def get_case(context: Context, case_id: UUID) -> CaseView:
    """Open a case with all that is in it; raises NotFound. An audit entry says that it was read."""
    with transaction(context, "case.read") as opened:
        opened.note(case=case_id)
        return open_whole(context, case_id)


def open_whole(context: Context, case_id: UUID) -> CaseView:
    """Open a case with all that is in it, in the transaction that says why; raises NotFound."""
    row = get_case_row(context, case_id)
    keys = open_case_keys(context, case_id)
    incidents = [
        IncidentStory(i.id, records.open_incident(context, i), records.open_narrative(keys, i))
        for i in store.list_incidents(case_id)
    ]
    return CaseView(
        case_id,
        row.version,
        records.open_case(context, row),
        row.team_only,
        row.restricted,
        frozenset(store.list_team(case_id)),
        frozenset(store.list_team(case_id)) - list_holders(case_id) if row.restricted else frozenset(),
        records.open_people(context, keys, case_id),
        sorted(incidents, key=lambda incident: incident.facts.date.sort_key()),
    )


@dataclass(frozen=True, slots=True)
class PersonOfCase:
    """A person, with the reference of their case."""

    reference: str
    person: PersonView


def get_person(context: Context, case_id: UUID, person_id: UUID) -> PersonOfCase:
    """Open a person, or who stands for them now; raises NotFound. An audit entry says that it was read."""
    with transaction(context, "case.read") as opened:
        case, row = get_case_row(context, case_id), _get_person_row(context, case_id, person_id)
        opened.note(case=case_id)
        facts, identity = records.open_person(context, open_case_keys(context, case_id), row)
        return PersonOfCase(
            records.open_case(context, case).reference, PersonView(row.id, row.version, facts, identity)
        )


def change_person(
    context: Context,
    case_id: UUID,
    person_id: UUID,
    version: int,
    facts: PersonFacts,
    identity: PersonIdentity,
    kept_as: Collection[UUID] = (),
) -> None:
    """Save a person, consents included; the drafts that the form was kept as go.

    Raises NotFound, Invalid naming fields, Conflict when somebody saved the person since.
    """
    context.require(Permission.EDIT_CASES)
    validate_person(facts, today=context.runtime.today())
    validate_identity(identity, context.runtime.today())
    with transaction(context, "person.changed") as opened:
        case = get_case_row(context, case_id)
        row = _get_person_row(context, case_id, person_id)
        if row.version != version:
            raise Conflict("person")
        records.touch_case(context, opened.generation, case)
        keys = open_case_keys_to_write(context, case_id)
        before = records.open_person_facts(context, row)
        require_usable(context, facts.own_terms, before.own_terms)
        facts = drop_orphaned_terms(context, replace(facts, merged=before.merged))
        records.write_person(context, opened.generation, keys, row, facts, identity)
        drop_drafts(context, kept_as)
        opened.note(case=case_id, person=row.id)


def get_person_id(context: Context, case_id: UUID, person_id: UUID) -> UUID:
    """Return the id of who stands for this person now; raises NotFound."""
    get_case_row(context, case_id)
    return _get_person_row(context, case_id, person_id).id


def _get_person_row(context: Context, case_id: UUID, person_id: UUID) -> store.Person:
    """Return who stands in the case for this person now: older forms name a record that was merged since.

    Of one that a merge had made, and its undo laid aside, the first that it was made of. The version is above
    that of every record passed on the way. What went for good the history still tells of. Raises NotFound.
    """
    passed, wanted = set[UUID](), person_id
    row = store.find_record(store.Person, wanted)
    while row is None or row.set_aside:
        passed.add(wanted)
        following = _stands_for(context, row) if row else find_successor(context, case_id, wanted)
        if following is None or following in passed:
            raise NotFound("person")
        wanted = following
        row = store.find_record(store.Person, wanted)
    if row.case_id != case_id:
        raise NotFound("person")
    return row


def _stands_for(context: Context, row: store.Person) -> UUID | None:
    facts = records.open_person_facts(context, row)
    into = facts.aside.into if facts.aside else None
    return into or (facts.merged.of[0] if facts.merged else None)


def find_aside(context: Context, case_id: UUID) -> frozenset[UUID]:
    """Return whose records a merge, or its undo, laid aside in a case; raises NotFound."""
    get_case_row(context, case_id)
    return frozenset(row.id for row in store.list_person_rows(case_id) if row.set_aside)


def hand_over(context: Context, case_ids: Iterable[UUID], to: UUID, was: UUID | None = None) -> None:
    """Let another member accompany these cases, each in a transaction of its own.

    `was` is who accompanied them when the member decided. Raises Conflict when that has changed since,
    Invalid naming `to` for who may open no case, NotFound.
    """
    context.require(Permission.EDIT_CASES)
    for case_id in case_ids:
        with transaction(context, "case.handed_over") as opened:
            row = get_case_row(context, case_id)
            if was is not None and records.open_case(context, row).responsible != was:
                raise Conflict("case")
            give_case(context, opened.generation, row, to)
            opened.note(case=case_id, to=to)


def give_case(context: Context, generation: int, row: store.Case, to: UUID) -> None:
    """Write who accompanies a case from now on, who joins its team; raises Invalid naming `to`."""
    member = require_accompanier(context, to)
    if row.restricted and to not in list_holders(row.id):
        raise Invalid(to=N_("This case is restricted. Name them in it first, then hand it over."))
    facts, access = records.open_case(context, row), read_access(row)
    given = replace(facts, responsible=to)
    records.write_case(context, generation, row, given)
    if row.team_only and to not in store.list_team(row.id) and Role.COORDINATOR not in member.roles:
        db.session.add(store.CaseAccess(case_id=row.id, member_id=to))
    record_coded_change(context, generation, row, [facts, access], [given, read_access(row)])


def require_accompanier(context: Context, member_id: UUID) -> RosterMember:
    """Return this member, who may open cases; raises Invalid naming `to` for anybody else."""
    member = context.roster.active.get(member_id)
    if member is None or not may(map(Role, member.roles), Permission.READ_CASES):
        raise Invalid(to=N_("Choose a member who may open cases."))
    return member


def change_access(
    context: Context, case_id: UUID, version: int, team_only: bool, team: frozenset[UUID]
) -> None:
    """Open a case to all caseworkers, or to a team; whoever limits it stays in the team.

    Raises Invalid naming `team` for somebody who is no member, Conflict, NotFound.
    """
    context.require(Permission.EDIT_CASES)
    require_members(context, team)
    wanted = team | {context.member_id} if team_only else frozenset()
    with transaction(context, "case.access_changed") as opened:
        row = get_case_row_as_read(context, case_id, version)
        if row.restricted:
            raise Conflict("case")
        access = read_access(row)
        row.version += 1
        row.generation, row.team_only = opened.generation, team_only
        store.write_team(case_id, wanted)
        record_coded_change(context, opened.generation, row, [access], [read_access(row)])
        opened.note(case=case_id)
