"""Follow-ups of a case: ciphertext and plain relations."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Row, func, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store import database
from casework.store.cases import CaseKey
from casework.store.database import Model, db
from casework.store.restricted import CaseKeySeal


class FollowUp(Model):
    """What the collective does or learns after an incident; when, and what for, is sealed."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_case_id", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    version: Mapped[int]
    generation: Mapped[int] = mapped_column(index=True)
    coded_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    coded_version: Mapped[int]
    narrative_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    narrative_version: Mapped[int]


def find_follow_up(follow_up_id: UUID) -> FollowUp | None:
    """Return the row with this id."""
    return db.session.get(FollowUp, follow_up_id)


def keep_known(follow_up_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these ids that have a row."""
    return database.keep_known(FollowUp.id, follow_up_ids)


def list_follow_ups(case_id: UUID) -> Sequence[FollowUp]:
    """Return the case's follow-ups in no particular order."""
    return db.session.scalars(select(FollowUp).where(FollowUp.case_id == case_id)).all()


def count_follow_ups() -> int:
    """Return how many follow-ups there are."""
    return db.session.scalar(select(func.count()).select_from(FollowUp)) or 0


def list_changed_follow_ups(after: int) -> Sequence[Row[Any]]:
    """Return the rows written in a generation above `after`, as plain rows: there may be many."""
    return db.session.execute(select(FollowUp.__table__).where(FollowUp.generation > after)).all()


def list_keys_of_changed(after: int) -> Sequence[Row[Any]]:
    """Return the narrative keys of the cases with a follow-up from a generation above this one."""
    changed = select(FollowUp.case_id).where(FollowUp.generation > after)
    query = select(CaseKey.__table__).where(CaseKey.compartment == "narrative", CaseKey.case_id.in_(changed))
    return db.session.execute(query).all()


def list_sealed_follow_ups(member_id: UUID, case_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Return the follow-ups of these restricted cases, each with the member's seal of the narrative key."""
    query = (
        select(
            *FollowUp.__table__.columns,
            CaseKeySeal.compartment,
            CaseKeySeal.generation.label("key_generation"),
            CaseKeySeal.key_sealed,
        )
        .join(CaseKeySeal, CaseKeySeal.case_id == FollowUp.case_id)
        .where(
            CaseKeySeal.recipient_id == member_id,
            CaseKeySeal.compartment == "narrative",
            FollowUp.case_id.in_(case_ids),
        )
    )
    return list(db.session.execute(query))
