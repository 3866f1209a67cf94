"""Orders the opened records of a snapshot, and carries the order on to the next one.

To sort a hundred thousand incidents and group them by case takes a second: too long to do after every write,
which changes a handful.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from casework.services.books import FactBook, OpenedIncident, OpenedPerson, Orders

Record = TypeVar("Record", OpenedIncident, OpenedPerson)

_MOST_CARRIED = 1_000
"""So many changed cases are put in their places one by one; more are quicker sorted with all the others."""


def arrange(book: FactBook) -> Orders:
    """Return the orders of a book, worked out from nothing.

    Incidents whose case is damaged are in none: nobody can tell who may see them.
    """
    known = [incident for incident in book.incidents.values() if incident.case_id in book.cases]
    known.sort(key=_age)
    return Orders(known, _group(known), _group(book.people.values()))


def rearrange(
    earlier: FactBook,
    book: FactBook,
    cases: Collection[UUID],
    incidents: Iterable[OpenedIncident],
    people: Iterable[OpenedPerson],
) -> Orders:
    """Return the orders of a book that differs from the earlier one in these cases alone.

    `incidents` and `people` are those that the earlier one had not, or had otherwise. Past damage nothing is
    carried: what hangs on a record that does not open is not among what changed.
    """
    if earlier.damaged or book.damaged or not earlier.cases or len(cases) > _MOST_CARRIED:
        return arrange(book)
    orders, binned = earlier.orders, [earlier.binned[case] for case in cases if case in earlier.binned]
    had = [one for case in cases for one in orders.incidents_by_case.get(case, ())]
    had_people = [one for case in cases for one in orders.people_by_case.get(case, ())]
    had_binned = [one for case in binned for one in case.incidents]
    people_binned = [one for case in binned for one in case.people]
    now = _standing(book.incidents, cases, (*had, *had_binned, *incidents))
    now_people = _standing(book.people, cases, (*had_people, *people_binned, *people))
    return Orders(
        _put_in_place(orders.incidents, had, now),
        _regroup(orders.incidents_by_case, cases, sorted(now, key=_age)),
        _regroup(orders.people_by_case, cases, now_people),
    )


def _standing(
    records: Mapping[UUID, Record], cases: Collection[UUID], candidates: Iterable[Record]
) -> list[Record]:
    """Return those of the candidates that are in the book, as they are in it."""
    ids = dict.fromkeys(record.id for record in candidates)
    found = (records[record_id] for record_id in ids if record_id in records)
    return [record for record in found if record.case_id in cases]


def _put_in_place(
    order: Sequence[OpenedIncident], gone: Iterable[OpenedIncident], new: Iterable[OpenedIncident]
) -> list[OpenedIncident]:
    placed = list(order)
    for incident in gone:
        del placed[bisect_left(placed, _age(incident), key=_age)]
    for incident in new:
        insort(placed, incident, key=_age)
    return placed


def _regroup(
    groups: Mapping[UUID, tuple[Record, ...]], cases: Iterable[UUID], records: Iterable[Record]
) -> dict[UUID, tuple[Record, ...]]:
    regrouped = dict(groups)
    for case_id in cases:
        regrouped.pop(case_id, None)
    return regrouped | _group(records)


def _group(records: Iterable[Record]) -> dict[UUID, tuple[Record, ...]]:
    grouped: dict[UUID, list[Record]] = {}
    for record in records:
        grouped.setdefault(record.case_id, []).append(record)
    return {case_id: tuple(records) for case_id, records in grouped.items()}


def _age(incident: OpenedIncident) -> tuple[object, ...]:
    facts = incident.facts
    return facts.date.span() is not None, facts.date.sort_key(), facts.logged_on, incident.id.int
