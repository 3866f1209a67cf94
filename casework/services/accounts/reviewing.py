"""Which incidents are probably one, for whoever may open both; and which were said to be."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from uuid import UUID

from casework.analysis.duplicates.incidents import LONGEST_DAYS, Happening, find_alike, find_like
from casework.domain.accounts import list_joined
from casework.domain.coded import FIELDS
from casework.domain.incident import IncidentFacts
from casework.domain.permissions import Permission
from casework.domain.vocabulary import NOT_ASKED, grouping
from casework.services.access import list_hidden
from casework.services.accounts.doubts import Doubt, list_doubts
from casework.services.accounts.grouping import list_accounts_of, list_told
from casework.services.books import FactBook, OpenedIncident
from casework.services.context import Context
from casework.services.duplicates.comparisons import Pair

Both = tuple[UUID, UUID]

MOST_SHOWN = 50
_NEW = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Account:
    """An incident as one member told it. `is_main`: its answers count, where it is told more than once."""

    id: UUID
    case_id: UUID
    reference: str
    facts: IncidentFacts
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class LikelyAccounts:
    """Two incidents that are probably one; `alike` names what both say, as `analysis` calls it."""

    left: Account
    right: Account
    alike: frozenset[str]


@dataclass(frozen=True, slots=True)
class AccountReview:
    """The pairs with most in common that nobody has decided on, and how many there are."""

    pairs: Sequence[LikelyAccounts]
    total: int


def review(context: Context) -> AccountReview:
    """Return which incidents are probably one, of the cases that the member may open."""
    context.require(Permission.EDIT_CASES)
    facts, texts = context.runtime.casebook.both(context.keyring, context.runtime.now_seconds())
    hidden = list_hidden(context, facts)
    # Only what the member may know of is compared: who stands elsewhere would show by what is alike.
    people = _one_each(facts, texts.comparisons.pairs() or (), hidden)
    seen = [one for one in facts.incidents.values() if _may_see(facts, one, hidden)]
    joined = {one.id: main for main, told in list_told(facts).items() for one in told}
    pairs = []
    for pair in find_alike([_describe(one.id, one.facts, people) for one in seen]):
        left, right = facts.incidents[pair.left], facts.incidents[pair.right]
        together = joined.get(left.id, left.id) == joined.get(right.id, right.id)
        if not together and not _told_apart(left, right):
            pairs.append(LikelyAccounts(_account(facts, left), _account(facts, right), pair.alike))
    return AccountReview(pairs[:MOST_SHOWN], len(pairs))


def find_between(context: Context, people: Iterable[tuple[UUID, UUID]]) -> Mapping[frozenset[UUID], Both]:
    """Return, for two who may be one person, incidents of both that are then probably one, undecided yet.

    What the member may see is the caller's to tell: ask only about people of cases that they may open.
    """
    context.require(Permission.EDIT_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    joined, found = list_accounts_of(facts), dict[frozenset[UUID], Both]()
    for one, other in people:
        named = [_list_naming(facts, person_id) for person_id in (one, other)]
        same = {one: one, other: one}
        for left, right in product(*named):
            alike = find_alike([_describe(each.id, each.facts, same) for each in (left, right)])
            if alike and not _told_apart(left, right) and right not in joined.get(left.id, ()):
                found.setdefault(frozenset((one, other)), (left.id, right.id))
    return found


def _list_naming(facts: FactBook, person_id: UUID) -> Sequence[OpenedIncident]:
    person = facts.people.get(person_id)
    incidents = facts.incidents_by_case.get(person.case_id, ()) if person else ()
    return [one for one in incidents if person_id in {part.person_id for part in one.facts.participations}]


def find_accounts(
    context: Context, facts_of_new: IncidentFacts, also: Mapping[UUID, Collection[UUID]]
) -> list[LikelyAccounts]:
    """Return what somebody new to be logged probably tells of too, with what is alike.

    Its participations name people by the ids that `also` has, each with who in other cases they probably are.
    """
    context.require(Permission.EDIT_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    hidden = list_hidden(context, facts)
    probable = [(one, other, 0.0) for one, others in also.items() for other in others]
    people = _one_each(facts, probable, hidden)
    span = facts_of_new.date.span()
    if span is None:
        return []
    seen = [
        _describe(one.id, one.facts, people)
        for one in list_meeting(facts, span)
        if _may_see(facts, one, hidden)
    ]
    new = _describe(_NEW, facts_of_new, people)
    mine = Account(_NEW, _NEW, "", facts_of_new)
    return [
        LikelyAccounts(mine, _account(facts, facts.incidents[pair.right]), pair.alike)
        for pair in find_like(seen, new)
    ]


def list_accounts(context: Context, incidents: Iterable[UUID]) -> Mapping[UUID, Sequence[Account]]:
    """Return, for incidents that are told more than once, all accounts of each, the main one first.

    Those of cases that the member may not open are left out.
    """
    context.require(Permission.READ_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    hidden, wanted = list_hidden(context, facts), set(incidents)
    found: dict[UUID, Sequence[Account]] = {}
    for main, told in list_told(facts).items():
        if wanted.isdisjoint(one.id for one in told):
            continue
        shown = [_account(facts, one, one.id == main) for one in told if _may_see(facts, one, hidden)]
        found.update({one.id: shown for one in told if one.id in wanted})
    return found


def list_doubts_in(context: Context, case_id: UUID) -> Mapping[UUID, Sequence[Doubt]]:
    """Return, for people of a case who do not count because of a doubt, which accounts it is about.

    Of accounts in cases that the member may not open, or in the bin, nothing is told but that there are some.
    """
    context.require(Permission.READ_CASES)
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    doubts, hidden = list_doubts(facts), list_hidden(context, facts)
    return {
        person.id: [doubt for doubt in doubts[person.id] if _may_see_both(facts, doubt, hidden)]
        for person in facts.people_by_case.get(case_id, ())
        if person.id in doubts
    }


def _may_see_both(facts: FactBook, doubt: Doubt, hidden: frozenset[UUID]) -> bool:
    both = (facts.incidents.get(one) for one in (doubt.incident_id, doubt.other_id))
    return all(one is not None and _may_see(facts, one, hidden) for one in both)


def list_meeting(facts: FactBook, span: tuple[date, date]) -> Iterator[OpenedIncident]:
    """Go through the incidents whose dates meet this span, but those too vague to tell anything."""
    dated = facts.orders.incidents
    first = bisect_left(dated, span[0].toordinal() - LONGEST_DAYS, key=_first_day)
    last = bisect_right(dated, span[1].toordinal(), key=_first_day)
    for incident in dated[first:last]:
        meeting = incident.facts.date.span()
        if meeting is not None and span[0] <= meeting[1]:
            yield incident


def _first_day(incident: OpenedIncident) -> int:
    """Give what the incidents of a book are in order of: those without a date come first there."""
    span = incident.facts.date.span()
    return span[0].toordinal() if span else 0


def _may_see(facts: FactBook, incident: OpenedIncident, hidden: frozenset[UUID]) -> bool:
    return incident.case_id in facts.cases and incident.case_id not in hidden


def _account(facts: FactBook, incident: OpenedIncident, is_main: bool = False) -> Account:
    reference = facts.cases[incident.case_id].facts.reference
    return Account(incident.id, incident.case_id, reference, incident.facts, is_main)


def _told_apart(one: OpenedIncident, other: OpenedIncident) -> bool:
    return other.id in one.facts.told_apart or one.id in other.facts.told_apart


def _one_each(facts: FactBook, probable: Iterable[Pair], hidden: frozenset[UUID]) -> Mapping[UUID, UUID]:
    """Give for people of whom there are several records, for certain or probably, one id for all."""
    pairs = [*facts.same_people, *((one, other) for one, other, _surplus in probable)]
    binned = {person.id for case in facts.binned.values() for person in case.people}

    def is_away(person_id: UUID) -> bool:
        person = facts.people.get(person_id)
        return person_id in binned or (person is not None and person.case_id in hidden)

    seen = [(one, other) for one, other in pairs if not is_away(one) and not is_away(other)]
    return {person: min(group) for person, group in list_joined(seen).items()}


def _describe(incident_id: UUID, facts: IncidentFacts, people: Mapping[UUID, UUID]) -> Happening:
    span = facts.date.span()
    first, last = (day.toordinal() for day in span) if span else (0, 0)
    contact = read_known("contact_type", facts.contact_type)
    return Happening(
        id=incident_id,
        first=first,
        last=last,
        service=read_known("police_service", facts.police_service),
        place=read_known("place", facts.place),
        contact=contact,
        contact_group=grouping("contact_type", "contact_group")[contact] if contact else "",
        people=frozenset(people.get(part.person_id, part.person_id) for part in facts.participations),
    )


def read_known(field: str, code: str) -> str:
    """Give an answer; what says nothing gives "", "other" too: two others need not be the same."""
    codes = FIELDS[field].codes
    return "" if code in codes.exclusive or code in (NOT_ASKED, "unknown", "other") else code
