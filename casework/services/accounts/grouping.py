"""Which incidents of a snapshot are accounts of one, and which of them is the main one."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from casework.domain.accounts import main_account
from casework.services.books import FactBook, OpenedIncident

Accounts = Mapping[UUID, tuple[OpenedIncident, ...]]


def list_told(book: FactBook) -> Accounts:
    """Return by its main account every incident that is told more than once, the main account first.

    Those whose main account is in the bin, or gone, stand for themselves.
    """
    if list_told not in book.worked_out:
        book.worked_out[list_told] = _list_told(book)
    told: Accounts = book.worked_out[list_told]
    return told


def list_accounts_of(book: FactBook) -> Accounts:
    """Return by each incident that is told more than once all accounts of it, the main account first."""
    return {one.id: told for told in list_told(book).values() for one in told}


def _list_told(book: FactBook) -> Accounts:
    told: dict[UUID, list[OpenedIncident]] = {}
    for incident in book.incidents.values():
        if incident.facts.account_of is not None:
            main = main_account(incident.id, partial(_account_of, book))
            if main != incident.id:
                told.setdefault(main, [book.incidents[main]]).append(incident)
    return {main: (accounts[0], *sorted(accounts[1:], key=_logged)) for main, accounts in told.items()}


def _account_of(book: FactBook, incident_id: UUID) -> UUID | None:
    incident = book.incidents.get(incident_id)
    other = incident.facts.account_of if incident else None
    return other if other in book.incidents else None


def _logged(incident: OpenedIncident) -> tuple[object, ...]:
    return incident.facts.logged_on, incident.id.int
