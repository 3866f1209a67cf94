"""Keeps the opened records of binned cases apart from the others, in a snapshot of the facts."""

from collections.abc import Iterable, Set
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from casework.services.books import BinnedCase, FactBook, OpenedIncident, OpenedPerson

Record = TypeVar("Record", OpenedPerson, OpenedIncident)


def put_back(book: FactBook) -> FactBook:
    """Return the book with what lies in the bin among the rest again."""
    cases, people, incidents = dict(book.cases), dict(book.people), dict(book.incidents)
    for binned in book.binned.values():
        cases[binned.case.id] = binned.case
        people.update((person.id, person) for person in binned.people)
        incidents.update((incident.id, incident) for incident in binned.incidents)
    return replace(book, cases=cases, people=people, incidents=incidents, binned={})


def drop_erased(book: FactBook, erased: Set[UUID]) -> FactBook:
    """Return the book without anything of these cases."""
    if not erased:
        return book
    return replace(
        book,
        cases={key: case for key, case in book.cases.items() if key not in erased},
        people={key: person for key, person in book.people.items() if person.case_id not in erased},
        incidents={key: one for key, one in book.incidents.items() if one.case_id not in erased},
        binned={key: binned for key, binned in book.binned.items() if key not in erased},
    )


def take_out(book: FactBook, suspects: Iterable[UUID]) -> FactBook:
    """Return the book with those of these cases apart that lie in the bin.

    Only then is every record looked at: a hundred thousand of them are too many for every write.
    """
    away = {case_id for case_id in suspects if (case := book.cases.get(case_id)) and case.binned_at}
    if not away:
        return book
    people, people_away = _split(book.people.values(), away)
    incidents, incidents_away = _split(book.incidents.values(), away)
    binned = {
        case_id: BinnedCase(book.cases[case_id], tuple(people_away[case_id]), tuple(incidents_away[case_id]))
        for case_id in away
    }
    cases = {case_id: case for case_id, case in book.cases.items() if case_id not in away}
    return replace(book, cases=cases, people=people, incidents=incidents, binned={**book.binned, **binned})


def _split(records: Iterable[Record], away: set[UUID]) -> tuple[dict[UUID, Record], dict[UUID, list[Record]]]:
    kept: dict[UUID, Record] = {}
    taken: dict[UUID, list[Record]] = {case_id: [] for case_id in away}
    for record in records:
        if record.case_id in away:
            taken[record.case_id].append(record)
        else:
            kept[record.id] = record
    return kept, taken
