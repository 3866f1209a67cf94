"""What came in at one go: how it is kept, who looks at it, and what of it was changed since."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from casework.domain.documents import Document
from casework.domain.incident import IncidentFacts
from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.access import may_see
from casework.services.context import Context
from casework.store import imports as store
from casework.store.database import db
from casework.vault import documents
from casework.vault.fields import IMPORT_BATCH

PAGE_ROWS = 50
SHOWN_CHANGED = 200


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What is known of a batch; the counts are of rows, but for `incidents`: so many came in.

    `stored` came in, `already` were in from earlier, `refused` could not. `bins_changed`: when it is undone,
    the cases that were changed since go to the bin, else they stay. `terms` are the ids of the own terms that
    were added or brought back for it.
    """

    source: str
    file: str = ""
    rows: int = 0
    stored: int = 0
    already: int = 0
    refused: int = 0
    bins_changed: bool = False
    incidents: int = 0
    terms: tuple[str, ...] = ()

    @property
    def is_joined(self) -> bool:
        """Whether several rows became one incident; older batches have no count of incidents."""
        return 0 < self.incidents < self.stored

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {"schema": 1, **asdict(self), "terms": list(self.terms)}

    @classmethod
    def of(cls, context: Context, row: store.ImportBatch) -> "BatchFacts":
        """Open those of a batch."""
        plain = context.keyring.open(IMPORT_BATCH, row.id, row.batch_version, row.batch_sealed)
        document = documents.decode(plain)
        del document["schema"]
        return cls(**{**document, "terms": tuple(document.get("terms", ()))})


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch, opened. `here` is how many of its cases are in now, `position` as the store has it."""

    id: UUID
    facts: BatchFacts
    state: str
    begun_at: datetime
    member_id: UUID
    upload_id: UUID
    position: int
    here: int

    @property
    def is_moving(self) -> bool:
        """Whether it is on its way in or out."""
        return self.state in (store.RUNNING, store.UNDOING)

    @property
    def rows_read(self) -> int:
        """How many rows of the list were read while it came in, whatever became of them."""
        return self.facts.stored + self.facts.already + self.facts.refused


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A row that came in, and the case that it became."""

    number: int
    case_id: UUID
    reference: str
    facts: IncidentFacts
    is_binned: bool


def add_batch(
    context: Context, batch_id: UUID, facts: BatchFacts, state: str, upload_id: UUID
) -> store.ImportBatch:
    """Begin a batch, in a transaction that is open."""
    row = store.ImportBatch(
        id=batch_id,
        member_id=context.member_id,
        version=0,
        state=state,
        position=0,
        begun_at=context.runtime.now().replace(second=0, microsecond=0),
        upload_id=upload_id,
        undone_generation=0,
        batch_version=0,
    )
    seal_batch(context, row, facts)
    db.session.add(row)
    db.session.flush()
    return row


def seal_batch(context: Context, row: store.ImportBatch, facts: BatchFacts) -> None:
    """Seal what is known of a batch into its row, in a transaction that is open."""
    row.version += 1
    row.batch_version += 1
    plain = documents.encode(facts.to_document())
    row.batch_sealed = context.keyring.seal(IMPORT_BATCH, row.id, row.batch_version, plain)


def list_batches(context: Context) -> list[BatchView]:
    """Return every batch, newest first."""
    context.require(Permission.IMPORT_INCIDENTS)
    return [_view(context, row) for row in store.list_batches()]


def get_batch(context: Context, batch_id: UUID) -> BatchView:
    """Return a batch; raises NotFound."""
    context.require(Permission.IMPORT_INCIDENTS)
    row = store.find_batch(batch_id)
    if row is None:
        raise NotFound("import")
    return _view(context, row)


def find_batch_of(context: Context, upload_id: UUID, is_in: bool = False) -> UUID | None:
    """Return the newest batch that took its rows from a list; None where there is none.

    `is_in`: only one that comes in, or is in; a list whose rows were taken out again can be brought in anew.
    """
    context.require(Permission.IMPORT_INCIDENTS)
    row = store.find_batch_of(upload_id)
    return row.id if row is not None and (not is_in or row.state in (store.RUNNING, store.DONE)) else None


def find_earlier_name(context: Context, file: str) -> str:
    """Return under which name a file that is called so came in last; empty where none did and is in."""
    context.require(Permission.IMPORT_INCIDENTS)
    came = (row for row in store.list_batches() if row.state in (store.RUNNING, store.DONE))
    facts = (BatchFacts.of(context, row) for row in came)
    return next((one.source for one in facts if file and one.file == file), "")


def list_batch_lines(context: Context, batch_id: UUID, page: int) -> list[BatchLine]:
    """Return a page of what came in, counted from 0, without cases that the member may not know of."""
    context.require(Permission.IMPORT_INCIDENTS)
    rows = store.list_rows(batch_id, -1, PAGE_ROWS, page * PAGE_ROWS)
    return list(_lines(context, {row.incident_id: row.number or 0 for row in rows}))


def list_changed_lines(context: Context, batch_id: UUID) -> list[BatchLine]:
    """Return what came in and was changed since, the first SHOWN_CHANGED of it."""
    context.require(Permission.IMPORT_INCIDENTS)
    changed = set(store.list_changed_of(batch_id, SHOWN_CHANGED))
    rows = {row.incident_id: row.number or 0 for row in store.list_rows_of_cases(batch_id, changed)}
    return list(_lines(context, rows))


def list_incidents_here(context: Context, batch_id: UUID) -> frozenset[UUID]:
    """Return the incidents that came in with a batch and are here, in the bin too."""
    context.require(Permission.IMPORT_INCIDENTS)
    rows = store.list_rows(batch_id, -1, store.count_rows(batch_id))
    return frozenset(row.incident_id for row in rows)


def _lines(context: Context, numbers: Mapping[UUID, int]) -> list[BatchLine]:
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    binned = {one.id: (case.case, one) for case in facts.binned.values() for one in case.incidents}
    lines = []
    for incident_id, number in numbers.items():
        incident, case = facts.incidents.get(incident_id), None
        if incident is not None:
            case = facts.cases.get(incident.case_id)
        elif incident_id in binned:
            case, incident = binned[incident_id]
        if incident is None or case is None or not may_see(context, case):
            continue
        is_binned = incident_id in binned
        lines.append(BatchLine(number, case.id, case.facts.reference, incident.facts, is_binned))
    return lines


def _view(context: Context, row: store.ImportBatch) -> BatchView:
    return BatchView(
        row.id,
        BatchFacts.of(context, row),
        row.state,
        row.begun_at,
        row.member_id,
        row.upload_id,
        row.position,
        store.count_rows(row.id),
    )
