"""The coded index: sealed columns of coded facts, beside the records that they are made from.

None of it is covered by the audit log: it holds nothing that the records do not, and is made anew from them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import LargeBinary, Row, delete, event, func, insert, select, union, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from casework.store.cases import Case, CaseAccess, Incident, Person, coded_columns
from casework.store.database import Model, db
from casework.store.links import PersonLink

INDEX_ID = UUID(int=1)
"""The id of the one row that there is of the index."""
_AT_ONCE = 500
_DROPPED = "casework_dropped_cases"


class FactIndex(Model):
    """The one row that names the columns; without a manifest there is no index, and the records are read.

    `version` is the number of the last change to it; whoever makes it anew finds out by it that another did.
    """

    __tablename__ = "fact_index"
    covered_by_log: ClassVar = False

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    manifest_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class FactColumn(Model):
    """One column of one block; it is never changed, only replaced."""

    __tablename__ = "fact_column"
    covered_by_log: ClassVar = False

    id: Mapped[UUID] = mapped_column(primary_key=True)
    column_sealed: Mapped[bytes] = mapped_column(LargeBinary)


def find_index() -> tuple[int, bytes | None]:
    """Return the version of the index and its manifest; 0 and None where there has never been one."""
    row = db.session.execute(select(FactIndex.version, FactIndex.manifest_sealed)).one_or_none()
    return (row[0], row[1]) if row else (0, None)


def write_manifest(version: int, manifest_sealed: bytes | None) -> None:
    """Put another manifest in its place; under the write lock."""
    values = {"version": version, "manifest_sealed": manifest_sealed}
    if not db.session.execute(update(FactIndex).values(values)).rowcount:  # type: ignore[attr-defined]
        db.session.execute(insert(FactIndex).values(id=INDEX_ID, **values))


def add_columns(sealed: Mapping[UUID, bytes]) -> None:
    """Write columns."""
    rows = [{"id": id_, "column_sealed": column} for id_, column in sealed.items()]
    if rows:
        db.session.execute(insert(FactColumn), rows)


def delete_columns(ids: Collection[UUID] | None = None) -> None:
    """Delete these columns, or all."""
    if ids is None:
        db.session.execute(delete(FactColumn))
    for some in _batches(ids or ()):
        db.session.execute(delete(FactColumn).where(FactColumn.id.in_(some)))


def list_columns(ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Return those of these columns that are there."""
    query = select(FactColumn.id, FactColumn.column_sealed)
    return {id_: sealed for id_, sealed in _list_of(query, FactColumn.id, ids)}


def list_column_ids() -> set[UUID]:
    """Return the id of every column."""
    return set(db.session.scalars(select(FactColumn.id)))


def list_coded(
    table: type[Case] | type[Person] | type[Incident], case_ids: Collection[UUID]
) -> Sequence[Row[Any]]:
    """Return the coded documents of these cases, of their people or of their incidents, as plain rows."""
    key = Case.id if table is Case else table.case_id  # type: ignore[union-attr]
    return list(_list_of(select(*coded_columns(table)), key, case_ids))


def list_teams_of(case_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Return every (case, member) pair of the teams of these cases."""
    query = select(CaseAccess.case_id, CaseAccess.member_id)
    return [(case, member) for case, member in _list_of(query, CaseAccess.case_id, case_ids)]


def list_case_ids() -> Sequence[UUID]:
    """Return the id of every case."""
    return db.session.scalars(select(Case.id).order_by(Case.id)).all()


def list_cases_after(generation: int) -> set[UUID]:
    """Return the cases of which anything was written in a generation above this one."""
    written = union(
        select(Case.id).where(Case.generation > generation),
        select(Person.case_id).where(Person.generation > generation),
        select(Incident.case_id).where(Incident.generation > generation),
    )
    return set(db.session.scalars(written))


def list_linked_cases() -> set[UUID]:
    """Return the cases of everybody of whom somebody said that they are, or are not, another one."""
    linked = union(select(PersonLink.left_id), select(PersonLink.right_id)).subquery()
    return set(db.session.scalars(select(Person.case_id).where(Person.id.in_(select(linked)))))


def list_cases_of(table: type[Person] | type[Incident], ids: Collection[UUID]) -> set[UUID]:
    """Return the cases that these people, or incidents, are in."""
    return {case_id for (case_id,) in _list_of(select(table.case_id), table.id, ids)}


def count_records() -> tuple[int, int, int]:
    """Count the cases, the people but those set aside, and the incidents."""
    cases, people, aside, incidents = (
        db.session.scalar(query) or 0
        for query in (
            select(func.count()).select_from(Case),
            select(func.count()).select_from(Person),
            select(func.count()).select_from(Person).where(Person.set_aside),
            select(func.count()).select_from(Incident),
        )
    )
    return cases, people - aside, incidents


@event.listens_for(Session, "after_flush")
def _note_dropped(session: Session, _flush_context: object) -> None:
    """Remember whose records this transaction deletes: they have to leave the index with it."""
    for row in session.deleted:
        if isinstance(row, Case | Person | Incident):
            case_id = row.id if isinstance(row, Case) else row.case_id
            session.info.setdefault(_DROPPED, set()).add(case_id)


def take_dropped() -> set[UUID]:
    """Return the cases of which a record was deleted since this was last asked."""
    dropped: set[UUID] = db.session.info.pop(_DROPPED, set())
    return dropped


def _batches(ids: Collection[UUID]) -> Iterator[Sequence[UUID]]:
    # A database takes so many parameters and no more.
    wanted = list(ids)
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))


def _list_of(query: Any, column: Any, ids: Collection[UUID]) -> Iterator[Any]:
    for some in _batches(ids):
        yield from db.session.execute(query.where(column.in_(some)))
