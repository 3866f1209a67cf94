"""Cases, their keys, who may open them, their people and incidents: ciphertext and plain relations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    false,
    func,
    literal,
    select,
    text,
    union,
)
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, UtcDateTime, db


class Case(Model):
    """One matter. `team_only` limits it to the members in `case_access`, and coordinators.

    Of a `restricted` one the keys too are sealed, to the members in `case_access` whom `named_sealed` names.
    `recovery_number` is the roster's entry that named the recovery key which these keys are sealed to.
    `binned_at` is the hour since which it lies in the bin; empty while it does not. `has_whole_history` where
    every change since it was opened is told: not of one from before there was a history.
    """

    __tablename__ = "case"
    __table_args__ = (
        # Few of many rows. SQLite takes an index for a condition that reads as its own.
        Index(
            "ix_case_restricted",
            "id",
            sqlite_where=text("restricted = 1"),
            postgresql_where=text("restricted"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    generation: Mapped[int] = mapped_column(index=True)
    team_only: Mapped[bool]
    restricted: Mapped[bool] = mapped_column(default=False, server_default=false())
    reference_hmac: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    coded_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    coded_version: Mapped[int]
    named_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    named_version: Mapped[int] = mapped_column(default=0, server_default="0")
    recovery_number: Mapped[int | None]
    binned_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    has_whole_history: Mapped[bool] = mapped_column(default=True, server_default=false())


class CaseKey(Model):
    """A case's key for one compartment, wrapped under that of the compartment; erasing destroys it."""

    __tablename__ = "case_key"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    compartment: Mapped[str] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CaseAccess(Model):
    """A member of a case's team."""

    __tablename__ = "case_access"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), primary_key=True)


class Person(Model):
    """Somebody in a case. One that is `set_aside` was merged: another row of the case stands for it."""

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_case_id", "case_id"),
        # Few of many rows; `list_set_aside` goes through these alone.
        Index(
            "ix_person_set_aside",
            "id",
            sqlite_where=text("set_aside = 1"),
            postgresql_where=text("set_aside"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    version: Mapped[int]
    generation: Mapped[int] = mapped_column(index=True)
    coded_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    coded_version: Mapped[int]
    identity_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    identity_version: Mapped[int]
    set_aside: Mapped[bool] = mapped_column(default=False, server_default=false())


class Incident(Model):
    """One police contact in a case."""

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_case_id", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    version: Mapped[int]
    generation: Mapped[int] = mapped_column(index=True)
    coded_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    coded_version: Mapped[int]
    narrative_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    narrative_version: Mapped[int]


Record = TypeVar("Record", Case, Person, Incident)


def find_record(table: type[Record], record_id: UUID) -> Record | None:
    """Return the row with this id."""
    return db.session.get(table, record_id)


def list_rows(table: type[Record], record_ids: Sequence[UUID]) -> list[Record]:
    """Return the rows with these ids, in no particular order."""
    rows: list[Record] = []
    # A database takes so many parameters and no more.
    for start in range(0, len(record_ids), 500):
        rows += db.session.scalars(select(table).where(table.id.in_(record_ids[start : start + 500])))
    return rows


def list_changed_coded(table: type[Record], after: int) -> Sequence[Row[Any]]:
    """Return what is coded of the rows written in a generation above `after`, as plain rows."""
    return db.session.execute(select(*coded_columns(table)).where(table.generation > after)).all()


def list_changed_texts(table: type[Person] | type[Incident], after: int) -> Sequence[Row[Any]]:
    """Return the rows written in a generation above `after` without what is coded, as plain rows."""
    columns = [column for column in table.__table__.c if not column.name.startswith("coded_")]
    return db.session.execute(select(*columns).where(table.generation > after)).all()


def coded_columns(table: type[Case] | type[Person] | type[Incident]) -> list[ColumnElement[Any]]:
    """Return the columns of a table that neither are texts nor lead to any."""
    texts = ("identity_", "narrative_", "named_", "reference_")
    return [column for column in table.__table__.c if not column.name.startswith(texts)]


def list_all_cases() -> Sequence[Case]:
    """Return every case."""
    return db.session.scalars(select(Case)).all()


def find_person(person_id: UUID) -> Person | None:
    """Return somebody's row, unless it is set aside."""
    row = find_record(Person, person_id)
    return None if row is None or row.set_aside else row


def list_people(case_id: UUID) -> Sequence[Person]:
    """Return the case's people in no particular order, but those set aside."""
    return db.session.scalars(select(Person).where(Person.case_id == case_id, ~Person.set_aside)).all()


def list_person_rows(case_id: UUID) -> Sequence[Person]:
    """Return every row of somebody in the case, those set aside too."""
    return db.session.scalars(select(Person).where(Person.case_id == case_id)).all()


def list_set_aside(limit: int, after: UUID | None = None) -> Sequence[Person]:
    """Return rows that are set aside, by their ids, those after one of them."""
    query = select(Person).where(Person.set_aside).order_by(Person.id).limit(limit)
    return db.session.scalars(query.where(Person.id > after) if after else query).all()


def list_incidents(case_id: UUID) -> Sequence[Incident]:
    """Return the case's incidents in no particular order."""
    return db.session.scalars(select(Incident).where(Incident.case_id == case_id)).all()


def list_case_keys(case_id: UUID) -> Sequence[CaseKey]:
    """Return every key of a case, of both compartments and all generations."""
    return db.session.scalars(select(CaseKey).where(CaseKey.case_id == case_id)).all()


def list_case_keys_after(generation: int) -> Sequence[Row[Any]]:
    """Return the keys of cases of which anything was written in a generation above this one, as plain rows.

    A person may be written without their case: what another record says of them is noted there too.
    """
    written = union(
        select(Case.id).where(Case.generation > generation),
        select(Person.case_id).where(Person.generation > generation),
        select(Incident.case_id).where(Incident.generation > generation),
    )
    return db.session.execute(select(CaseKey.__table__).where(CaseKey.case_id.in_(written))).all()


def _older_than(compartment: str, epoch: int) -> ColumnElement[bool]:
    # An envelope's header names its epoch: bytes 3 to 6, big-endian.
    written = func.substr(CaseKey.key_sealed, 3, 4)
    return (CaseKey.compartment == compartment) & (written < literal(epoch.to_bytes(4, "big"), LargeBinary))


def count_wraps() -> int:
    """Return how many case keys there are, of all compartments and generations."""
    return db.session.scalar(select(func.count()).select_from(CaseKey)) or 0


def count_older_wraps(compartment: str, epoch: int) -> int:
    """Return how many keys of a compartment are wrapped under an epoch before this one."""
    query = select(func.count()).select_from(CaseKey).where(_older_than(compartment, epoch))
    return db.session.scalar(query) or 0


def list_older_wraps(compartment: str, epoch: int, limit: int, after: int = 0) -> Sequence[CaseKey]:
    """Return keys that are wrapped under an epoch before this one, without the first `after` of them."""
    older = select(CaseKey).where(_older_than(compartment, epoch))
    query = older.order_by(CaseKey.case_id, CaseKey.generation).offset(after).limit(limit)
    return db.session.scalars(query).all()


def list_team(case_id: UUID) -> Sequence[UUID]:
    """Return the members of a case's team."""
    return db.session.scalars(select(CaseAccess.member_id).where(CaseAccess.case_id == case_id)).all()


def write_team(case_id: UUID, members: Collection[UUID]) -> None:
    """Make these members a case's team; the caller's transaction commits it."""
    query = select(CaseAccess).where(CaseAccess.case_id == case_id)
    before = {access.member_id: access for access in db.session.scalars(query)}
    for member_id in before.keys() - set(members):
        db.session.delete(before[member_id])
    new = set(members) - before.keys()
    db.session.add_all(CaseAccess(case_id=case_id, member_id=member_id) for member_id in new)


def list_access_of(member_id: UUID) -> Sequence[CaseAccess]:
    """Return the rows that put a member into teams, not those that name them in restricted cases."""
    query = select(CaseAccess).join(Case).where(CaseAccess.member_id == member_id, ~Case.restricted)
    return db.session.scalars(query).all()


def list_teams_after(generation: int) -> Sequence[tuple[UUID, UUID]]:
    """Return every (case, member) pair of the teams of the cases written in a generation above this one."""
    query = (
        select(CaseAccess.case_id, CaseAccess.member_id)
        .join(Case, Case.id == CaseAccess.case_id)
        .where(Case.generation > generation)
    )
    return [(case_id, member_id) for case_id, member_id in db.session.execute(query)]


def list_taken_references(reference_hmacs: Collection[bytes]) -> set[bytes]:
    """Return those of these references that a case carries."""
    query = select(Case.reference_hmac).where(Case.reference_hmac.in_(list(reference_hmacs)))
    return set(db.session.scalars(query))
