"""Which incidents of a snapshot are accounts of one, and which of them is the main one."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from casework.domain.accounts import follow_accounts
from casework.services.books import FactBook, OpenedIncident
from casework.services.chunked import Chunked

Accounts = Mapping[UUID, tuple[OpenedIncident, ...]]


def list_told(book: FactBook) -> Accounts:
    """Return by its main account every incident that is told more than once, the main account first.

    What lies in the bin, or is gone, joins the others and is none of them. Where the notes end there, the
    account nearest to that end is the main one, of several the one logged first.
    """
    if list_told not in book.worked_out:
        book.worked_out[list_told] = _list_told(book)
    told: Accounts = book.worked_out[list_told]
    return told


def list_accounts_of(book: FactBook) -> Accounts:
    """Return by each incident that is told more than once all accounts of it, the main account first."""
    return {one.id: told for told in list_told(book).values() for one in told}


def last_account(book: FactBook, incident_id: UUID) -> UUID:
    """Return what the notes lead to in the end from an incident; it may be in the bin, or gone."""
    return follow_accounts(incident_id, list_notes(book).get)[0]


def list_notes(book: FactBook) -> Mapping[UUID, UUID]:
    """Return what each incident that is another's account is one of, of those in the bin too."""
    if list_notes not in book.worked_out:
        binned = (one for case in book.binned.values() for one in case.incidents)
        book.worked_out[list_notes] = {**book.carry(_list_notes), **_read_notes(binned)}
    notes: Mapping[UUID, UUID] = book.worked_out[list_notes]
    return notes


def main_first(book: FactBook, steps_of: Mapping[UUID, int]) -> tuple[OpenedIncident, ...]:
    """Return accounts of one incident, the nearest to where the notes end first, the others as logged."""
    accounts = sorted([book.incidents[one] for one in steps_of], key=_logged)
    main = min(accounts, key=lambda one: steps_of[one.id])
    return main, *(one for one in accounts if one is not main)


def _list_told(book: FactBook) -> Accounts:
    notes = list_notes(book)
    groups: dict[UUID, dict[UUID, int]] = {}
    for incident_id in (one for one in notes if one in book.incidents):  # few: not all are gone through
        last, steps = follow_accounts(incident_id, notes.get)
        groups.setdefault(last, {last: 0} if last in book.incidents else {})[incident_id] = steps
    told = [main_first(book, steps_of) for steps_of in groups.values() if len(steps_of) > 1]
    return {accounts[0].id: accounts for accounts in told}


def _list_notes(
    book: FactBook, earlier: FactBook | None, notes: Mapping[UUID, UUID] | None
) -> Mapping[UUID, UUID]:
    """Return those of what is not in the bin; after an earlier book only what differs is looked at."""
    if earlier is None or notes is None:
        return _read_notes(book.incidents.values())
    changed = set(Chunked.of(book.incidents).differing(Chunked.of(earlier.incidents)))
    kept = {one: main for one, main in notes.items() if one not in changed}
    return kept | _read_notes(book.incidents[one] for one in changed if one in book.incidents)


def _read_notes(incidents: Iterable[OpenedIncident]) -> dict[UUID, UUID]:
    return {one.id: one.facts.account_of for one in incidents if one.facts.account_of is not None}


def _logged(incident: OpenedIncident) -> tuple[object, ...]:
    return incident.facts.logged_on, incident.id.int
