"""Several accounts of one incident: which is the main one, whose answers count, and what belongs together."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from .incident import IncidentFacts

Key = TypeVar("Key", bound=Hashable)


def carry_accounts(facts: IncidentFacts, before: IncidentFacts) -> IncidentFacts:
    """Take over into `facts` as a form gave them what `before` says of other accounts."""
    return replace(facts, account_of=before.account_of, told_apart=before.told_apart)


def follow_accounts(incident: UUID, account_of: Callable[[UUID], UUID | None]) -> tuple[UUID, int]:
    """Give the last account that the notes lead to from `incident`, and over how many notes.

    `account_of` gives what an incident is another account of, None also for one of which nothing is known. A
    circle, which no deed makes, ends at its smallest id.
    """
    passed = [incident]
    while (other := account_of(passed[-1])) is not None:
        if other in passed:
            last = min(passed[passed.index(other) :])
            return last, passed.index(last)
        passed.append(other)
    return passed[-1], len(passed) - 1


def list_joined(joined: Iterable[tuple[Key, Key]]) -> Mapping[Key, frozenset[Key]]:
    """Give for everything that stands in a pair all that pairs join it with, itself included."""
    groups: dict[Key, set[Key]] = {}
    for one, other in joined:
        group = groups.get(one, {one}) | groups.get(other, {other})
        for member in group:
            groups[member] = group
    frozen = {id(group): frozenset(group) for group in groups.values()}
    return {member: frozen[id(group)] for member, group in groups.items()}
