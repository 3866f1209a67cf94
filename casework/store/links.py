"""What members said of two people in different cases: one person, or two. Plain relations."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from casework.store.cases import Person
from casework.store.database import Model, db


class PersonLink(Model):
    """Two people that were compared; `left_id` is the smaller id, so that no pair stands here twice."""

    __tablename__ = "person_link"
    __table_args__ = (Index("ix_person_link_right_id", "right_id"),)

    left_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    right_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    is_same: Mapped[bool]


def find_link(one: UUID, other: UUID) -> PersonLink | None:
    """Return what was said of these two, in whichever order."""
    return db.session.get(PersonLink, (min(one, other), max(one, other)))


def list_links() -> Sequence[tuple[UUID, UUID, bool]]:
    """Return every pair that was decided on, and whether they are one person; without those set aside."""
    left, right = aliased(Person), aliased(Person)
    query = (
        select(PersonLink.left_id, PersonLink.right_id, PersonLink.is_same)
        .join(left, left.id == PersonLink.left_id)
        .join(right, right.id == PersonLink.right_id)
        .where(~left.set_aside, ~right.set_aside)
    )
    return [(left, right, is_same) for left, right, is_same in db.session.execute(query)]


def list_links_of(people: Collection[UUID]) -> Sequence[PersonLink]:
    """Return the rows that any of these people stands in."""
    of_them = or_(PersonLink.left_id.in_(people), PersonLink.right_id.in_(people))
    return db.session.scalars(select(PersonLink).where(of_them)).all()
