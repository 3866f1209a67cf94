"""Which incidents are probably one, told by two: by who was in them, when, where and how they began."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

MOST_OF_A_KEY = 20
"""So many incidents of one person, or on one day in one place, are a row of incidents, not one told often."""

LONGEST_DAYS = 31
"""A date less certain than a month tells nothing."""

PERSON = "person"
DATE = "date"
SERVICE = "service"
PLACE = "place"
CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Happening:
    """An incident as far as it is compared. An answer that says nothing is ""; without a date `first` is 0.

    `first` and `last` are days as `date.toordinal` counts them, both included; `people` are who was in it,
    each under one id however many records there are of them.
    """

    id: UUID
    first: int = 0
    last: int = 0
    service: str = ""
    place: str = ""
    contact: str = ""
    contact_group: str = ""
    people: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class AlikeIncidents:
    """Two incidents that are probably one; `alike` names what both say."""

    left: UUID
    right: UUID
    alike: frozenset[str]


def find_alike(happenings: Sequence[Happening]) -> list[AlikeIncidents]:
    """Give the pairs that are probably one, those with most in common first.

    With somebody in both the dates have to meet, within a month, and nothing else may speak against it;
    without, day, place, service and the way it began all have to be known and the same.
    """
    known = {one.id: one for one in happenings}
    blocks: dict[Hashable, list[UUID]] = defaultdict(list)
    for one in happenings:
        for key in _keys(one):
            blocks[key].append(one.id)
    pairs = {pair for block in blocks.values() if len(block) <= MOST_OF_A_KEY for pair in _pairs(block)}
    return _in_order(known, pairs)


def find_like(happenings: Sequence[Happening], newcomer: Happening) -> list[AlikeIncidents]:
    """Give who among `happenings` is probably the newcomer, which is `left` of each pair."""
    keys = set(_keys(newcomer))
    shared = {one.id: one for one in happenings if not keys.isdisjoint(_keys(one))}
    found = _in_order({**shared, newcomer.id: newcomer}, {(newcomer.id, other) for other in shared})
    return found[:MOST_OF_A_KEY]


def _keys(one: Happening) -> Iterator[Hashable]:
    if not one.first or one.last - one.first >= LONGEST_DAYS:
        return
    yield from one.people
    if one.first == one.last and one.service and one.place and one.contact:
        yield one.first, one.service, one.place, one.contact


def _pairs(block: Sequence[UUID]) -> Iterator[tuple[UUID, UUID]]:
    return ((min(pair), max(pair)) for pair in combinations(block, 2))


def _in_order(known: Mapping[UUID, Happening], pairs: set[tuple[UUID, UUID]]) -> list[AlikeIncidents]:
    found = []
    for left, right in pairs:
        one, other = known[left], known[right]
        if _may_be_one(one, other):
            found.append(AlikeIncidents(left, right, _alike(one, other)))
    return sorted(found, key=lambda pair: (-len(pair.alike), pair.left, pair.right))


def _may_be_one(one: Happening, other: Happening) -> bool:
    if one.first > other.last or other.first > one.last:
        return False
    answers = ((one.service, other.service), (one.place, other.place))
    if any(mine and theirs and mine != theirs for mine, theirs in answers):
        return False
    # Two members may well name one contact differently: a stop that became a ticket.
    return not one.contact_group or not other.contact_group or one.contact_group == other.contact_group


def _alike(one: Happening, other: Happening) -> frozenset[str]:
    said = {
        PERSON: bool(one.people & other.people),
        DATE: (one.first, one.last) == (other.first, other.last),
        SERVICE: one.service != "" and one.service == other.service,
        PLACE: one.place != "" and one.place == other.place,
        CONTACT: one.contact != "" and one.contact == other.contact,
    }
    return frozenset(name for name, is_alike in said.items() if is_alike)
