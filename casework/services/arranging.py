"""Orders the opened records of a snapshot, and carries the order on to the next one.

To sort a hundred thousand incidents and group them by case takes a second: too long to do after every write,
which changes a handful.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from uuid import UUID

from casework.services.books import FactBook, OpenedIncident, Orders
from casework.services.chunked import Chunked
from casework.services.differing import Record, list_changed_cases, list_standing
from casework.services.grouping import regroup_cases

_MOST_CARRIED = 1_000
"""So many changed cases are put in their places one by one; more are quicker sorted with all the others."""


def arrange(book: FactBook) -> Orders:
    """Return the orders of a book, worked out from nothing.

    Incidents whose case is damaged are in none: nobody can tell who may see them.
    """
    known = [incident for incident in book.incidents.values() if incident.case_id in book.cases]
    known.sort(key=age)
    told, cases = _group(known), book.cases.keys()
    return Orders(
        incidents=known,
        newest=sorted([incidents[-1] for incidents in told.values()], key=age),
        none=frozenset(cases - told.keys()),
        incidents_by_case=Chunked(told),
        people_by_case=Chunked(_group(book.people.values())),
        groups=regroup_cases(Orders(), {}, book.cases, told, cases),
    )


def rearrange(earlier: FactBook, book: FactBook) -> Orders:
    """Return the orders of a book that follows on an earlier one.

    Past damage nothing is carried: what hangs on a record that does not open is not among what changed.
    """
    if book.damaged or not earlier.is_whole or not earlier.cases:
        return arrange(book)
    cases = list_changed_cases(earlier, book)
    if len(cases) > _MOST_CARRIED:
        return arrange(book)
    orders, standing = earlier.orders, cases & book.cases.keys()
    had = [one for case in cases for one in orders.incidents_by_case.get(case, ())]
    now = list_standing(book.incidents, earlier.incidents, had, standing)
    told = _group(sorted(now, key=age))
    met = [one for case in cases for one in orders.people_by_case.get(case, ())]
    people = _group(list_standing(book.people, earlier.people, met, cases))
    newest_had = [orders.incidents_by_case[case][-1] for case in cases if case in orders.incidents_by_case]
    return Orders(
        incidents=_put_in_place(orders.incidents, had, now),
        newest=_put_in_place(orders.newest, newest_had, [incidents[-1] for incidents in told.values()]),
        none=(orders.none - cases) | (standing - told.keys()),
        incidents_by_case=Chunked.of(orders.incidents_by_case).changed(told, cases - told.keys()),
        people_by_case=Chunked.of(orders.people_by_case).changed(people, cases - people.keys()),
        groups=regroup_cases(orders, earlier.cases, book.cases, told, cases),
    )


def leave_out(order: Sequence[OpenedIncident], gone: Iterable[OpenedIncident]) -> list[OpenedIncident]:
    """Return incidents, the oldest first as they are given, without a few of them."""
    left = list(order)
    for incident in gone:
        at = bisect_left(left, age(incident), key=age)
        if at < len(left) and left[at].id == incident.id:
            del left[at]
    return left


def _put_in_place(
    order: Sequence[OpenedIncident], gone: Iterable[OpenedIncident], new: Iterable[OpenedIncident]
) -> list[OpenedIncident]:
    placed = leave_out(order, gone)
    for incident in new:
        insort(placed, incident, key=age)
    return placed


def _group(records: Iterable[Record]) -> dict[UUID, tuple[Record, ...]]:
    grouped: dict[UUID, list[Record]] = {}
    for record in records:
        grouped.setdefault(record.case_id, []).append(record)
    return {case_id: tuple(records) for case_id, records in grouped.items()}


def age(incident: OpenedIncident) -> tuple[object, ...]:
    """Return what the incidents of a book are in order of, the oldest first."""
    facts = incident.facts
    return facts.date.span() is not None, facts.date.sort_key(), facts.logged_on, incident.id.int
