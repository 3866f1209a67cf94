"""Puts the cases of a snapshot that are alike in one group, and carries the groups on to the next snapshot.

Of a hundred thousand cases a few hundred are different as far as retention asks, a handful as to who may open
them: what is asked of each group is soon answered for all.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from typing import TypeVar
from uuid import UUID

from casework.services.books import Group, Groups, Guard, OpenedCase, OpenedIncident, Orders, Standing

Key = TypeVar("Key", bound=Hashable)
IncidentsByCase = Mapping[UUID, tuple[OpenedIncident, ...]]


def regroup_cases(
    orders: Orders,
    before: Mapping[UUID, OpenedCase],
    cases: Mapping[UUID, OpenedCase],
    told: IncidentsByCase,
    changed: Set[UUID],
) -> Groups:
    """Return the groups of `cases`, which differ from those `before`, whose `orders` these are, in `changed`.

    `told` are the incidents of what changed. With nothing before, and every case changed, it groups them all.
    """
    gone = [before[case_id] for case_id in changed if case_id in before]
    new = [cases[case_id] for case_id in changed if case_id in cases]
    groups = orders.groups

    def regroup(
        known: Mapping[Key, Group], keys_of: Callable[[OpenedCase, IncidentsByCase], Iterable[Key]]
    ) -> Mapping[Key, Group]:
        left = ((key, case) for case in gone for key in keys_of(case, orders.incidents_by_case))
        entered = ((key, case) for case in new for key in keys_of(case, told))
        return _move(known, left, entered)

    return Groups(
        guarded=regroup(groups.guarded, _guard_of),
        standing=regroup(groups.standing, _standing_of),
        concerned=regroup(groups.concerned, _concerned_by),
    )


def _guard_of(case: OpenedCase, _told: IncidentsByCase) -> Iterable[Guard]:
    return (Guard(case.team_only, case.restricted, case.team),) if case.team_only or case.restricted else ()


def _standing_of(case: OpenedCase, _told: IncidentsByCase) -> Iterable[Standing]:
    facts = case.facts
    yield Standing(facts.responsible, facts.status, facts.touched_on, facts.hold_since, facts.announced_on)


def _concerned_by(case: OpenedCase, told: IncidentsByCase) -> Iterable[UUID]:
    logged = (incident.facts.logged_by for incident in told.get(case.id, ()))
    return {case.facts.responsible, *case.team, *logged}


def _move(
    groups: Mapping[Key, Group],
    left: Iterable[tuple[Key, OpenedCase]],
    entered: Iterable[tuple[Key, OpenedCase]],
) -> Mapping[Key, Group]:
    own: dict[Key, dict[int, OpenedCase]] = {}

    def group_to_change(key: Key) -> dict[int, OpenedCase]:
        if key not in own:
            own[key] = dict(groups.get(key, {}))
        return own[key]

    for key, case in left:
        group_to_change(key).pop(case.id.int, None)
    for key, case in entered:
        group_to_change(key)[case.id.int] = case
    moved = {**groups, **own}
    for key, group in own.items():
        if not group:
            del moved[key]
    return moved
