"""Whom a case opens to: one rule, for who asks, who is offered, who sees to something and who is assigned."""

from uuid import uuid4

import pytest

from casework.domain.permissions import Role
from casework.errors import Invalid
from casework.services.access import may_another_open, may_open, opens_to
from casework.services.cases import change_access
from casework.services.followups.writing import add_follow_up
from casework.services.incidents import log_incident
from casework.services.offers import list_able
from casework.store import cases as store
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, PENDING, Founded
from tests.support.records import incident_draft, task_draft

OPENS = {
    # team only, restricted: who, with the caseworker alone in the team
    (False, False): {COORDINATOR, CASEWORKER, COLLEAGUE},
    (True, False): {COORDINATOR, CASEWORKER},
    (True, True): {CASEWORKER},
    (False, True): {CASEWORKER},
}


@pytest.mark.parametrize("access", OPENS)
def test_everybody_who_asks_is_answered_alike(founded: Founded, access: tuple[bool, bool]) -> None:
    """The member, the list of those who can be assigned something, and the roster."""
    team_only, restricted = access
    team = {founded.players[CASEWORKER].id}
    there = [COORDINATOR, CASEWORKER, COLLEAGUE, ADVOCATE]
    asked = founded.context()
    own = {one for one in there if may_open(founded.context(one), team_only, team, restricted)}
    ids = {founded.players[one].id: one for one in (*there, PENDING)}
    others = {one for id_, one in ids.items() if may_another_open(asked, id_, team_only, team, restricted)}
    offered = {ids[member.id] for member in list_able(asked, team_only, team, restricted)}
    assert own == others == offered == OPENS[access]


def test_nobody_without_a_role_opens_anything(founded: Founded) -> None:
    """Whatever team they are in."""
    somebody = uuid4()
    assert not opens_to(somebody, frozenset(), True, {somebody})
    assert not opens_to(somebody, {Role.ADVOCATE}, True, {somebody}, True)
    assert not may_another_open(founded.context(), somebody, True, {somebody})


@pytest.mark.parametrize("restricted", [False, True])
def test_only_who_may_open_the_case_is_assigned_something(founded: Founded, restricted: bool) -> None:
    """As the form offers them."""
    context = founded.context(CASEWORKER)
    case_id = log_incident(context, incident_draft(restricted=restricted)).case_id
    if not restricted:
        change_access(context, case_id, 1, True, frozenset())
    row = store.find_record(store.Case, case_id)
    assert row and row.team_only
    able = {founded.players[one].id for one in OPENS[True, restricted]}
    for login in (COORDINATOR, CASEWORKER, COLLEAGUE, ADVOCATE):
        member_id = founded.players[login].id
        if member_id in able:
            add_follow_up(founded.context(CASEWORKER), case_id, task_draft(assigned_to=member_id))
            continue
        with pytest.raises(Invalid) as refused:
            add_follow_up(founded.context(CASEWORKER), case_id, task_draft(assigned_to=member_id))
        assert "assigned_to" in refused.value.faults
