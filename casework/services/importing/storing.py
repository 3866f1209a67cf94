"""Rows into cases: inside a transaction that is open already."""

from collections.abc import Collection
from dataclasses import replace
from itertools import zip_longest
from uuid import UUID, uuid4

from casework.domain.case import CaseFacts
from casework.domain.incident import Participation
from casework.services import records
from casework.services.context import Context
from casework.services.importing.answers import ReadPerson, ReadRow
from casework.services.importing.keys import KeyedRow, part_known
from casework.services.records import NewCase
from casework.services.references import draw_references
from casework.services.transactions import Transaction
from casework.store import cases as cases_store
from casework.store.database import db
from casework.store.imports import ImportedRow


def store_rows(
    context: Context, opened: Transaction, batch_id: UUID, rows: Collection[KeyedRow]
) -> list[ReadRow]:
    """Store what is not in yet as cases of a batch; returns it, one for each case."""
    # Asked now that nobody else writes: another run may have been here since.
    fresh, _known = part_known(rows)
    cases = [
        records.make_case(context, opened.generation, _new_case(context, reference), False, frozenset())
        for reference in draw_references(context, len(fresh))
    ]
    records.add_cases(cases)
    made = [_add_row(context, opened, case, one.row) for case, one in zip(cases, fresh, strict=True)]
    db.session.flush()
    db.session.add_all(
        ImportedRow(key_hmac=key, incident_id=incident_id, batch_id=batch_id, number=number)
        for one, incident_id in zip(fresh, made, strict=True)
        # The first key stands for the incident wherever incidents are counted or listed.
        for key, number in zip_longest(one.keys, (one.row.number,))
    )
    return [one.row for one in fresh]


def _new_case(context: Context, reference: str) -> CaseFacts:
    return CaseFacts.opened(reference, context.runtime.today(), context.member_id)


def _add_row(context: Context, opened: Transaction, case: NewCase, row: ReadRow) -> UUID:
    people, participations = [], []
    for one in (ReadPerson(row.person, row.identity, row.roles), *row.others):
        person = cases_store.Person(id=uuid4(), case_id=case.row.id)
        records.write_person(context, opened.generation, case.keys, person, one.person, one.identity)
        people.append(person)
        participations.append(Participation(person.id, one.roles))
    incident = cases_store.Incident(id=uuid4(), case_id=case.row.id)
    facts = replace(row.incident, participations=tuple(participations))
    records.write_incident_facts(context, opened.generation, incident, facts)
    records.write_narrative(case.keys, incident, row.narrative)
    db.session.add_all((*people, incident))
    return incident.id
