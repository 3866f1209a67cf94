"""Counts the records of a release once more: what its tables would say now of what was there when it left.

Kept from one state of the records to the next, for each release, until a record changes that it counts or
counted: what is logged since its day concerns none.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from casework.disclosure.ledger.entries import read_entry
from casework.disclosure.ledger.layouts import Axes, Layout
from casework.disclosure.ledger.records import Holders, count_release
from casework.domain.releasedraft import ReleaseDraft
from casework.errors import DisclosureRefused, Invalid
from casework.services.books import FactBook, OpenedIncident, OpenedPerson
from casework.services.chunked import Chunked
from casework.services.releases.composing import compose_of
from casework.services.releases.ledger import Held
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.joining import list_same
from casework.services.statistics.withdrawals import all_agreed, list_incidents_of_gone

Kind = tuple[tuple[bool, ...], ...]
"""What the tables of a release tell of a unit."""
Key = TypeVar("Key")
Sums = tuple[Mapping[Kind, int], Mapping[Kind, Mapping[int, int]]]
Adder = Callable[[Axes, Holders], Sums]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Then:
    """A release as it left: its day, its moment in UTC, what it asks, and what the ledger has of it.

    `cases` are how many it counts, `sums` what `add_up` gives of it: by what its tables tell apart.
    """

    made_on: date
    moment: datetime
    draft: ReleaseDraft
    axes: Axes
    add_up: Adder
    sums: Sums
    cases: int

    def had(self, book: FactBook, incident: OpenedIncident) -> bool:
        """Tell whether an incident of its period was there, and somebody of it agreed, as a book has them."""
        was_there = incident.facts.logged_on <= self.made_on
        return was_there and _has_agreed(_people_of(book, incident), self.moment)

    def may_have(self, book: FactBook, incident: OpenedIncident) -> bool:
        """Tell whether it may have counted this."""
        return self.draft.period.holds(incident.facts.date) and self.had(book, incident)


@dataclass(slots=True, eq=False, repr=False)
class _Recount:
    """`then` is None where it cannot be counted; `gone`, in cases, where it has to be counted anew."""

    then: _Then | None
    gone: int | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Recounts:
    """What was counted of a book, by release, and of what: who no longer agrees is in none of `counting`."""

    counting: Chunked[OpenedIncident]
    of_gone: Mapping[UUID, OpenedIncident]
    by_release: dict[UUID, _Recount] = field(default_factory=dict)


def count_gone(book: FactBook, held: Held) -> tuple[int, int]:
    """Count the cases that are gone from a release, at least, and those that it counted."""
    known = book.carry(_carry).by_release
    if held.release_id not in known:
        known[held.release_id] = _Recount(_read_then(held))
    recount = known[held.release_id]
    if recount.then is None:
        return 0, 0
    gone = recount.gone
    if gone is None:
        gone = recount.gone = _count(book, recount.then)
    return gone, recount.then.cases


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


def _carry(book: FactBook, earlier: FactBook | None, kept: _Recounts | None) -> _Recounts:
    """Keep what no record that changed has to do with."""
    of_gone = {one.id: one for one in list_incidents_of_gone(book)}
    now = _Recounts(keep_counting(book), of_gone)
    if earlier is None or kept is None:
        return now
    changed = [(book, one) for one in _list_changed(book, earlier, now, kept)]
    changed += [(earlier, one) for one in _list_changed(book, earlier, kept, now)]
    for release_id, before in kept.by_release.items():
        then = before.then
        is_touched = then is not None and any(then.may_have(there, one) for there, one in changed)
        now.by_release[release_id] = _Recount(then, None if is_touched else before.gone)
    return now


def _list_changed(
    book: FactBook, earlier: FactBook, these: _Recounts, others: _Recounts
) -> Iterator[OpenedIncident]:
    """Go through those of these incidents that are otherwise in the others, or name somebody who is."""
    for incident_id in these.counting.differing(others.counting):
        one = these.counting.get(incident_id)
        if one and one != others.counting.get(incident_id):
            yield one
    yield from (one for one in these.of_gone.values() if one != others.of_gone.get(one.id))
    people = _list_changed_people(book, earlier)
    if people:
        told = (*these.counting.values(), *these.of_gone.values())
        yield from (one for one in told if any(part.person_id in people for part in one.facts.participations))


def _list_changed_people(book: FactBook, earlier: FactBook) -> Set[UUID]:
    """List who is otherwise than before, under all of their ids; who came or went is in no same incident."""
    now, before = Chunked.of(book.people), Chunked.of(earlier.people)
    changed = set[UUID]()
    for person_id in now.differing(before):
        one, was = now.get(person_id), before.get(person_id)
        if one and was and (one.facts, one.facts.countable) != (was.facts, was.facts.countable):
            changed |= {person_id, *list_same(book).get(person_id, ())}
    return changed


def _read_then(held: Held) -> _Then | None:
    assert held.release.frozen is not None  # noqa: S101 - so is every release of the ledger
    frozen = held.release.frozen
    try:
        entry = read_entry(held.entry)
    except (DisclosureRefused, Invalid):
        return None
    add_up = _tell_apart(entry.told.layouts)
    sums = add_up(entry.told.axes, entry.holders)
    cases = {case for held_by in entry.holders.values() for case in held_by}
    made_on, moment = date.fromisoformat(frozen.made_on), datetime.fromisoformat(frozen.left_at)
    return _Then(made_on, moment, held.release.draft, entry.told.axes, add_up, sums, len(cases))


def _count(book: FactBook, then: _Then) -> int:
    try:
        composed = compose_of(book, _list_of_then(book, then), then.draft, [then.axes])
        counted = count_release(composed.records, composed.layouts)
    except (DisclosureRefused, Invalid):  # a question that is asked no longer
        return 0
    was, held_by = then.sums
    now, _held_by = then.add_up(counted.axes, counted.holders)
    return count_lost_cases(was, held_by, now)


def _tell_apart(layouts: Sequence[Layout]) -> Adder:
    """Give what adds up the units that no table of a release tells apart: a month, say, within its year."""
    kinds: dict[tuple[str, str], tuple[bool, ...]] = {}
    lines: dict[str, list[Collection[str]]] = {}
    for layout in layouts:
        for scale in layout.scales:
            lines.setdefault(scale.axis, []).extend(line.codes for line in scale.categories)

    def kind_of(one: tuple[str, str]) -> tuple[bool, ...]:
        if one not in kinds:
            axis, code = one
            kinds[one] = tuple(code in codes for codes in lines.get(axis, ()))
        return kinds[one]

    def add_up(known: Axes, holders: Holders) -> Sums:
        found: dict[Kind, Counter[int]] = {}
        for codes, held in holders.items():
            named = sorted(zip(known, codes, strict=True))
            found.setdefault(tuple(map(kind_of, named)), Counter()).update(held)
        return {kind: sum(held.values()) for kind, held in found.items()}, found

    return add_up


def _list_of_then(book: FactBook, then: _Then) -> list[OpenedIncident]:
    """List what is here still of that day, those too in which somebody took their consent back since."""
    counting = keep_counting(book)
    gone = (one for one in list_incidents_of_gone(book) if one.id not in counting)
    back = (one for one in gone if all_agreed(_people_of(book, one), then.moment))
    return [one for one in _list_dated((*counting.values(), *back), then) if then.had(book, one)]


def _list_dated(incidents: Iterable[OpenedIncident], then: _Then) -> Iterator[OpenedIncident]:
    """Give those of its period: each of the few dates that all of them share is asked once."""
    held: dict[int, bool] = {}
    for one in incidents:
        known = id(one.facts.date)
        if known not in held:
            held[known] = then.draft.period.holds(one.facts.date)
        if held[known]:
            yield one


def _people_of(book: FactBook, incident: OpenedIncident) -> list[OpenedPerson | None]:
    return [book.people.get(part.person_id) for part in incident.facts.participations]


def _has_agreed(people: Sequence[OpenedPerson | None], moment: datetime) -> bool:
    """Tell whether anybody agreed at that moment: who was added since takes nothing from a count."""
    return not people or any(one is None or one.facts.was_counted(moment) for one in people)
