"""Logging and changing incidents, with their case and people: one screen, one transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from casework.domain.accounts import carry_accounts
from casework.domain.act import NO_TEXTS, ActTexts
from casework.domain.case import CaseFacts
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, IncidentNarrative, validate_incident
from casework.domain.messages import N_
from casework.domain.ownterm import Chosen
from casework.domain.pathway import carry_acts
from casework.domain.pattern import ACTIVE, carry_rejected
from casework.domain.permissions import Permission
from casework.domain.person import validate_identity, validate_person
from casework.errors import Conflict, Invalid
from casework.services import records
from casework.services.access import get_case_row, get_incident_row, require_members
from casework.services.casekeyring import open_case_keys, open_case_keys_to_write
from casework.services.casekeys import CaseKeys
from casework.services.closing import take_up
from casework.services.context import Context
from casework.services.drafts import drop_drafts
from casework.services.firstcontact import with_contact
from casework.services.history.recording import record_added
from casework.services.once import SavedBefore, Told, draw_ids, is_same
from casework.services.ownterms import drop_orphaned_terms, require_usable
from casework.services.participants import PersonDraft as PersonDraft
from casework.services.participants import write_people
from casework.services.patterns import list_patterns
from casework.services.records import PersonView
from casework.services.references import draw_references
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store
from casework.store.database import db


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDraft:
    """An incident as a form gives it. `answers` are the coded fields of `IncidentFacts` by name,
    `own_terms` the finer answers beside them.

    `officers` is what is known of the officers when it is logged; afterwards that is told by acts.
    A new case opens to all caseworkers, or to `team` and the coordinators, or, `restricted`, to `team` alone.
    """

    date: VagueDate
    answers: Mapping[str, str | tuple[str, ...]]
    patterns: tuple[UUID, ...] = ()
    narrative: IncidentNarrative
    officers: ActTexts = NO_TEXTS
    people: tuple[PersonDraft, ...] = ()
    own_terms: Chosen = ()
    team_only: bool = False
    restricted: bool = False
    team: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Logged:
    """Where what was logged stands.

    `repeated` where the same form had been saved before: nothing was written; `differs` where it said other
    things then. `people` are those of the incident, in the order of its draft. `has_reopened` where its
    case was closed until now.
    """

    case_id: UUID
    incident_id: UUID
    reference: str
    people: tuple[UUID, ...] = ()
    repeated: bool = False
    differs: bool = False
    has_reopened: bool = False


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident opened for editing; `people` are all of its case, those of the incident first."""

    id: UUID
    case_id: UUID
    reference: str
    version: int
    facts: IncidentFacts
    narrative: IncidentNarrative
    people: tuple[PersonView, ...]


def log_incident(
    context: Context,
    draft: IncidentDraft,
    case_id: UUID | None = None,
    kept_as: Collection[UUID] = (),
    form_id: UUID | None = None,
) -> Logged:
    """Log an incident in a new case, or in one that exists; the drafts that it was kept as go.

    A form with a `form_id` is saved once: see `Logged`. Raises Invalid naming the fields to correct, NotFound
    when the case is not the member's to know.
    """
    context.require(Permission.EDIT_CASES)
    _validate(context, draft)
    require_members(context, draft.team)
    try:
        return _log(context, draft, case_id, kept_as, form_id)
    except SavedBefore as saved:
        row = get_incident_row(context, saved.record_id)
        reference = records.open_case(context, get_case_row(context, row.case_id)).reference
        return Logged(row.case_id, row.id, reference, repeated=True, differs=saved.differs)


def _log(
    context: Context,
    draft: IncidentDraft,
    case_id: UUID | None,
    kept_as: Collection[UUID],
    form_id: UUID | None,
) -> Logged:
    with transaction(context, "incident.logged") as opened:
        is_new = case_id is None
        ids = draw_ids(context, form_id, lambda row: _says_same(context, row, draft, is_new))
        _check_patterns(context, draft.patterns, before=())
        require_usable(context, draft.own_terms)
        if case_id is None:
            reference, was_closed = draw_references(context, 1)[0], False
            case_id, keys = _open_new_case(context, opened, draft, reference, ids.case_id)
        else:
            case = get_case_row(context, case_id)
            reference, was_closed = take_up(context, opened, case)
            keys = open_case_keys_to_write(context, case_id)
        facts = write_people(context, opened, keys, case_id, draft.people, _new_facts(context, draft), is_new)
        facts, narrative = with_contact(ids.incident_id, facts, draft.narrative, draft.officers)
        row = store.Incident(id=ids.incident_id, case_id=case_id)
        records.write_incident_facts(context, opened.generation, row, facts)
        records.write_narrative(keys, row, narrative)
        db.session.add(row)
        if not is_new:
            record_added(context, opened.generation, keys, row)
        drop_drafts(context, kept_as, form_id)
        opened.note(case=case_id, incident=row.id)
        people = tuple(one.person_id for one in facts.participations)
        return Logged(case_id, row.id, reference, people, has_reopened=was_closed)


def _says_same(context: Context, row: store.Incident, draft: IncidentDraft, is_new: bool) -> bool:
    """Return whether a form says what it said when it was saved before."""
    case, view = get_case_row(context, row.case_id), _view(context, row)
    told = [Told(one.person_id, one.identity, one.facts, one.roles) for one in draft.people]
    kept = {name: getattr(view.facts, name) for name in ("participations", "logged_on", "logged_by")}
    facts = carry_accounts(replace(_new_facts(context, draft), **kept), view.facts)
    facts = carry_rejected(facts, view.facts)
    mine = with_contact(row.id, facts, draft.narrative, draft.officers)
    same = is_same((*mine, told), (view.facts, view.narrative, view.people))
    if is_new:
        team = draft.team | {context.member_id} if draft.team_only or draft.restricted else frozenset()
        access = (draft.team_only or draft.restricted, draft.restricted, team)
        same = same and access == (case.team_only, case.restricted, frozenset(store.list_team(case.id)))
    return same


def get_incident(context: Context, incident_id: UUID) -> IncidentView:
    """Open an incident with the people of its case; raises NotFound. An audit entry says that it was read."""
    with transaction(context, "case.read") as opened:
        row = get_incident_row(context, incident_id)
        opened.note(case=row.case_id)
        return _view(context, row)


def change_incident(
    context: Context, incident_id: UUID, version: int, draft: IncidentDraft, kept_as: Collection[UUID] = ()
) -> Logged:
    """Save a changed incident and its people; `version` is the one that was read.

    Raises Conflict when somebody saved it since, Invalid naming fields, NotFound; Tampered where what stands
    there does not open; SavedBefore where somebody new has a `form_id` and stands there already.
    """
    context.require(Permission.EDIT_CASES)
    _validate(context, draft)
    with transaction(context, "incident.changed") as opened:
        row = get_incident_row(context, incident_id)
        if row.version != version:
            raise Conflict("incident")
        case = get_case_row(context, row.case_id)
        reference = records.touch_case(context, opened.generation, case).reference
        keys, before = open_case_keys_to_write(context, row.case_id), records.open_incident(context, row)
        # What was damaged is found before anything is written over it.
        narrative = replace(draft.narrative, acts=records.open_narrative(keys, row).acts)
        _check_patterns(context, draft.patterns, before.patterns)
        require_usable(context, draft.own_terms, before.own_terms)
        facts = replace(_new_facts(context, draft), logged_on=before.logged_on, logged_by=before.logged_by)
        facts = carry_acts(carry_accounts(carry_rejected(facts, before), before), before)
        there = before.participations
        facts = write_people(context, opened, keys, row.case_id, draft.people, facts, there=there)
        records.change_incident(context, opened.generation, keys, row, facts, narrative)
        drop_drafts(context, kept_as)
        opened.note(case=row.case_id, incident=row.id)
        people = tuple(part.person_id for part in facts.participations)
        return Logged(row.case_id, row.id, reference, people)


def _validate(context: Context, draft: IncidentDraft) -> None:
    validate_incident(_new_facts(context, draft))
    today = context.runtime.today()
    for person in draft.people:
        if person.facts is not None:
            validate_person(person.facts, today=today)
        if person.identity is not None:
            validate_identity(person.identity, today)


def _check_patterns(context: Context, chosen: tuple[UUID, ...], before: tuple[UUID, ...]) -> None:
    if added := set(chosen) - set(before):
        active = {view.id for view in list_patterns(context) if view.definition.status == ACTIVE}
        if not added <= active:
            raise Invalid(patterns=N_("One of these patterns is no longer in use. Choose another one."))


def _new_facts(context: Context, draft: IncidentDraft) -> IncidentFacts:
    facts = IncidentFacts(
        date=draft.date,
        patterns=draft.patterns,
        own_terms=draft.own_terms,
        logged_on=context.runtime.today(),
        logged_by=context.member_id,
        **draft.answers,  # type: ignore[arg-type]  # validate_incident checks each answer
    )
    return drop_orphaned_terms(context, facts)


def _open_new_case(
    context: Context, opened: Transaction, draft: IncidentDraft, reference: str, case_id: UUID
) -> tuple[UUID, CaseKeys]:
    facts = CaseFacts.opened(reference, context.runtime.today(), context.member_id)
    team_only = draft.team_only or draft.restricted
    team = draft.team | {context.member_id} if team_only else frozenset()
    return records.add_case(context, opened.generation, facts, team_only, team, draft.restricted, case_id)


def _view(context: Context, row: store.Incident) -> IncidentView:
    case = get_case_row(context, row.case_id)
    keys, facts = open_case_keys(context, row.case_id), records.open_incident(context, row)
    places = {part.person_id: place for place, part in enumerate(facts.participations)}
    people = records.open_people(context, keys, row.case_id)
    return IncidentView(
        row.id,
        row.case_id,
        records.open_case(context, case).reference,
        row.version,
        facts,
        records.open_narrative(keys, row),
        tuple(sorted(people, key=lambda person: places.get(person.id, len(places)))),
    )
