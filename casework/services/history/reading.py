"""Reading what changed in a case, newest first, a page at a time; all that was saved together as one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from casework.domain.revision import (
    ATTACHMENT,
    CASE,
    FOLLOW_UP,
    INCIDENT,
    PERSON,
    Changes,
    Revision,
    identity_from_document,
)
from casework.errors import Tampered
from casework.services import records
from casework.services.access import get_case_row
from casework.services.casekeyring import open_case_keys
from casework.services.casekeys import CaseKeys
from casework.services.context import Context
from casework.store import revisions as store
from casework.store.cases import list_person_rows
from casework.vault import documents
from casework.vault.fields import REVISION_IDENTITY, REVISION_NARRATIVE, Compartment

PAGE_SIZE = 30
_ORDER = (CASE, INCIDENT, PERSON, FOLLOW_UP, ATTACHMENT)


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One change, opened; `identity` is what changed of who somebody is."""

    id: UUID
    told: Revision
    identity: Changes


@dataclass(frozen=True, slots=True)
class SaveView:
    """What was saved in a case at once."""

    by: UUID
    at: datetime
    revisions: Sequence[RevisionView]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A page of what was saved in a case; `number` counts from 1.

    `aside` are the names of whom a merge, or its undo, laid aside: earlier changes name them.
    Not `is_whole` where the case is older than its history: what was changed before is told nowhere.
    """

    saves: Sequence[SaveView]
    number: int
    page_count: int
    total: int
    is_whole: bool
    aside: Mapping[UUID, str]


class Stamp(NamedTuple):
    """Who saved something, and when."""

    by: UUID
    at: datetime


def read_history(context: Context, case_id: UUID, page: int = 1) -> HistoryPage:
    """Open a page of what changed; raises NotFound. That it was read, `get_case` writes down."""
    case, keys = get_case_row(context, case_id), open_case_keys(context, case_id)
    total = store.count_saves(case_id)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    rows = store.list_of_saves(case_id, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    saves = [_save(keys, list(told)) for _, told in groupby(rows, key=lambda row: row.generation)]
    aside = {
        row.id: records.open_person(context, keys, row)[1].name
        for row in list_person_rows(case_id)
        if row.set_aside
    }
    return HistoryPage(saves, number, pages, total, case.has_whole_history, aside)


def last_change(
    context: Context, case_id: UUID, record_ids: Collection[UUID], part: UUID | None = None
) -> Stamp | None:
    """Return who changed one of these records of a case last, and when; with `part` that act of an incident.

    None where its history does not tell; raises NotFound.
    """
    get_case_row(context, case_id)
    keys = open_case_keys(context, case_id)
    rows = [row for record_id in record_ids for row in store.list_revisions_of(record_id)]
    for row in sorted(rows, key=lambda row: row.generation, reverse=True):
        told = open_revision(keys, row).told
        if part is None or told.part == part:
            return Stamp(told.by, told.at)
    return None


def open_revision(keys: CaseKeys, row: store.Revision) -> RevisionView:
    """Open one change; raises Tampered where its row says that it is of another record."""
    key = keys.for_reading(Compartment.NARRATIVE, row.narrative_sealed)
    plain = key.open(REVISION_NARRATIVE, row.id, row.narrative_version, row.narrative_sealed)
    told = Revision.from_document(documents.decode(plain))
    if (told.record, told.record_id) != (row.record, row.record_id):
        raise Tampered("a change that was put under another record")
    identity: Changes = {}
    if row.identity_sealed is not None:
        key = keys.for_reading(Compartment.IDENTITY, row.identity_sealed)
        plain = key.open(REVISION_IDENTITY, row.id, row.identity_version, row.identity_sealed)
        identity = identity_from_document(documents.decode(plain))
    return RevisionView(row.id, told, identity)


def _save(keys: CaseKeys, rows: Sequence[store.Revision]) -> SaveView:
    """Open what was saved together: the case first, an incident before its acts."""
    views = [open_revision(keys, row) for row in rows]
    views.sort(key=_place)
    return SaveView(views[0].told.by, views[0].told.at, views)


def _place(view: RevisionView) -> tuple[int, UUID, bool]:
    return _ORDER.index(view.told.record), view.told.record_id, view.told.part is not None
