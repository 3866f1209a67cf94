"""What was erased: a tombstone for each case, so that it does not come back, with its sealed receipt."""

from collections.abc import Collection, Sequence, Set
from datetime import datetime
from itertools import product
from uuid import UUID

from sqlalchemy import Exists, LargeBinary, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.attachments import list_attachments
from casework.store.cases import Case, CaseAccess, CaseKey, Incident, Person
from casework.store.database import Model, UtcDateTime, db
from casework.store.followups import list_follow_ups
from casework.store.imports import ImportedRow
from casework.store.links import PersonLink, find_link, list_links_of
from casework.store.restricted import list_key_seals
from casework.store.revisions import list_revisions
from casework.store.stories import list_stories


class Erasure(Model):
    """One erased case. `overwritten_at` is when nothing of it stood in the database's files any more.

    `signature` says who erased it (`vault/erasure.py`); it is empty where nobody signed.
    """

    __tablename__ = "erasure"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    generation: Mapped[int] = mapped_column(index=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    overwritten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    receipt_version: Mapped[int]


def find_erasure(case_id: UUID) -> Erasure | None:
    """Return the tombstone of this case."""
    return db.session.get(Erasure, case_id)


def list_erasures() -> Sequence[Erasure]:
    """Return every tombstone, newest first."""
    return db.session.scalars(select(Erasure).order_by(Erasure.erased_at.desc(), Erasure.case_id)).all()


def list_erased_cases() -> Sequence[UUID]:
    """Return the id of every case that has a tombstone, signed or not."""
    return db.session.scalars(select(Erasure.case_id).order_by(Erasure.case_id)).all()


def list_erased_after(generation: int) -> Sequence[UUID]:
    """Return the cases erased in a generation above this one.

    A case that is there has not been erased, whatever tombstone somebody has put up.
    """
    query = select(Erasure.case_id).where(Erasure.generation > generation, ~_is_there())
    return db.session.scalars(query).all()


def list_planted() -> Set[UUID]:
    """Return the cases that are there, with a tombstone beside them that can be nobody's who erased."""
    return set(db.session.scalars(select(Erasure.case_id).where(_is_there())))


def _is_there() -> Exists:
    return exists().where(Case.id == Erasure.case_id)


def list_erased_of(case_ids: Collection[UUID]) -> Sequence[UUID]:
    """Return those of these cases that were erased."""
    return db.session.scalars(select(Erasure.case_id).where(Erasure.case_id.in_(list(case_ids)))).all()


def list_not_overwritten() -> Sequence[UUID]:
    """Return the erased cases of which something may still stand in the database's files."""
    return db.session.scalars(select(Erasure.case_id).where(Erasure.overwritten_at.is_(None))).all()


def list_binned_before(moment: datetime) -> Sequence[UUID]:
    """Return the cases that came into the bin before this moment, the first of them first."""
    query = select(Case.id).where(Case.binned_at < moment).order_by(Case.binned_at, Case.id)
    return db.session.scalars(query).all()


def delete_case(row: Case) -> tuple[int, int]:
    """Delete a case with everything that refers to it; returns how many people and incidents it had.

    What was said of two others over somebody in it stays said of them.

    Row by row, so that the audit entry names each. The sealed files of its attachments are the caller's to
    delete, once this is committed.
    """
    incidents = db.session.scalars(select(Incident).where(Incident.case_id == row.id)).all()
    of_incidents = ImportedRow.incident_id.in_([incident.id for incident in incidents])
    for imported in db.session.scalars(select(ImportedRow).where(of_incidents)):
        db.session.delete(imported)
    db.session.flush()
    for incident in incidents:
        db.session.delete(incident)
    people = db.session.scalars(select(Person).where(Person.case_id == row.id)).all()
    _carry_links({person.id for person in people})
    keys = db.session.scalars(select(CaseKey).where(CaseKey.case_id == row.id)).all()
    team = db.session.scalars(select(CaseAccess).where(CaseAccess.case_id == row.id)).all()
    told = (
        *list_revisions(row.id),
        *list_follow_ups(row.id),
        *list_attachments(row.id),
        *list_stories(row.id),
    )
    for one in (*told, *people, *keys, *list_key_seals(row.id), *team):
        db.session.delete(one)
    db.session.flush()
    db.session.delete(row)
    db.session.flush()
    return sum(not person.set_aside for person in people), len(incidents)


def _carry_links(going: Set[UUID]) -> None:
    """Delete the links of these people, and write down between others what only these links told.

    Who was one person over one of them is so still; who was not one of those is not, also where both stand
    for others here. Where one lies aside this is written of each with each: no link leads over that one, and
    what stands for it says the same.
    """
    links = list_links_of(going)
    said = [(link.left_id, link.right_id, link.is_same) for link in links]
    for link in links:
        db.session.delete(link)
    db.session.flush()
    people = {*going, *(each for left, right, _ in said for each in (left, right))}
    groups = _group(people, [(left, right) for left, right, is_same in said if is_same])
    first: dict[UUID, list[UUID]] = {}
    for group in groups:
        others = sorted(group - going)
        speaking = others if _has_aside(others) else others[:1]
        first |= dict.fromkeys(group, speaking)
        for one, other in product(speaking, others):
            if one != other:
                _say(one, other, is_same=True)
    for left, right, is_same in said:
        for one, other in product(first[left], first[right]) if not is_same else ():
            if one not in first[right]:
                _say(one, other, is_same=False)


def _has_aside(people: Collection[UUID]) -> bool:
    return bool(db.session.scalar(select(exists().where(Person.id.in_(people), Person.set_aside))))


def _group(people: Collection[UUID], pairs: Collection[tuple[UUID, UUID]]) -> list[set[UUID]]:
    """Return these people in groups of who is one, each with who is that outside of them."""
    groups: list[set[UUID]] = [{person} for person in people]
    for pair in pairs:
        joined = [group for group in groups if not group.isdisjoint(pair)]
        groups = [group for group in groups if group.isdisjoint(pair)]
        groups.append(set(pair).union(*joined))
    return groups


def _say(one: UUID, other: UUID, *, is_same: bool) -> None:
    """Write down what nobody has said of the two otherwise."""
    if find_link(one, other) is None:
        db.session.add(PersonLink(left_id=min(one, other), right_id=max(one, other), is_same=is_same))
        db.session.flush()
