"""Sealing and storing the plan, some dozens of cases in one transaction."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID, uuid4

from casework.domain.act import Act
from casework.domain.case import CaseFacts
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.pathway import with_acts
from casework.domain.permissions import Role
from casework.services import records
from casework.services.context import Context
from casework.services.demonstration.dating import PlannedStep
from casework.services.demonstration.plan import PlannedCase, PlannedIncident
from casework.services.patterns import list_patterns
from casework.services.records import NewCase
from casework.services.references import draw_references
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store
from casework.store.database import db
from casework.store.imports import ImportedRow, list_imported
from casework.vault.fields import Compartment

_BATCH_CASES = 110
_NOON = time(12)

Contexts = Mapping[Role, Context]

_NO_BATCH = UUID(int=0)
"""What the demonstration begins with is nobody's list, and is not taken out."""


def write_cases(contexts: Contexts, cases: Sequence[PlannedCase]) -> None:
    """Store what is not there yet, each case as the member who opened it: an interrupted run is resumed."""
    coordinator = contexts[Role.COORDINATOR]
    patterns = {view.definition.starter or "": view.id for view in list_patterns(coordinator)}
    keys = {_key(coordinator, case): case for case in cases}
    known = list_imported(keys)
    fresh = [(key, case) for key, case in keys.items() if key not in known]
    for start in range(0, len(fresh), _BATCH_CASES):
        batch = fresh[start : start + _BATCH_CASES]
        for role in contexts:
            own = [(key, case) for key, case in batch if case.opened_by is role]
            if own:
                _Writer(contexts, role, patterns).write(own)


def _key(context: Context, case: PlannedCase) -> bytes:
    return context.keyring.derive(Compartment.CODED, b"demonstration case %d" % case.number, epoch=1)


class _Writer:
    def __init__(self, contexts: Contexts, role: Role, patterns: Mapping[str, UUID]) -> None:
        self._members = {role: context.member_id for role, context in contexts.items()}
        self._context = contexts[role]
        self._patterns = patterns

    def write(self, cases: Sequence[tuple[bytes, PlannedCase]]) -> None:
        with transaction(self._context, "incidents.imported") as opened:
            references = self._draw_references([case for _key, case in cases])
            made = [self._make(opened, case, next(references[case.opened_on.year])) for _key, case in cases]
            records.add_cases(made)
            firsts = [self._add(opened, new, case) for new, (_key, case) in zip(made, cases, strict=True)]
            db.session.flush()
            db.session.add_all(
                ImportedRow(key_hmac=key, incident_id=first)
                for (key, _case), first in zip(cases, firsts, strict=True)
            )
            opened.note(batch=_NO_BATCH, count=sum(len(case.incidents) for _key, case in cases))

    def _draw_references(self, cases: Sequence[PlannedCase]) -> Mapping[int, Iterator[str]]:
        years = Counter(case.opened_on.year for case in cases)
        return {year: iter(draw_references(self._context, count, year)) for year, count in years.items()}

    def _make(self, opened: Transaction, case: PlannedCase, reference: str) -> NewCase:
        facts = CaseFacts(
            reference=reference,
            status=case.status,
            opened_on=case.opened_on,
            opened_by=self._context.member_id,
            responsible=self._context.member_id,
            touched_on=max(
                (day for planned in case.incidents for day in _touched(planned)), default=case.opened_on
            ),
            hold_since=case.held_on,
            binned_on=case.binned_on,
        )
        team = frozenset(self._members[role] for role in case.team)
        new = records.make_case(self._context, opened.generation, facts, bool(team), team, case.restricted)
        if case.binned_on:
            new.row.binned_at = datetime.combine(case.binned_on, _NOON, self._context.runtime.timezone)
        return new

    def _add(self, opened: Transaction, new: NewCase, case: PlannedCase) -> UUID:
        """Add the case's people and incidents; returns the id of the first incident."""
        people = [store.Person(id=uuid4(), case_id=new.row.id) for _ in case.people]
        for row, someone in zip(people, case.people, strict=True):
            records.write_person(
                self._context, opened.generation, new.keys, row, someone.facts, someone.identity
            )
        incidents = [store.Incident(id=uuid4(), case_id=new.row.id) for _ in case.incidents]
        for incident, planned in zip(incidents, case.incidents, strict=True):
            self._seal(opened, new, incident, planned, [row.id for row in people])
        db.session.add_all((*people, *incidents))
        return incidents[0].id

    def _seal(
        self,
        opened: Transaction,
        new: NewCase,
        row: store.Incident,
        planned: PlannedIncident,
        people: Sequence[UUID],
    ) -> None:
        facts = replace(
            planned.facts,
            participations=tuple(
                Participation(people[part.person_id.int], part.roles) for part in planned.facts.participations
            ),
            patterns=tuple(sorted((self._patterns[starter] for starter in planned.patterns), key=str)),
            logged_by=self._members[planned.logged_by],
        )
        facts = with_acts(facts, (self._make_act(step, facts) for step in planned.steps))
        records.write_incident_facts(self._context, opened.generation, row, facts)
        records.write_narrative(new.keys, row, planned.narrative)

    def _make_act(self, step: PlannedStep, facts: IncidentFacts) -> Act:
        return Act(
            id=uuid4(),
            kind=step.kind,
            code=step.code,
            when=step.when,
            people=tuple(part.person_id for part in facts.participations[:1]),
            by=step.by,
            source=step.source,
            reliability=step.reliability,
            added_on=max(facts.logged_on, step.day),
            added_by=facts.logged_by,
        )


def _touched(planned: PlannedIncident) -> Iterator[date]:
    """Give the days on which something of an incident was written down."""
    yield planned.facts.logged_on
    yield from (step.day for step in planned.steps)
