"""What a deed would do to many cases, before anybody decides on it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from casework.services.access import list_hidden, may_see
from casework.services.books import FactBook, OpenedPerson
from casework.services.bundles.deeds import Deed, Item, Stay
from casework.services.bundles.keeping import Bundle, Outcome
from casework.services.context import Context
from casework.services.restricted.texts import add_own_texts

Stays = dict[Stay, list[Item]]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a deed would do: what changes, what stays and why, as of `generation`; `names` are of people.

    `gone` counts the chosen cases that the member can no longer open, `damaged` the records that nobody can.
    """

    changes: Sequence[Item]
    stays: Mapping[Stay, Sequence[Item]]
    gone: int
    damaged: int
    generation: int
    names: Mapping[UUID, str]
    people_by_case: Mapping[UUID, Sequence[OpenedPerson]]

    @property
    def cases(self) -> int:
        """How many cases something changes in."""
        return len({item.case.id for item in self.changes})

    def name(self, item: Item) -> str:
        """Return whom a line is about: the person, or everybody in the case."""
        people = [item.person] if item.person else self.people_by_case.get(item.case.id, ())
        return ", ".join(name for person in people if (name := self.names.get(person.id, "")))


def foresee(context: Context, bundle: Bundle, deed: Deed) -> Forecast:
    """Say what a deed would do to the chosen cases as they stand; raises Forbidden, Invalid as `check`."""
    context.require(deed.permission)
    deed.check(context)
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    changes, stays, gone = weigh(context, bundle, deed, facts)
    texts = add_own_texts(context, facts, texts, bundle.cases)
    damaged = len(facts.damaged | texts.damaged)
    return Forecast(changes, stays, gone, damaged, facts.generation, texts.names, facts.people_by_case)


def name_people(context: Context, outcome: Outcome) -> Mapping[UUID, str]:
    """Return the names of those who stayed as they were, in the cases that the member may still open."""
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    lines = [line for found in outcome.stays.values() for line in found if line.person_id]
    hidden = list_hidden(context, facts)
    cases = {line.case_id for line in lines if line.case_id in facts.cases} - hidden
    texts = add_own_texts(context, facts, texts, cases)
    people = {line.person_id for line in lines if line.person_id and line.case_id in cases}
    return {person_id: texts.names.get(person_id, "") for person_id in people}


def weigh(context: Context, bundle: Bundle, deed: Deed, facts: FactBook) -> tuple[list[Item], Stays, int]:
    """Return what would change, what would not, and how many of the cases the member cannot open."""
    changes: list[Item] = []
    stays: Stays = defaultdict(list)
    gone = 0
    for case_id in bundle.cases:
        case = facts.cases.get(case_id)
        if case is None or not may_see(context, case):
            gone += 1
            continue
        for item, stay in deed.weigh(facts, case):
            (stays[stay] if stay else changes).append(item)
    return changes, stays, gone
