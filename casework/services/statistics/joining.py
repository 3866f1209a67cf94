"""What is counted once though it was recorded more than once: a person of two cases, an incident told twice.

A case that shares a person or an incident with another one is one matter with it: the threshold, which counts
cases, would else take five records of one person for five people.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from uuid import UUID

from casework.domain.accounts import list_joined
from casework.domain.counting import incident_counts, people_counting
from casework.domain.incident import IncidentFacts, Participation
from casework.domain.person import PersonFacts, says_no
from casework.services.accounts.doubts import list_doubts
from casework.services.accounts.grouping import list_told
from casework.services.books import FactBook, OpenedIncident


def join_incidents(book: FactBook) -> Iterator[OpenedIncident]:
    """Go through the incidents that may be counted, each once and as its main account tells it.

    Everybody named in any account takes part, each person under one id; `case_id` is that of the matter.
    Everybody has to have consented, and to have refused in no other record that is said to be theirs, nor in
    one of another account that may be theirs.
    """
    people = {person.id: person.facts for person in book.people.values()}
    same = list_same(book)
    consenting = _without_refusals(people_counting(people), people, same) - list_doubts(book).keys()
    accounts, matter_of = list_told(book), list_matters(book)
    one_of = {person: min(group & consenting) for person, group in same.items() if group & consenting}
    others = {one.id for told in accounts.values() for one in told[1:]}
    for incident in book.incidents.values():
        whole = incident
        if incident.id in others:
            continue
        if told := accounts.get(incident.id):
            if not all(_agreed(one.facts, consenting) for one in told):
                continue
            whole = replace(incident, facts=_join(told, one_of))
        if not incident_counts(whole.facts, consenting):
            continue
        if one_of and any(part.person_id in one_of for part in whole.facts.participations):
            whole = replace(incident, facts=_join((whole,), one_of))
        matter = matter_of.get(incident.case_id)
        yield replace(whole, case_id=matter) if matter else whole


def _without_refusals(
    consenting: frozenset[UUID], people: Mapping[UUID, PersonFacts], same: Mapping[UUID, frozenset[UUID]]
) -> frozenset[UUID]:
    if not same:
        return consenting
    refused = {person for person in same if says_no(people[person])}
    return consenting - {person for person, group in same.items() if group & refused}


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


def _agreed(facts: IncidentFacts, consenting: Set[UUID]) -> bool:
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
