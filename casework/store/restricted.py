"""Restricted cases: their keys as sealed to who is named, and the texts that these open."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Row, and_, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.cases import Case, CaseAccess, Incident, Person
from casework.store.database import Model, db


class CaseKeySeal(Model):
    """A restricted case's wrapped key, sealed to somebody named, or to recovery under the zero id."""

    __tablename__ = "case_key_seal"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), primary_key=True)
    compartment: Mapped[str] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[UUID] = mapped_column(primary_key=True)
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)


_MOST_NAMED = 500
_HOLDS = and_(CaseAccess.case_id == CaseKeySeal.case_id, CaseAccess.member_id == CaseKeySeal.recipient_id)


def list_key_seals(case_id: UUID) -> Sequence[CaseKeySeal]:
    """Return every seal of a case's keys."""
    return db.session.scalars(select(CaseKeySeal).where(CaseKeySeal.case_id == case_id)).all()


def list_member_key_seals(case_id: UUID, member_id: UUID) -> Sequence[CaseKeySeal]:
    """Return the seals of a case's keys that are addressed to one member."""
    query = select(CaseKeySeal).where(CaseKeySeal.case_id == case_id, CaseKeySeal.recipient_id == member_id)
    return db.session.scalars(query).all()


def list_seals_to(recipient_id: UUID) -> Sequence[CaseKeySeal]:
    """Return the seals of all cases that are addressed to one member, or to recovery."""
    return db.session.scalars(select(CaseKeySeal).where(CaseKeySeal.recipient_id == recipient_id)).all()


def list_holders(case_id: UUID) -> set[UUID]:
    """Return who is named in a restricted case and has its keys."""
    query = select(CaseAccess.member_id).join(CaseKeySeal, _HOLDS).where(CaseAccess.case_id == case_id)
    return set(db.session.scalars(query.distinct()))


def list_all_holders() -> Sequence[tuple[UUID, UUID]]:
    """Return every (case, member) pair of somebody named who has the keys."""
    query = select(CaseAccess.case_id, CaseAccess.member_id).join(CaseKeySeal, _HOLDS).distinct()
    return [(case_id, member_id) for case_id, member_id in db.session.execute(query)]


def list_restricted(among: Collection[UUID]) -> set[UUID]:
    """Return the restricted ones of these cases; where they are many, others may be among what it returns."""
    query = select(Case.id).where(Case.restricted)
    # A database takes so many parameters and no more.
    return set(db.session.scalars(query.where(Case.id.in_(among)) if len(among) <= _MOST_NAMED else query))


def list_restricted_after(generation: int) -> set[UUID]:
    """Return the restricted cases that were written in a generation above this one."""
    return set(db.session.scalars(select(Case.id).where(Case.restricted, Case.generation > generation)))


def count_held_alone(member_id: UUID) -> int:
    """Return how many restricted cases nobody named but this member has the keys of."""
    others = (
        select(CaseAccess.case_id)
        .join(CaseKeySeal, _HOLDS)
        .where(CaseAccess.member_id != member_id, CaseAccess.case_id == Case.id)
    )
    held = (
        select(CaseAccess.case_id)
        .join(CaseKeySeal, _HOLDS)
        .where(CaseAccess.member_id == member_id, CaseAccess.case_id == Case.id)
    )
    query = select(func.count()).select_from(Case).where(Case.restricted, held.exists(), ~others.exists())
    return db.session.scalar(query) or 0


def list_restricted_rows() -> Sequence[Case]:
    """Return the rows of the restricted cases, by id."""
    return db.session.scalars(select(Case).where(Case.restricted).order_by(Case.id)).all()


def list_outdated(member_id: UUID, generations: Mapping[str, int]) -> Sequence[UUID]:
    """Return the cases that the member has a key of from before its compartment's generation here."""
    older = [
        and_(CaseKeySeal.compartment == compartment, CaseKeySeal.generation < first)
        for compartment, first in generations.items()
    ]
    query = select(CaseKeySeal.case_id).where(CaseKeySeal.recipient_id == member_id, or_(*older))
    return db.session.scalars(query.distinct().order_by(CaseKeySeal.case_id)).all()


def list_cases_before(member_id: UUID, recovery_number: int) -> Sequence[UUID]:
    """Return the cases that this member has a key of, sealed to an earlier recovery key than that entry's."""
    held = select(CaseKeySeal.case_id).where(CaseKeySeal.recipient_id == member_id)
    query = select(Case.id).where(Case.recovery_number < recovery_number, Case.id.in_(held))
    return db.session.scalars(query).all()


def count_cases_before(recovery_number: int) -> int:
    """Return how many cases' keys are still sealed to an earlier recovery key than that of this entry."""
    return db.session.scalar(select(func.count()).where(Case.recovery_number < recovery_number)) or 0


def list_recovery_numbers() -> Sequence[tuple[UUID, int]]:
    """Return every restricted case with the roster's entry that named the recovery key it is sealed to."""
    query = select(Case.id, Case.recovery_number).where(Case.restricted).order_by(Case.id)
    return [(case_id, number or 0) for case_id, number in db.session.execute(query)]


def list_restricted_since(recovery_number: int) -> Sequence[UUID]:
    """Return the restricted cases whose keys are sealed to the recovery key that this entry named."""
    query = select(Case.id).where(Case.restricted, Case.recovery_number == recovery_number)
    return db.session.scalars(query).all()


def list_sealed_people(member_id: UUID, case_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Return the people of these cases as plain rows, each with the member's seal of the identity key.

    Without those set aside.
    """
    rows = _with_seal(Person, "identity", member_id, case_ids)
    return [row for row in rows if not row.set_aside]


def list_sealed_incidents(member_id: UUID, case_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Return the incidents of these cases, each with the member's seal of the narrative key."""
    return _with_seal(Incident, "narrative", member_id, case_ids)


def _with_seal(
    table: type[Person] | type[Incident], compartment: str, member_id: UUID, case_ids: Collection[UUID]
) -> Sequence[Row[Any]]:
    # In one statement: a case that gets new keys meanwhile is read wholly before it or wholly after.
    query = (
        select(
            *table.__table__.columns,
            CaseKeySeal.compartment,
            CaseKeySeal.generation.label("key_generation"),
            CaseKeySeal.key_sealed,
        )
        .join(CaseKeySeal, CaseKeySeal.case_id == table.case_id)
        .where(
            CaseKeySeal.recipient_id == member_id,
            CaseKeySeal.compartment == compartment,
            table.case_id.in_(case_ids),
        )
    )
    return list(db.session.execute(query))
