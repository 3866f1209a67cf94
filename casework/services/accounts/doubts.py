"""Who may be somebody who says no in another account of one incident, where nobody has said whether.

Of an incident told twice, somebody in one account may well be somebody in the other. Who said no to
statistics in one of them may then stand in the other with a yes. Until a member says who is who, nobody
counts who may be them: see docs/adr/0021-a-merge-makes-a-third-record.md. No name is needed to tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from uuid import UUID

from casework.domain.accounts import list_joined
from casework.domain.person import PersonFacts, says_no
from casework.services.accounts.grouping import last_account, list_notes
from casework.services.books import FactBook, OpenedIncident


@dataclass(frozen=True, slots=True)
class Doubt:
    """Somebody of `incident_id` may be who says no in `other_id`, an account of the same."""

    incident_id: UUID
    other_id: UUID


Doubts = Mapping[UUID, tuple[Doubt, ...]]


def list_doubts(book: FactBook) -> Doubts:
    """Return by each person of whom it is in doubt, in any of their records, where the doubt comes from.

    What lies in the bin raises doubt too: a record that says no is not unsaid by being deleted.
    """
    if list_doubts not in book.worked_out:
        book.worked_out[list_doubts] = _list_doubts(book)
    doubts: Doubts = book.worked_out[list_doubts]
    return doubts


def _list_doubts(book: FactBook) -> Doubts:
    told = _list_all_told(book)
    if not told:
        return {}
    one_person, found = _OnePerson(book), dict[UUID, dict[Doubt, None]]()
    for accounts in told:
        for mine, other in permutations(accounts, 2):
            for person in one_person.list_maybe_saying_no(mine, other):
                for record in one_person.records_of(person):
                    found.setdefault(record, {})[Doubt(mine.id, other.id)] = None
    return {person: tuple(doubts) for person, doubts in found.items()}


class _OnePerson:
    """What members said of who is one person, and who is not."""

    def __init__(self, book: FactBook) -> None:
        binned = (person for case in book.binned.values() for person in case.people)
        self._facts: Mapping[UUID, PersonFacts] = {
            person.id: person.facts for person in (*book.people.values(), *binned)
        }
        self._groups = list_joined(book.same_people)
        self._apart = {
            frozenset((self._one(left), self._one(right))) for left, right in book.different_people
        }

    def records_of(self, person_id: UUID) -> frozenset[UUID]:
        return self._groups.get(person_id, frozenset((person_id,)))

    def list_maybe_saying_no(self, mine: OpenedIncident, other: OpenedIncident) -> Iterator[UUID]:
        """Go through who of one account may be somebody who says no in the other one."""
        here, there = self._named(mine), self._named(other)
        refusing = [one for one in there.keys() - here.keys() if self._says_no(one)]
        for one in here.keys() - there.keys() if refusing else ():
            if any(frozenset((one, no)) not in self._apart for no in refusing):
                yield here[one]

    def _one(self, person_id: UUID) -> UUID:
        return min(self.records_of(person_id))

    def _named(self, incident: OpenedIncident) -> Mapping[UUID, UUID]:
        return {self._one(part.person_id): part.person_id for part in incident.facts.participations}

    def _says_no(self, one: UUID) -> bool:
        known = [facts for record in self.records_of(one) if (facts := self._facts.get(record))]
        return any(says_no(facts) or facts.is_overruled for facts in known)


def _list_all_told(book: FactBook) -> Sequence[Sequence[OpenedIncident]]:
    """List the incidents that are told more than once, with each of their accounts, those in the bin too."""
    notes, groups = list_notes(book), dict[UUID, set[UUID]]()
    binned = {one.id: one for case in book.binned.values() for one in case.incidents}
    for incident_id in notes:
        last = last_account(book, incident_id)
        groups.setdefault(last, {last}).add(incident_id)
    told = (
        [one for id_ in sorted(group) if (one := book.incidents.get(id_) or binned.get(id_))]
        for group in groups.values()
    )
    return [accounts for accounts in told if len(accounts) > 1]
