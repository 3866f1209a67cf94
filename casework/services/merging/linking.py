"""What was said of a record in another case, as a merge carries it over to the record that it makes."""

from collections.abc import Collection, Mapping
from uuid import UUID

from casework.store.cases import find_person
from casework.store.database import db
from casework.store.links import PersonLink, list_links_of


def expected_links(of: Collection[UUID], twin: UUID | None, made: UUID | None = None) -> Mapping[UUID, bool]:
    """Return what a record `made` of these has: theirs to whoever is still there, and one to its twin.

    None leads to itself. Where of one it was said that they are somebody and of the other that they are not,
    the first stands.
    """
    expected: dict[UUID, bool] = {twin: True} if twin and find_person(twin) else {}
    for link in list_links_of(of):
        other = link.right_id if link.left_id in of else link.left_id
        if other not in (*of, twin, made) and find_person(other) is not None:
            expected[other] = expected.get(other, False) or link.is_same
    return expected


def found_links(person_id: UUID) -> Mapping[UUID, bool]:
    """Return what is said of a record now, and of whoever is still there."""
    rows = list_links_of([person_id])
    said = {row.right_id if row.left_id == person_id else row.left_id: row.is_same for row in rows}
    return {other: is_same for other, is_same in said.items() if find_person(other) is not None}


def write_links(person_id: UUID, links: Mapping[UUID, bool]) -> None:
    """Say this of a record of which nothing was said; what stands there already stays."""
    known = found_links(person_id)
    for other, is_same in links.items():
        if other not in known:
            left, right = min(person_id, other), max(person_id, other)
            db.session.add(PersonLink(left_id=left, right_id=right, is_same=is_same))
    db.session.flush()


def drop_links(people: Collection[UUID]) -> None:
    """Forget what was said of these records."""
    for link in list_links_of(people):
        db.session.delete(link)
    db.session.flush()
