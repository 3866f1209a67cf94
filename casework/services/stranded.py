"""A form whose case is not there to be saved into: in the bin, erased, or closed to its writer."""

import re
from dataclasses import dataclass
from uuid import UUID

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.access import get_case_row
from casework.services.bin import BinLine, get_binned
from casework.services.context import Context
from casework.services.records import open_case
from casework.services.tombstones import is_erased
from casework.store.cases import Incident, find_record
from casework.vault.rosterstate import RosterState

_ID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_OF_CASE = re.compile(f"/cases/{_ID}/")
_OF_INCIDENT = re.compile(f"/incidents/{_ID}(?:/|$)")


@dataclass(frozen=True, slots=True)
class Stranded:
    """Why a form cannot be saved: its case is `binned`; without that nobody says which reason it is."""

    binned: BinLine | None


@dataclass(frozen=True, slots=True)
class CaseName:
    """A case that a form belongs to."""

    id: UUID
    reference: str


def find_case(path: str) -> UUID | None:
    """Return the case that the form at this address belongs to; None where it has none, or begins one."""
    if of_case := _OF_CASE.match(path):
        return UUID(of_case[1])
    of_incident = _OF_INCIDENT.match(path)
    row = find_record(Incident, UUID(of_incident[1])) if of_incident else None
    return row.case_id if row else None


def name_case(context: Context, path: str) -> CaseName | None:
    """Return the case that the form at this address belongs to, of those that the member may open."""
    case_id = find_case(path)
    try:
        row = get_case_row(context, case_id) if case_id else None
    except NotFound:
        return None
    return CaseName(row.id, open_case(context, row).reference) if row else None


def find_stranded(context: Context, path: str) -> Stranded | None:
    """Return why the form at this address has no case to go to; None where it has, or begins one.

    A case that was erased, that became restricted, or that never was are answered alike: whoever guesses an
    address learns nothing.
    """
    context.require(Permission.KEEP_DRAFTS)
    case_id = find_case(path)
    if case_id is None:
        return Stranded(None) if _OF_INCIDENT.match(path) else None
    try:
        get_case_row(context, case_id)
    except NotFound:
        return Stranded(_find_binned(context, case_id))
    return None


def is_orphan(roster: RosterState, path: str) -> bool:
    """Return whether the form belongs to a case that was erased; incidents go only with their case."""
    if of_case := _OF_CASE.match(path):
        return is_erased(roster, UUID(of_case[1]))
    if of_incident := _OF_INCIDENT.match(path):
        return find_record(Incident, UUID(of_incident[1])) is None
    return False


def _find_binned(context: Context, case_id: UUID) -> BinLine | None:
    try:
        return get_binned(context, case_id)
    except NotFound:
        return None
