"""One person or two: said by a member, remembered, taken back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from casework.domain.permissions import Permission
from casework.errors import NotFound
from casework.services.access import get_case_row, may_open, team_of
from casework.services.context import Context
from casework.services.duplicates.reaching import Reach
from casework.services.personfacts import is_no_kept, settle_agreement
from casework.services.transactions import Transaction, transaction
from casework.store import cases as store
from casework.store.database import db
from casework.store.links import PersonLink, find_link


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What a word on two people replaced, for its undo.

    `is_same` is what was said of these two, None where nothing was; with each of `cut` the first was linked.
    """

    is_same: bool | None = None
    cut: tuple[UUID, ...] = ()


NOTHING: Final = SaidBefore()
"""Nothing was said of the two."""


def tell_same(context: Context, one: UUID, other: UUID) -> SaidBefore:
    """Note that two people of different cases are one; raises NotFound as `get_case_row` does.

    Within a case they are merged: `services/merging/`.
    """
    context.require(Permission.EDIT_CASES)
    with transaction(context, "person.linked") as opened:
        _require_both(context, opened, one, other, cases=2)
        kept = _list_kept(context, (one, other))
        before = SaidBefore(_say(one, other, True))
        _settle(context, opened, dict.fromkeys(kept, any(kept.values())))
    return before


def tell_apart(context: Context, one: UUID, other: UUID) -> SaidBefore:
    """Note that they are two, so that nobody is asked again; raises NotFound.

    Where they are one over others, as far as the member may know, `one` leaves: their own links on every way
    to `other` are cut. Which of the others is who, nobody has said by that.
    """
    context.require(Permission.EDIT_CASES)
    with transaction(context, "person.told_apart") as opened:
        _require_both(context, opened, one, other)
        cut = [each for each in _list_leading(context, opened, one, other) if each != other]
        kept = _list_kept(context, (one, other, *cut))
        for link in [link for each in cut if (link := find_link(one, each))]:
            db.session.delete(link)
        before = SaidBefore(_say(one, other, False), tuple(cut))
        _settle(context, opened, kept)
    return before


def take_back(context: Context, one: UUID, other: UUID, before: SaidBefore = NOTHING) -> None:
    """Let what was said of them stand as before; raises NotFound, also where nothing is said of them now.

    What somebody has said meanwhile of `one` and whom they were cut from stays.
    """
    context.require(Permission.EDIT_CASES)
    with transaction(context, "person.undecided") as opened:
        _require_both(context, opened, one, other, cases=2 if before.is_same else 1)
        row = find_link(one, other)
        if row is None:
            raise NotFound("link")
        _require_linkable(context, one, before.cut)
        kept = _list_kept(context, dict.fromkeys((one, other, *before.cut)))
        if before.is_same or before.cut:
            kept = dict.fromkeys(kept, any(kept.values()))
        if before.is_same is None:
            db.session.delete(row)
        else:
            row.is_same = before.is_same
        for each in before.cut:
            if find_link(one, each) is None:
                _say(one, each, True)
        _settle(context, opened, kept)


def _say(one: UUID, other: UUID, is_same: bool) -> bool | None:
    """Write down what is said of two; returns what was."""
    row = find_link(one, other)
    was = row.is_same if row else None
    if row is None:
        row = PersonLink(left_id=min(one, other), right_id=max(one, other))
        db.session.add(row)
    row.is_same = is_same
    return was


def _list_leading(context: Context, opened: Transaction, one: UUID, other: UUID) -> list[UUID]:
    casebook, now = context.runtime.casebook, context.runtime.now_seconds()
    facts = casebook.facts(context.keyring, now, as_of=opened.generation - 1)
    return Reach(context, facts).list_leading(one, other)


def _list_kept(context: Context, people: Iterable[UUID]) -> dict[UUID, bool]:
    """Return of each whether a no holds for them that no record says any more: no deed here ends that."""
    return {person_id: is_no_kept(context, person_id) for person_id in people}


def _settle(context: Context, opened: Transaction, kept: Mapping[UUID, bool]) -> None:
    """Let what each says of statistics hold for all that they are one with, or no longer."""
    db.session.flush()
    for person_id, is_kept in kept.items():
        settle_agreement(context, opened.generation, person_id, is_kept=is_kept)


def _require_both(context: Context, opened: Transaction, one: UUID, other: UUID, cases: int = 1) -> None:
    """Raise NotFound unless both are there, in so many cases at least, all of them the member's to open."""
    rows = [row for person_id in {one, other} if (row := store.find_person(person_id))]
    found = [get_case_row(context, row.case_id).id for row in rows]
    if len(rows) < 2 or len(set(found)) < cases:
        raise NotFound("person")
    opened.note(case=found[0], person=one, other=other)


def _require_linkable(context: Context, one: UUID, others: Collection[UUID]) -> None:
    """Raise NotFound unless each is there, in a case that the member may open, in the bin or not."""
    for each in others:
        row = store.find_person(each)
        case = store.find_record(store.Case, row.case_id) if row and each != one else None
        if case is None or not may_open(context, case.team_only, team_of(case), case.restricted):
            raise NotFound("person")
