"""Who probably stands in two cases, or twice in one, for who may open them; and where else somebody stands.

Restricted cases are left out of what is probable: their names are kept in no memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from uuid import UUID

from casework.analysis.duplicates.people import Described
from casework.analysis.duplicates.reasons import find_near, find_same
from casework.domain.permissions import Permission
from casework.services.access import list_hidden
from casework.services.books import FactBook, TextBook
from casework.services.context import Context
from casework.services.duplicates.reaching import Reach
from casework.store.links import list_links

MOST_SHOWN = 50

_LESS_FOR_SPELLING = 5.0
"""By so many bits two spellings of a name come later in the list than one: a slip is to be explained."""


@dataclass(frozen=True, slots=True, repr=False)
class Somebody:
    """A person with the case they stand in."""

    id: UUID
    case_id: UUID
    reference: str
    told: Described


@dataclass(frozen=True, slots=True, repr=False)
class LikelyPair:
    """Two who are probably one, of two cases or one.

    `alike` names what says the same in both, `near` what nearly does.
    """

    left: Somebody
    right: Somebody
    alike: frozenset[str]
    near: frozenset[str]

    @property
    def ids(self) -> frozenset[UUID]:
        """The ids of both."""
        return frozenset((self.left.id, self.right.id))


@dataclass(frozen=True, slots=True)
class Review:
    """The surest pairs that nobody has decided on, how many there are, and whether that is worked out yet."""

    pairs: Sequence[LikelyPair]
    total: int
    is_ready: bool


def review(context: Context) -> Review:
    """Return who probably stands in two cases that the member may open, or twice in one.

    Without those on whom it is decided, and who are one already over others whom the member may know of.
    """
    context.require(Permission.EDIT_CASES)
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    found = texts.comparisons.pairs()
    if found is None:
        return Review((), 0, False)
    hidden, decided = list_hidden(context, facts), {(left, right) for left, right, _ in list_links()}
    pairs, reach = [], Reach(context, facts)
    for one, other, surplus in found:
        people = _both(facts, texts, hidden, one, other)
        if (min(one, other), max(one, other)) in decided or reach.are_same(one, other):
            continue
        if people:
            same = find_same(people[0].told, people[1].told)
            pairs.append((surplus if "name" in same else surplus - _LESS_FOR_SPELLING, people, same))
    pairs.sort(key=itemgetter(0), reverse=True)
    shown = [
        LikelyPair(left, right, same, find_near(left.told, right.told))
        for _sureness, (left, right), same in pairs[:MOST_SHOWN]
    ]
    return Review(shown, len(pairs), True)


def find_likely(context: Context, told: Described, but_for: UUID | None = None) -> list[Somebody]:
    """Return who, in the cases that the member may open but for one, somebody new probably is."""
    context.require(Permission.EDIT_CASES)
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    hidden = list_hidden(context, facts) | {but_for}
    found = texts.comparisons.like(told)
    return [one for person_id in found if (one := find_somebody(facts, texts, hidden, person_id))]


def list_elsewhere(context: Context, case_id: UUID) -> Mapping[UUID, list[tuple[UUID, UUID, str]]]:
    """Return, for people of a case, who they are elsewhere: that person's id, case and reference.

    Only in cases that the member may open, and over such.
    """
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    reach = Reach(context, facts)
    elsewhere: dict[UUID, list[tuple[UUID, UUID, str]]] = {}
    for person in facts.people_by_case.get(case_id, ()):
        places = [
            (other, there.case_id, facts.cases[there.case_id].facts.reference)
            for other in reach.list_same(person.id)
            if (there := facts.people.get(other)) and there.case_id != case_id
        ]
        if places:
            elsewhere[person.id] = sorted(places, key=lambda place: place[2])
    return elsewhere


def _both(
    facts: FactBook, texts: TextBook, hidden: frozenset[UUID], one: UUID, other: UUID
) -> tuple[Somebody, Somebody] | None:
    left, right = (find_somebody(facts, texts, hidden, person_id) for person_id in (one, other))
    return (left, right) if left and right else None


def find_somebody(
    facts: FactBook, texts: TextBook, hidden: frozenset[UUID | None], person_id: UUID
) -> Somebody | None:
    """Return a person, unless they are unknown or their case is one of the `hidden`."""
    person, told = facts.people.get(person_id), texts.described.get(person_id)
    case = facts.cases.get(person.case_id) if person else None
    if told is None or case is None or case.id in hidden:
        return None
    return Somebody(person_id, case.id, case.facts.reference, told)
