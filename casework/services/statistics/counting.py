"""The incidents that may be counted, carried from one snapshot to the next: a save asks its own cases alone.

An incident counts by the answers of the people in it, who are its own case's nearly always. What belongs
together with another case, or names somebody of one, is joined anew each time: that is little.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from casework.domain.counting import incident_counts
from casework.services.accounts.doubts import list_doubts
from casework.services.books import FactBook, OpenedIncident
from casework.services.chunked import Chunked
from casework.services.differing import list_changed_cases
from casework.services.statistics.joining import Agreed, join_incidents, list_matters


class _Alone(NamedTuple):
    """What counts, each incident taken for itself; `foreign` are those that name somebody of another case."""

    counting: Chunked[OpenedIncident]
    foreign: frozenset[UUID]


def keep_counting(book: FactBook) -> Chunked[OpenedIncident]:
    """Return by its id each incident that may be counted, as `join_incidents` gives it."""
    return book.carry(_keep_counting)


def _keep_counting(book: FactBook, _earlier: FactBook | None, _kept: object) -> Chunked[OpenedIncident]:
    if not book.is_whole:
        return Chunked({one.id: one for one in join_incidents(book)})
    alone, told = book.carry(_count_alone), book.incidents_by_case
    # Who may have said no elsewhere is in doubt over an account in the bin too, which joins no matter.
    doubtful = {book.people[one].case_id for one in list_doubts(book) if one in book.people}
    cases = list_matters(book).keys() | doubtful
    joined = {one.id: one for case_id in cases for one in told.get(case_id, ())}
    joined |= {one: book.incidents[one] for one in alone.foreign}
    together = {one.id: one for one in join_incidents(book, joined.values())}
    return alone.counting.changed(together, [one for one in joined if one not in together])


def _count_alone(book: FactBook, earlier: FactBook | None, kept: _Alone | None) -> _Alone:
    if earlier is None or kept is None or not earlier.is_whole:
        return _Alone(*_ask(book, book.incidents.values()))
    cases = list_changed_cases(earlier, book)
    now = [one for case_id in cases for one in book.incidents_by_case.get(case_id, ())]
    gone = {one.id for case_id in cases for one in earlier.incidents_by_case.get(case_id, ())}
    counting, foreign = _ask(book, now)
    without = (gone | {one.id for one in now}) - counting.keys()
    return _Alone(kept.counting.changed(counting, without), (kept.foreign - gone) | foreign)


def _ask(
    book: FactBook, incidents: Iterable[OpenedIncident]
) -> tuple[Chunked[OpenedIncident], frozenset[UUID]]:
    agreed, counting, foreign = Agreed(book.people), dict[UUID, OpenedIncident](), set[UUID]()
    for incident in incidents:
        for part in incident.facts.participations:
            person = book.people.get(part.person_id)
            if person is None or person.case_id != incident.case_id:
                foreign.add(incident.id)
        if incident_counts(incident.facts, agreed):
            counting[incident.id] = incident
    return Chunked(counting), frozenset(foreign)
