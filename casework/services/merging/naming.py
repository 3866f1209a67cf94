"""Who is named in the incidents and follow-ups of a case: put into another's name by a merge, and back."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from casework.domain.coded import FIELDS, normalise_multi
from casework.domain.followup import FollowUpFacts
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.merged import FollowUpBefore, IncidentBefore, Merged
from casework.domain.vocabulary import UNKNOWN
from casework.services import records
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.services.followups.documents import open_facts, write_facts
from casework.services.history.recording import record_change
from casework.store.cases import Incident, list_incidents
from casework.store.followups import FollowUp, list_follow_ups

Before = tuple[tuple[IncidentBefore, ...], tuple[FollowUpBefore, ...]]


def count_named(context: Context, case_id: UUID, people: Collection[UUID]) -> tuple[int, int]:
    """Return how many incidents and follow-ups of a case name one of these people; deleted ones too."""
    incidents = [records.open_incident(context, row) for row in list_incidents(case_id)]
    follow_ups = [open_facts(context, row) for row in list_follow_ups(case_id)]
    return sum(_names(facts, people) for facts in incidents), sum(one.person in people for one in follow_ups)


def rename(
    context: Context, generation: int, keys: CaseKeys, case_id: UUID, old: Collection[UUID], new: UUID
) -> Before:
    """Let the case's records name `new` wherever they named one of `old`; return what they said before."""
    incidents, follow_ups = [], []
    for row in list_incidents(case_id):
        facts = records.open_incident(context, row)
        if _names(facts, old):
            _write_incident(context, generation, keys, row, facts, _renamed(facts, old, new))
            acts = tuple((act.id, act.people) for act in facts.acts if not set(old).isdisjoint(act.people))
            incidents.append(IncidentBefore(row.id, facts.participations, acts))
    for follow_up in list_follow_ups(case_id):
        said = open_facts(context, follow_up)
        if said.person in old and said.person is not None:
            _write_follow_up(context, generation, keys, follow_up, said, new)
            follow_ups.append(FollowUpBefore(follow_up.id, said.person))
    return tuple(incidents), tuple(follow_ups)


def is_as_left(context: Context, case_id: UUID, person_id: UUID, merged: Merged) -> bool:
    """Return whether the records that the merge changed name whom it left there, and no other does."""
    incidents = {before.incident_id: before for before in merged.incidents}
    follow_ups = {before.follow_up_id for before in merged.follow_ups}
    for row in list_incidents(case_id):
        facts, before = records.open_incident(context, row), incidents.get(row.id)
        was = _named_before(facts, before) if before else facts
        if _names(was, (person_id,)) or (before and _renamed(was, merged.of, person_id) != facts):
            return False
    # One that lay deleted may have gone for good since.
    there = {row.id: open_facts(context, row).person for row in list_follow_ups(case_id)}
    return {one for one, person in there.items() if person == person_id} == follow_ups & there.keys()


def name_back(context: Context, generation: int, keys: CaseKeys, case_id: UUID, merged: Merged) -> None:
    """Let the case's records name whom they named before; call it only where `is_as_left` says so."""
    incidents = {before.incident_id: before for before in merged.incidents}
    for row in list_incidents(case_id):
        if before := incidents.get(row.id):
            facts = records.open_incident(context, row)
            _write_incident(context, generation, keys, row, facts, _named_before(facts, before))
    named = {before.follow_up_id: before.person_id for before in merged.follow_ups}
    for follow_up in list_follow_ups(case_id):
        if follow_up.id in named:
            said = open_facts(context, follow_up)
            _write_follow_up(context, generation, keys, follow_up, said, named[follow_up.id])


def _write_incident(
    context: Context,
    generation: int,
    keys: CaseKeys,
    row: Incident,
    was: IncidentFacts,
    facts: IncidentFacts,
) -> None:
    record_change(context, generation, keys, row, [was], [facts])
    records.write_incident_facts(context, generation, row, facts)


def _write_follow_up(
    context: Context, generation: int, keys: CaseKeys, row: FollowUp, was: FollowUpFacts, person: UUID
) -> None:
    facts = replace(was, person=person)
    record_change(context, generation, keys, row, [was], [facts])
    write_facts(context, generation, row, facts)


def _named_before(facts: IncidentFacts, before: IncidentBefore) -> IncidentFacts:
    people = dict(before.acts)
    acts = tuple(replace(act, people=people.get(act.id, act.people)) for act in facts.acts)
    return replace(facts, participations=before.participations, acts=acts)


def _names(facts: IncidentFacts, people: Collection[UUID]) -> bool:
    named = {part.person_id for part in facts.participations}
    return not named.union(*(act.people for act in facts.acts)).isdisjoint(people)


def _renamed(facts: IncidentFacts, old: Collection[UUID], new: UUID) -> IncidentFacts:
    parts: dict[UUID, tuple[str, ...]] = {}
    for part in facts.participations:
        person = new if part.person_id in old else part.person_id
        parts[person] = _join_roles(parts[person], part.roles) if person in parts else part.roles
    acts = tuple(replace(act, people=_put(act.people, old, new)) for act in facts.acts)
    return replace(facts, participations=tuple(Participation(*part) for part in parts.items()), acts=acts)


def _put(people: Sequence[UUID], old: Collection[UUID], new: UUID) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(new if person in old else person for person in people))


def _join_roles(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return the roles of both; what says none gives way, and of two such answers "unknown" stays."""
    exclusive = FIELDS["roles"].codes.exclusive
    known = [role for role in (*one, *other) if role not in exclusive]
    if known:
        return normalise_multi("roles", known)
    return one if one == other else (UNKNOWN,)
