"""Which incidents a member has for one, and every incident that they may know of once.

Nothing here leads over a case that is closed to the member, or that did not open: two open accounts that only
such a one joins would tell of it. Statistics follow every note (`grouping.list_told`).
"""

from collections.abc import Callable, Collection, Hashable
from typing import Any, TypeVar
from uuid import UUID

from casework.domain.accounts import follow_accounts
from casework.services.access import may_see
from casework.services.accounts.grouping import list_notes, main_first
from casework.services.books import FactBook, OpenedIncident
from casework.services.context import Context
from casework.services.fewkept import work_out_once

Result = TypeVar("Result")


def list_seen_accounts(
    context: Context, book: FactBook, hidden: Collection[UUID]
) -> list[tuple[OpenedIncident, ...]]:
    """Return the incidents that are told more than once in open cases, the main account first.

    As `accounts.grouping.list_told`, but over no account of a case that is closed to the member.
    """
    notes = list_notes(book)
    binned = {one.id: may_see(context, case.case) for case in book.binned.values() for one in case.incidents}

    def may_know(incident_id: UUID) -> bool:
        incident = book.incidents.get(incident_id)
        if incident is None:
            return binned.get(incident_id, True)
        return incident.case_id in book.cases and incident.case_id not in hidden

    known = {one: main for one, main in notes.items() if may_know(one) and may_know(main)}
    groups: dict[UUID, dict[UUID, int]] = {}
    for incident_id in (one for one in known if one in book.incidents):
        last, steps = follow_accounts(incident_id, known.get)
        groups.setdefault(last, {last: 0} if last in book.incidents else {})[incident_id] = steps
    return [main_first(book, steps_of) for steps_of in groups.values() if len(steps_of) > 1]


def list_seen_once(context: Context, book: FactBook, hidden: Collection[UUID]) -> list[OpenedIncident]:
    """Return the incidents that the member may know of, each once however often it was told, newest first."""
    accounts = list_seen_accounts(context, book, hidden)
    repeated = {one.id for told in accounts for one in told[1:]}
    return [one for one in book.incidents_by_date if one.case_id not in hidden and one.id not in repeated]


def share_seen(
    context: Context,
    book: FactBook,
    hidden: frozenset[UUID],
    what: Hashable,
    work_out: Callable[[], Result],
    more: Hashable = None,
) -> Result:
    """Return what is worked out once for a snapshot, for all who see the same; the last few are kept.

    `what` names it; `more` is what else it depends on.
    """
    kept: dict[Hashable, Any] = book.worked_out.setdefault(what, {})
    # Members to whom the same cases are closed may still know of different ones in the bin.
    key = more, hidden, (context.member_id, context.roles) if book.binned else None
    return work_out_once(kept, key, work_out)
