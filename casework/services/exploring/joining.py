"""Which incidents and people a member has for one, over nothing that they may not know of."""

from collections.abc import Collection
from uuid import UUID

from casework.domain.accounts import follow_accounts
from casework.services.access import may_see
from casework.services.accounts.grouping import list_notes
from casework.services.books import FactBook, OpenedIncident
from casework.services.context import Context
from casework.services.duplicates.reaching import Reach
from casework.services.statistics.joining import list_same


def list_seen_accounts(
    context: Context, book: FactBook, hidden: Collection[UUID]
) -> list[tuple[OpenedIncident, ...]]:
    """Return the incidents that are told more than once in open cases, the main account first.

    As `accounts.grouping.list_told`, but over no account of a case that is closed to the member: two open
    cases that only such a one joins would tell of it.
    """
    notes = list_notes(book)
    binned = {one.id: may_see(context, case.case) for case in book.binned.values() for one in case.incidents}

    def may_know(incident_id: UUID) -> bool:
        incident = book.incidents.get(incident_id)
        return incident.case_id not in hidden if incident else binned.get(incident_id, True)

    known = {one: main for one, main in notes.items() if may_know(one) and may_know(main)}
    groups: dict[UUID, dict[UUID, int]] = {}
    for incident_id in (one for one in known if one in book.incidents):
        last, steps = follow_accounts(incident_id, known.get)
        groups.setdefault(last, {last: 0} if last in book.incidents else {})[incident_id] = steps
    return [_main_first(book, steps_of) for steps_of in groups.values() if len(steps_of) > 1]


def _main_first(book: FactBook, steps_of: dict[UUID, int]) -> tuple[OpenedIncident, ...]:
    ordered = sorted(
        (book.incidents[one] for one in steps_of), key=lambda one: (one.facts.logged_on, one.id.int)
    )
    main = min(ordered, key=lambda one: steps_of[one.id])
    return main, *(one for one in ordered if one is not main)


def list_seen_same(context: Context, book: FactBook, hidden: Collection[UUID]) -> dict[UUID, UUID]:
    """Return for each record of somebody with several of them in open cases the one that stands for all."""
    reach, standing = Reach(context, book), dict[UUID, UUID]()
    for person_id in list_same(book):
        if book.people[person_id].case_id in hidden:
            continue
        others = (one for one in reach.list_same(person_id) if one in book.people)
        first = min((person_id, *(one for one in others if book.people[one].case_id not in hidden)))
        if first != person_id:
            standing[person_id] = first
    return standing
