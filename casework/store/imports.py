"""Imports: their batches, which rows of which source came in, and the mappings that are remembered."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    LargeBinary,
    and_,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from casework.store.cases import Case, CaseKey, Incident, Person
from casework.store.database import Model, UtcDateTime, db

_IN_CHUNK = 500

RUNNING = "running"
DONE = "done"
UNDOING = "undoing"
UNDONE = "undone"


class ImportBatch(Model):
    """What came in at one go. `position` is how many pieces of the upload are in, or the last row undone.

    `undone_generation` is that of the last transaction which took some of it out again; 0 before.
    """

    __tablename__ = "import_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    version: Mapped[int]
    state: Mapped[str]
    position: Mapped[int]
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    upload_id: Mapped[UUID]
    undone_generation: Mapped[int] = mapped_column(index=True)
    batch_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    batch_version: Mapped[int]


class ImportedRow(Model):
    """What a row that became an incident is known by; `key_hmac` hides it, and refuses the row a second time.

    `number` is the row's place in its file. An incident may be known by several keys: only its first one has
    the number. Rows that came in before there were batches have neither.
    """

    __tablename__ = "imported_row"

    key_hmac: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    number: Mapped[int | None]


class ImportMapping(Model):
    """A mapping that is kept for the next list of its kind."""

    __tablename__ = "import_mapping"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    mapping_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    mapping_version: Mapped[int]


def find_batch(batch_id: UUID) -> ImportBatch | None:
    """Return the batch with this id."""
    return db.session.get(ImportBatch, batch_id)


def find_batch_of(upload_id: UUID) -> ImportBatch | None:
    """Return the newest batch that took its rows from this list."""
    query = select(ImportBatch).where(ImportBatch.upload_id == upload_id)
    return db.session.scalar(query.order_by(ImportBatch.begun_at.desc(), ImportBatch.id).limit(1))


def list_batches() -> Sequence[ImportBatch]:
    """Return every batch, newest first."""
    return db.session.scalars(select(ImportBatch).order_by(ImportBatch.begun_at.desc(), ImportBatch.id)).all()


def list_unfinished() -> Sequence[ImportBatch]:
    """Return the batches that are coming in or going out, oldest first."""
    query = select(ImportBatch).where(ImportBatch.state.in_((RUNNING, UNDOING)))
    return db.session.scalars(query.order_by(ImportBatch.begun_at, ImportBatch.id)).all()


def list_rows_of_cases(batch_id: UUID, case_ids: Collection[UUID]) -> Sequence[ImportedRow]:
    """Return the rows of a batch that became these cases, one for each incident."""
    query = select(ImportedRow).join(Incident, Incident.id == ImportedRow.incident_id)
    query = query.where(_is_first_of(batch_id), Incident.case_id.in_(list(case_ids)))
    return db.session.scalars(query.order_by(ImportedRow.number)).all()


def count_rows(batch_id: UUID) -> int:
    """Return how many incidents of a batch are there."""
    query = select(func.count()).select_from(ImportedRow).where(_is_first_of(batch_id))
    return db.session.scalar(query) or 0


def list_rows(batch_id: UUID, after: int, limit: int, skip: int = 0) -> Sequence[ImportedRow]:
    """Return rows of a batch, one for each incident, in the order of their file.

    They begin above number `after`; the first `skip` of them are left out.
    """
    query = select(ImportedRow).where(_is_first_of(batch_id), ImportedRow.number > after)
    return db.session.scalars(query.order_by(ImportedRow.number).offset(skip).limit(limit)).all()


def list_imported(keys: Collection[bytes]) -> dict[bytes, UUID | None]:
    """Return those of these keys that were imported already, with the batch that each came in."""
    wanted = list(keys)
    found: dict[bytes, UUID | None] = {}
    for start in range(0, len(wanted), _IN_CHUNK):
        chunk = wanted[start : start + _IN_CHUNK]
        query = select(ImportedRow.key_hmac, ImportedRow.batch_id).where(ImportedRow.key_hmac.in_(chunk))
        found.update((key, batch_id) for key, batch_id in db.session.execute(query))
    return found


def list_incidents_by_key(keys: Collection[bytes]) -> dict[bytes, UUID]:
    """Return those of these keys that were imported already, with the incident that each stands for."""
    wanted = list(keys)
    found: dict[bytes, UUID] = {}
    for start in range(0, len(wanted), _IN_CHUNK):
        chunk = wanted[start : start + _IN_CHUNK]
        query = select(ImportedRow.key_hmac, ImportedRow.incident_id).where(ImportedRow.key_hmac.in_(chunk))
        found.update((key, incident_id) for key, incident_id in db.session.execute(query))
    return found


def list_undone(generation: int, known: Iterable[UUID]) -> frozenset[UUID]:
    """Return those of the known cases that the undoing of an import took out after this generation."""
    if not is_any_undone(generation):
        return frozenset()
    return frozenset(known) - frozenset(db.session.scalars(select(Case.id)))


def is_any_undone(generation: int) -> bool:
    """Return whether an import was undone after this generation."""
    query = select(ImportBatch.id).where(ImportBatch.undone_generation > generation).limit(1)
    return db.session.scalar(query) is not None


def list_cases_of(incident_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the case of each of these incidents."""
    query = select(Incident.id, Incident.case_id).where(Incident.id.in_(list(incident_ids)))
    return {incident_id: case_id for incident_id, case_id in db.session.execute(query)}


def list_changed_cases(case_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these cases in which anything was written since an import made them."""
    query = select(Case.id).where(Case.id.in_(list(case_ids)), _is_changed())
    return set(db.session.scalars(query))


def list_changed_of(batch_id: UUID, limit: int) -> Sequence[UUID]:
    """Return cases of a batch in which anything was written since."""
    query = select(Case.id).join(Incident, Incident.case_id == Case.id)
    query = query.join(ImportedRow, ImportedRow.incident_id == Incident.id)
    query = query.where(_is_first_of(batch_id), _is_changed())
    return db.session.scalars(query.order_by(ImportedRow.number).limit(limit)).all()


def delete_cases(rows: Collection[ImportedRow], case_ids: Collection[UUID]) -> None:
    """Delete cases that are as an import made them, with all that these rows of theirs are known by.

    Row by row, so that the audit entry names each.
    """
    ids = list(case_ids)
    incidents = [row.incident_id for row in rows]
    _delete(db.session.scalars(select(ImportedRow).where(ImportedRow.incident_id.in_(incidents))))
    _delete(db.session.scalars(select(Incident).where(Incident.case_id.in_(ids))))
    for table in (Person, CaseKey):
        _delete(db.session.scalars(select(table).where(table.case_id.in_(ids))))
    _delete(db.session.scalars(select(Case).where(Case.id.in_(ids))))


def find_mapping(mapping_id: UUID) -> ImportMapping | None:
    """Return the mapping with this id."""
    return db.session.get(ImportMapping, mapping_id)


def list_mappings() -> Sequence[ImportMapping]:
    """Return every mapping that is kept."""
    return db.session.scalars(select(ImportMapping)).all()


def _delete(rows: Iterable[object]) -> None:
    for row in list(rows):
        db.session.delete(row)
    db.session.flush()


def _is_first_of(batch_id: UUID) -> ColumnElement[bool]:
    """Whether a row stands for its incident, and came in with this batch."""
    return and_(ImportedRow.batch_id == batch_id, ImportedRow.number.is_not(None))


def _is_changed() -> ColumnElement[bool]:
    """Whether a case is other than an import makes it: people and one incident, written with it and once.

    Whatever else refers to them was added later, perhaps in a table that casework got later too.
    """
    changed = [Case.version != 1, Case.coded_version != 1, Case.restricted, Case.team_only]
    changed.append(Case.binned_at.is_not(None))
    person, incident = aliased(Person), aliased(Incident)
    for record in (person, incident):
        later = or_(record.version != 1, record.generation != Case.generation)
        changed.append(exists(record.id).where(record.case_id == Case.id, later).correlate(Case))
    changed.append(~exists(person.id).where(person.case_id == Case.id).correlate(Case))
    incidents = select(func.count(incident.id)).where(incident.case_id == Case.id).correlate(Case)
    changed.append(incidents.scalar_subquery() != 1)
    made = {one.__tablename__ for one in (Person, Incident, CaseKey, ImportedRow)}
    for table in db.metadatas[None].sorted_tables:
        for column in table.columns if table.name not in made else ():
            changed += [_refers(column, key.column.table.name) for key in column.foreign_keys]
    return or_(*changed)


def _refers(column: Column[Any], target: str) -> ColumnElement[bool]:
    """Whether a row refers by this column to the case, or to the person or incident of it."""
    if target == Case.__tablename__:
        return exists(column).where(column == Case.id).correlate(Case)
    for table in (Person, Incident):
        if target == table.__tablename__:
            record: Any = aliased(table)
            return exists(column).where(column == record.id, record.case_id == Case.id).correlate(Case)
    return false()
