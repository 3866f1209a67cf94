"""Who is one person with whom, as far as a member may know.

A link leads them over nobody whose case they may not open: two open cases that are joined by a restricted one
alone would tell of it. Statistics follow every link (`statistics/joining.py`), and show no pair.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from casework.services.access import list_hidden, may_see
from casework.services.books import FactBook
from casework.services.context import Context


class Reach:
    """The links of a snapshot that a member may know of, those over the bin too where they may open it."""

    def __init__(self, context: Context, facts: FactBook) -> None:
        """Lay out the links; raises Forbidden where the member may read no cases."""
        self._facts = facts
        self._hidden = list_hidden(context, facts)
        self._binned = frozenset(
            person.id
            for binned in facts.binned.values()
            if may_see(context, binned.case)
            for person in binned.people
        )
        self._same: Mapping[UUID, set[UUID]] = defaultdict(set)
        for left, right in facts.same_people:
            self._same[left].add(right)
            self._same[right].add(left)

    def list_same(self, person_id: UUID) -> Iterator[UUID]:
        """Yield everybody whom links lead to from somebody, over others too."""
        yield from self._walk([person_id], {person_id})

    def are_same(self, person_id: UUID, other_id: UUID) -> bool:
        """Tell whether two are one person, over others too."""
        return person_id in self._same and other_id in self.list_same(person_id)

    def list_leading(self, person_id: UUID, other_id: UUID) -> list[UUID]:
        """Return with whom somebody is linked directly on every way to another; that one too, if they are."""
        return [
            first
            for first in sorted(self._same.get(person_id, ()))
            if self._may_know(first) and other_id in {first, *self._walk([first], {person_id, first})}
        ]

    def _walk(self, ahead: Iterable[UUID], seen: set[UUID]) -> Iterator[UUID]:
        ahead = list(ahead)
        while ahead:
            for other in self._same.get(ahead.pop(), ()):
                if other not in seen and self._may_know(other):
                    seen.add(other)
                    ahead.append(other)
                    yield other

    def _may_know(self, person_id: UUID) -> bool:
        person = self._facts.people.get(person_id)
        if person is None:
            return person_id in self._binned
        return person.case_id in self._facts.cases and person.case_id not in self._hidden
