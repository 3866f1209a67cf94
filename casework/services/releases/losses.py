"""What a release counts that the records no longer have: taken out, or corrected, since it left.

The records of that day are counted once more, as far as they are still there, and held against the exact
counts in the ledger, which names no record. So it is told whatever took them away: a list that was taken out
again, the bin, erasing, a correction; and it is told no longer once they are back. Consents that went are
told of by `standing.py`, and are no loss here. What was counted and what of it is met again by chance, in the
same cell, cannot be told apart: so there may be more, and never fewer.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from casework.disclosure.ledger.entries import read_entry
from casework.disclosure.ledger.layouts import Axes, Layout
from casework.disclosure.ledger.records import Holders, count_release
from casework.domain.approval import State
from casework.domain.permissions import Permission
from casework.errors import DisclosureRefused, Invalid, VaultError
from casework.services.books import FactBook, OpenedIncident, OpenedPerson
from casework.services.context import Context
from casework.services.releases.composing import compose_of
from casework.services.releases.ledger import Held, read_ledger
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.withdrawals import all_agreed, list_incidents_of_gone

Kind = tuple[tuple[bool, ...], ...]
"""What the tables of a release tell of a unit."""
Key = TypeVar("Key")
Sums = tuple[Mapping[Kind, int], Mapping[Kind, Mapping[int, int]]]


@dataclass(frozen=True, slots=True)
class Losses:
    """What a release counts that is gone, as far as the member may be told.

    `cases` are at least so many, for coordinators. `are_many` is for everybody else: no number, only whether
    it is as many cases as the threshold asks for, beside as many others.
    """

    cases: int = 0
    are_many: bool = False


def find_losses(context: Context) -> Mapping[UUID, Losses]:
    """Return by release that stands what it counts that is gone, where there is anything to tell.

    Nothing while a record does not open, which would look like one that is gone, nor while the ledger is not
    whole: the page of releases says so.
    """
    context.require(Permission.COMPOSE_RELEASES)
    book = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    if book.damaged:
        return {}
    try:
        held = read_ledger(context).held
    except (VaultError, Invalid):
        return {}
    told = {one.release_id: _tell(context, book, one) for one in held if one.release.state is State.APPROVED}
    return {release_id: losses for release_id, losses in told.items() if losses != Losses()}


def _tell(context: Context, book: FactBook, held: Held) -> Losses:
    key = _tell, held.release_id
    if key not in book.worked_out:
        book.worked_out[key] = _count(book, held)
    gone, of = book.worked_out[key]
    if context.may(Permission.APPROVE_RELEASES):
        return Losses(cases=gone)
    threshold = max(context.runtime.limits.threshold, held.release.draft.k)
    return Losses(are_many=gone >= threshold and of - gone >= threshold)


def _count(book: FactBook, held: Held) -> tuple[int, int]:
    """Count the cases that are gone from a release, at least, and those that it counted."""
    assert held.release.frozen is not None  # noqa: S101 - so is every release of the ledger
    frozen, draft = held.release.frozen, held.release.draft
    try:
        then = read_entry(held.entry)
        incidents = _list_of_then(book, date.fromisoformat(frozen.made_on), frozen.left_at)
        composed = compose_of(book, incidents, draft, [then.told.axes])
        counted = count_release(composed.records, composed.layouts)
    except (DisclosureRefused, Invalid):  # a question that is asked no longer
        return 0, 0
    of = {case for held_by in then.holders.values() for case in held_by}
    seen = _tell_apart(then.told.layouts, then.told.axes, counted.axes)
    was, held_by = seen(then.told.axes, then.holders)
    now, _held_by = seen(counted.axes, counted.holders)
    return count_lost_cases(was, held_by, now), len(of)


def _tell_apart(layouts: Sequence[Layout], *axes: Axes) -> Callable[[Axes, Holders], Sums]:
    """Give what adds up the units that no table of a release tells apart: a month, say, within its year."""
    kinds: dict[tuple[str, str], tuple[bool, ...]] = {}
    for axis, code in {(axis, code) for known in axes for axis, codes in known.items() for code in codes}:
        scales = (scale for layout in layouts for scale in layout.scales if scale.axis == axis)
        kinds[axis, code] = tuple(code in line.codes for scale in scales for line in scale.categories)

    def add_up(known: Axes, holders: Holders) -> Sums:
        found: dict[Kind, Counter[int]] = {}
        for codes, held in holders.items():
            named = dict(zip(known, codes, strict=True))
            found.setdefault(tuple(kinds[one] for one in sorted(named.items())), Counter()).update(held)
        return {kind: sum(held.values()) for kind, held in found.items()}, found

    return add_up


def _list_of_then(book: FactBook, made_on: date, left_at: str) -> list[OpenedIncident]:
    """List what is here still of that day, those too in which somebody took their consent back since."""
    moment, counting = datetime.fromisoformat(left_at), keep_counting(book)
    gone = (one for one in list_incidents_of_gone(book) if one.id not in counting)
    back = [one for one in gone if all_agreed(_people_of(book, one), moment)]
    return [
        one
        for one in (*counting.values(), *back)
        if one.facts.logged_on <= made_on and _has_agreed(_people_of(book, one), moment)
    ]


def _people_of(book: FactBook, incident: OpenedIncident) -> list[OpenedPerson | None]:
    return [book.people.get(part.person_id) for part in incident.facts.participations]


def _has_agreed(people: Sequence[OpenedPerson | None], moment: datetime) -> bool:
    """Tell whether anybody agreed at that moment: who was added since takes nothing from a count."""
    return not people or any(one is None or one.facts.was_counted(moment) for one in people)


def count_lost_cases(
    then: Mapping[Key, int], holders: Mapping[Key, Mapping[int, int]], now: Mapping[Key, int]
) -> int:
    """Count the cases that must have lost something, at least: as few as could have held all that is gone."""
    lost = {codes: gone for codes, units in then.items() if (gone := units - now.get(codes, 0)) > 0}
    could: dict[int, int] = {}
    for codes, gone in lost.items():
        for case, units in holders[codes].items():
            could[case] = could.get(case, 0) + min(gone, units)
    left, cases = sum(lost.values()), 0
    for units in sorted(could.values(), reverse=True):
        if left <= 0:
            break
        left, cases = left - units, cases + 1
    return cases
