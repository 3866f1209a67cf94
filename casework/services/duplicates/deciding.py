"""One person or two: said by a member, remembered, taken back."""

from collections.abc import Mapping
from uuid import UUID

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.access import get_case_row
from casework.services.context import Context
from casework.services.personfacts import is_no_kept, settle_agreement
from casework.services.transactions import Transaction, transaction
from casework.store.cases import find_person
from casework.store.database import db
from casework.store.links import PersonLink, find_link


def tell_same(context: Context, one: UUID, other: UUID) -> None:
    """Note that two people of different cases are one; raises NotFound as `get_case_row` does.

    Within a case they are merged: `services/merging/`.
    """
    _decide(context, "person.linked", one, other, True)


def tell_apart(context: Context, one: UUID, other: UUID) -> None:
    """Note that they are two, so that nobody is asked again; raises NotFound."""
    _decide(context, "person.told_apart", one, other, False)


def forget_decision(context: Context, one: UUID, other: UUID) -> None:
    """Take back what was said of them; raises NotFound, also where nothing was."""
    context.require(Permission.EDIT_CASES)
    with transaction(context, "person.undecided") as opened:
        _require_both(context, opened, one, other)
        row = find_link(one, other)
        if row is None:
            raise NotFound("link")
        kept = _list_kept(context, one, other)
        db.session.delete(row)
        _settle(context, opened, kept)


def _decide(context: Context, event: str, one: UUID, other: UUID, is_same: bool) -> None:
    context.require(Permission.EDIT_CASES)
    with transaction(context, event) as opened:
        _require_both(context, opened, one, other, cases=2 if is_same else 1)
        row, kept = find_link(one, other), _list_kept(context, one, other)
        if row is None:
            row = PersonLink(left_id=min(one, other), right_id=max(one, other))
            db.session.add(row)
        row.is_same = is_same
        if is_same:
            kept = dict.fromkeys(kept, any(kept.values()))
        _settle(context, opened, kept)


def _list_kept(context: Context, one: UUID, other: UUID) -> dict[UUID, bool]:
    """Return of both whether a no holds for them that no record says any more: neither deed ends that."""
    return {person_id: is_no_kept(context, person_id) for person_id in (one, other)}


def _settle(context: Context, opened: Transaction, kept: Mapping[UUID, bool]) -> None:
    """Let what either says of statistics hold for both, or no longer."""
    db.session.flush()
    for person_id, is_kept in kept.items():
        settle_agreement(context, opened.generation, person_id, is_kept=is_kept)


def _require_both(context: Context, opened: Transaction, one: UUID, other: UUID, cases: int = 1) -> None:
    """Raise NotFound unless both are there, in so many cases at least, all of them the member's to open."""
    rows = [row for person_id in {one, other} if (row := find_person(person_id))]
    found = [get_case_row(context, row.case_id).id for row in rows]
    if len(rows) < 2 or len(set(found)) < cases:
        raise NotFound("person")
    opened.note(case=found[0], person=one, other=other)
