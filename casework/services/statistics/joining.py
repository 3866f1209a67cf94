"""What is counted once though it was recorded more than once: a person of two cases, an incident told twice.

A case that shares a person or an incident with another one is one matter with it: the threshold, which counts
cases, would else take five records of one person for five people.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from uuid import UUID

from casework.domain.accounts import list_joined
from casework.domain.counting import incident_counts
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.person import may_count, says_no
from casework.services.accounts.doubts import list_doubts
from casework.services.accounts.grouping import list_told
from casework.services.books import FactBook, OpenedIncident, OpenedPerson


def join_incidents(
    book: FactBook, incidents: Iterable[OpenedIncident] | None = None
) -> Iterator[OpenedIncident]:
    """Go through the incidents that may be counted, each once and as its main account tells it.

    Everybody named in any account takes part, each person under one id; `case_id` is that of the matter.
    Everybody has to have consented, and to have refused in no other record that is said to be theirs, nor in
    one of another account that may be theirs.
    Of all incidents, or of these, among which are all that belong together with any of them.
    """
    same, accounts, matter_of = list_same(book), list_told(book), list_matters(book)
    agreed = Agreed(book.people, _list_refusing(book, same) | list_doubts(book).keys())
    one_of = {one: min(there) for one, group in same.items() if (there := [p for p in group if p in agreed])}
    others = {one.id for told in accounts.values() for one in told[1:]}
    for incident in book.incidents.values() if incidents is None else incidents:
        whole = incident
        if incident.id in others:
            continue
        if told := accounts.get(incident.id):
            if not all(_agreed(one.facts, agreed) for one in told):
                continue
            whole = replace(incident, facts=_join(told, one_of))
        if not incident_counts(whole.facts, agreed):
            continue
        if one_of and any(part.person_id in one_of for part in whole.facts.participations):
            whole = replace(incident, facts=_join((whole,), one_of))
        matter = matter_of.get(incident.case_id)
        yield replace(whole, case_id=matter) if matter else whole


class Agreed(Container[UUID]):
    """Who agreed to statistics, but for those who refuse in another record: asked of each, not listed."""

    def __init__(self, people: Mapping[UUID, OpenedPerson], refusing: Set[UUID] = frozenset()) -> None:
        self._people = people
        self._refusing = refusing

    def __contains__(self, person_id: object) -> bool:
        person = self._people.get(person_id)  # type: ignore[call-overload]  # whatever is asked for
        return person is not None and may_count(person.facts) and person_id not in self._refusing


def _list_refusing(book: FactBook, same: Mapping[UUID, frozenset[UUID]]) -> frozenset[UUID]:
    refused = {person for person in same if says_no(book.people[person].facts)}
    return frozenset(person for person, group in same.items() if group & refused)


def list_same(book: FactBook) -> Mapping[UUID, frozenset[UUID]]:
    """Give for whom there are several records in lists and tables all of them, by each of their ids.

    Two that are one over a record in the bin are one.
    """
    binned = {person.id for case in book.binned.values() for person in case.people}
    joined = (pair for pair in book.same_people if all(one in book.people or one in binned for one in pair))
    groups = list_joined(joined)
    shown = {person: group & book.people.keys() for person, group in groups.items() if person in book.people}
    return {person: group for person, group in shown.items() if len(group) > 1}


def list_matters(book: FactBook) -> Mapping[UUID, UUID]:
    """Give for cases that share a person or an incident the one case that stands for all of them."""
    by_people = [[book.people[person].case_id for person in group] for group in list_same(book).values()]
    by_incidents = [[incident.case_id for incident in told] for told in list_told(book).values()]
    pairs = [(cases[0], case) for cases in (*by_people, *by_incidents) for case in cases[1:]]
    return {case: min(group) for case, group in list_joined(pairs).items()}


def _agreed(facts: IncidentFacts, consenting: Container[UUID]) -> bool:
    """Tell whether all who are named consented; an account may name nobody, another one does then."""
    return all(part.person_id in consenting for part in facts.participations)


def _join(told: Iterable[OpenedIncident], one_of: Mapping[UUID, UUID]) -> IncidentFacts:
    """Give the main account with everybody who is named in any, each once, with the roles first told."""
    accounts = tuple(told)
    parts: dict[UUID, Participation] = {}
    for account in accounts:
        for part in account.facts.participations:
            person = one_of.get(part.person_id, part.person_id)
            parts.setdefault(person, Participation(person, part.roles))
    return replace(accounts[0].facts, participations=tuple(parts.values()))
