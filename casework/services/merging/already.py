"""What became of a pair that somebody merged before: a colleague, or oneself in another tab."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.access import get_case_row
from casework.services.context import Context
from casework.services.personfacts import open_person_facts
from casework.store import cases as store


@dataclass(frozen=True, slots=True)
class MergedBefore:
    """A merge that took one of two records, or both: by whom, when; and who stands for each now, where.

    `left` and `right` are one record, or of two cases one each, where the two were merged with one another.
    """

    by: UUID
    on: date
    left: UUID
    right: UUID
    left_case: UUID
    right_case: UUID
    is_with_one_another: bool


def find_merge(context: Context, left: UUID, right: UUID) -> MergedBefore | None:
    """Return what became of two records, of which a merge set aside at least one; None where none did.

    Raises NotFound unless the member may open the cases of those who stand for them now.
    """
    context.require(Permission.EDIT_CASES)
    one, other = _follow(context, left), _follow(context, right)
    if one.id == left and other.id == right:
        return None
    made = next(row for row, was in ((one, left), (other, right)) if row.id != was)
    merged = open_person_facts(context, made).merged
    if merged is None:
        return None
    together = one.id == other.id or merged.twin in (one.id, other.id)
    return MergedBefore(merged.by, merged.on, one.id, other.id, one.case_id, other.case_id, together)


def _follow(context: Context, person_id: UUID) -> store.Person:
    """Return who stands for a record now, over several merges too; raises NotFound."""
    row, passed = store.find_record(store.Person, person_id), set[UUID]()
    while row is not None and row.set_aside and row.id not in passed:
        passed.add(row.id)
        aside = open_person_facts(context, row).aside
        row = store.find_record(store.Person, aside.into) if aside and aside.into else None
    if row is None or row.set_aside:
        raise NotFound("person")
    get_case_row(context, row.case_id)
    return row
