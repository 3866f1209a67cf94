"""Opened records laid out as a block of columns, case after case."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

import numpy as np

from casework.analysis.columns import NOBODY, Answer, Block, Layout, Table, encode_answers
from casework.domain.coded import INCIDENT_FIELDS, PERSON_FIELDS
from casework.domain.person import STATISTICS, may_count
from casework.services.books import FactBook, OpenedCase, OpenedIncident, OpenedPerson

BINNED, TEAM_ONLY, RESTRICTED = "binned", "team", "restricted"
YES, NO = "yes", "no"
TO_INCIDENT, TO_PERSON = "incident", "person"

SCHEMA: Mapping[str, Layout] = {
    "cases": Layout(ids=("id",), answers=("status", "standing", "guard")),
    "people": Layout(
        ids=("id",),
        references={"case": "cases"},
        answers=(*(coded.name for coded in PERSON_FIELDS), "consent", "agrees"),
    ),
    "incidents": Layout(
        ids=("id",),
        references={"case": "cases"},
        answers=(*(coded.name for coded in INCIDENT_FIELDS), "date", "logged_on", "patterns"),
    ),
    "parts": Layout(references={"incident": "incidents", "person": "people"}, answers=("roles",)),
    "ties": Layout(ids=("to",), references={"case": "cases"}, answers=("kind",)),
}
"""The tables. `parts` are who took part; `ties` lead from a case to records of others, by their ids."""


@dataclass(frozen=True, slots=True)
class _Records:
    """The records of a book, case after case; `people` and `incidents` with the number of their case."""

    cases: Sequence[OpenedCase]
    people: Sequence[tuple[int, OpenedPerson]]
    incidents: Sequence[tuple[int, OpenedIncident]]


def lay_out_block(book: FactBook) -> Block:
    """Return everything in a book as a block, what lies in the bin too; of a book without damage."""
    records = _in_order(book)
    numbers = {one.id: at for at, (_case, one) in enumerate(records.people)}
    return {
        "cases": _lay_out_cases(records.cases),
        "people": _lay_out("people", [one for _case, one in records.people], records.people, _PERSON),
        "incidents": _lay_out(
            "incidents", [one for _case, one in records.incidents], records.incidents, _INCIDENT
        ),
        "parts": _lay_out_parts(records, numbers),
        "ties": _lay_out_ties(records, numbers),
    }


def _in_order(book: FactBook) -> _Records:
    cases = [*book.cases.values(), *(binned.case for binned in book.binned.values())]
    people, incidents = list[tuple[int, OpenedPerson]](), list[tuple[int, OpenedIncident]]()
    for at, case in enumerate(cases):
        binned = book.binned.get(case.id)
        people += [(at, one) for one in (binned.people if binned else book.people_by_case.get(case.id, ()))]
        told = binned.incidents if binned else book.incidents_by_case.get(case.id, ())
        incidents += [(at, one) for one in told]
    return _Records(cases, people, incidents)


def _lay_out_cases(cases: Sequence[OpenedCase]) -> Table:
    answers = {
        "status": encode_answers(one.facts.status for one in cases),
        "standing": encode_answers(BINNED if one.binned_at else "" for one in cases),
        "guard": encode_answers(_guard(one) for one in cases),
    }
    return Table(len(cases), answers, {"id": _write_ids([one.id for one in cases])})


def _guard(case: OpenedCase) -> str:
    return RESTRICTED if case.restricted else TEAM_ONLY if case.team_only else ""


def _lay_out(
    table: str,
    records: Sequence[OpenedPerson] | Sequence[OpenedIncident],
    owned: Sequence[tuple[int, object]],
    readers: Mapping[str, Callable[[Any], Answer]],
) -> Table:
    answers = {
        name: encode_answers(map(readers[name], (one.facts for one in records)))
        for name in SCHEMA[table].answers
    }
    cases = np.array([case for case, _one in owned], dtype=np.uint32)
    return Table(len(records), answers, {"id": _write_ids([one.id for one in records]), "case": cases})


def _lay_out_parts(records: _Records, numbers: Mapping[UUID, int]) -> Table:
    told = [
        (at, _own_number(records, numbers, case, part.person_id), part.roles)
        for at, (case, incident) in enumerate(records.incidents)
        for part in incident.facts.participations
    ]
    arrays = {
        "incident": np.array([incident for incident, _person, _roles in told], dtype=np.uint32),
        "person": np.array([person for _incident, person, _roles in told], dtype=np.uint32),
    }
    return Table(len(told), {"roles": encode_answers(roles for _incident, _person, roles in told)}, arrays)


def _own_number(records: _Records, numbers: Mapping[UUID, int], case: int, person_id: UUID) -> int:
    """Return the row of somebody in the case's own people; whoever is of another one is nobody here."""
    row = numbers.get(person_id)
    return row if row is not None and records.people[row][0] == case else int(NOBODY)


def _lay_out_ties(records: _Records, numbers: Mapping[UUID, int]) -> Table:
    ties = list(chain.from_iterable(_ties_of(records, numbers, *one) for one in records.incidents))
    answers = {"kind": encode_answers(kind for _case, kind, _id in ties)}
    cases = np.array([case for case, _kind, _id in ties], dtype=np.uint32)
    return Table(len(ties), answers, {"to": _write_ids([id_ for _case, _kind, id_ in ties]), "case": cases})


def _ties_of(
    records: _Records, numbers: Mapping[UUID, int], case: int, incident: OpenedIncident
) -> Iterator[tuple[int, str, UUID]]:
    if incident.facts.account_of is not None:
        yield case, TO_INCIDENT, incident.facts.account_of
    for part in incident.facts.participations:
        if _own_number(records, numbers, case, part.person_id) == NOBODY:
            yield case, TO_PERSON, part.person_id


def _write_ids(ids: Sequence[UUID]) -> Any:
    return np.frombuffer(b"".join(one.bytes for one in ids), dtype=np.uint8).reshape(len(ids), 16)


def _attribute(name: str) -> Callable[[Any], Answer]:
    return lambda facts: getattr(facts, name)


_PERSON: Mapping[str, Callable[[Any], Answer]] = {
    **{coded.name: _attribute(coded.name) for coded in PERSON_FIELDS},
    "consent": lambda facts: facts.consent(STATISTICS).answer,
    "agrees": lambda facts: YES if may_count(facts) else NO,
}
_INCIDENT: Mapping[str, Callable[[Any], Answer]] = {
    **{coded.name: _attribute(coded.name) for coded in INCIDENT_FIELDS},
    "date": lambda facts: facts.date.encode(),
    "logged_on": lambda facts: facts.logged_on.isoformat(),
    "patterns": lambda facts: tuple(pattern.hex for pattern in facts.patterns),
}
