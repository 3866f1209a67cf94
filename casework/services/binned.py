"""Keeps the opened records of binned cases apart from the others, in a snapshot of the facts."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from uuid import UUID

from casework.services.books import BinnedCase, FactBook
from casework.services.chunked import Chunked
from casework.services.differing import Record, list_standing


def put_back(book: FactBook, cases: Set[UUID]) -> FactBook:
    """Return the book with those of these cases that lie in the bin among the rest again."""
    back = [book.binned[case_id] for case_id in cases if case_id in book.binned]
    if not back:
        return book
    people = {person.id: person for binned in back for person in binned.people}
    incidents = {incident.id: incident for binned in back for incident in binned.incidents}
    return replace(
        book,
        cases=Chunked.of(book.cases).changed({binned.case.id: binned.case for binned in back}),
        people=Chunked.of(book.people).changed(people),
        incidents=Chunked.of(book.incidents).changed(incidents),
        binned={case_id: binned for case_id, binned in book.binned.items() if case_id not in cases},
    )


def drop_erased(book: FactBook, erased: Set[UUID]) -> FactBook:
    """Return the book without anything of these cases."""
    if not erased:
        return book
    people = [key for key, person in book.people.items() if person.case_id in erased]
    incidents = [key for key, incident in book.incidents.items() if incident.case_id in erased]
    return replace(
        book,
        cases=Chunked.of(book.cases).changed({}, erased),
        people=Chunked.of(book.people).changed({}, people),
        incidents=Chunked.of(book.incidents).changed({}, incidents),
        binned={key: binned for key, binned in book.binned.items() if key not in erased},
    )


def take_out(book: FactBook, earlier: FactBook, touched: Iterable[UUID]) -> FactBook:
    """Return the book with those of these cases apart that lie in the bin; others are as in the earlier one.

    Past damage every record is looked at: what hung on one that did not open was in no order.
    """
    away = {case_id for case_id in touched if (case := book.cases.get(case_id)) and case.binned_at}
    if not away:
        return book
    is_damaged = bool(earlier.damaged or book.damaged)
    had = book.people.values() if is_damaged else _of_cases(earlier.people_by_case, away)
    people = list_standing(book.people, earlier.people, had, away)
    told = book.incidents.values() if is_damaged else _of_cases(earlier.incidents_by_case, away)
    incidents = list_standing(book.incidents, earlier.incidents, told, away)
    binned = {
        case_id: BinnedCase(
            book.cases[case_id],
            tuple(person for person in people if person.case_id == case_id),
            tuple(incident for incident in incidents if incident.case_id == case_id),
        )
        for case_id in away
    }
    return replace(
        book,
        cases=Chunked.of(book.cases).changed({}, away),
        people=Chunked.of(book.people).changed({}, [person.id for person in people]),
        incidents=Chunked.of(book.incidents).changed({}, [incident.id for incident in incidents]),
        binned={**book.binned, **binned},
    )


def _of_cases(records: Mapping[UUID, tuple[Record, ...]], cases: Iterable[UUID]) -> list[Record]:
    return [one for case_id in cases for one in records.get(case_id, ())]
