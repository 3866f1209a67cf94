"""Cases whose member is no longer there: told to coordinators, handed over together."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from casework.domain.case import CLOSED
from casework.errors import Forbidden, Invalid
from casework.services import cases, incidents, records
from casework.services.access import get_case_row
from casework.services.transactions import transaction
from casework.services.unaccompanied import hand_all_over, list_unaccompanied
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft

GONE = uuid4()


def _case(
    founded: Founded, responsible: UUID = GONE, status: str = "open", *, restricted: bool = False
) -> UUID:
    """Log a case of the caseworker's, and let it be accompanied as a restored backup may say."""
    team = frozenset({founded.players[COLLEAGUE].id}) if restricted else frozenset()
    context = founded.context(CASEWORKER)
    case_id = incidents.log_incident(context, incident_draft(restricted=restricted, team=team)).case_id
    with transaction(context, "case.handed_over") as opened:
        row = get_case_row(context, case_id)
        facts = replace(records.open_case(context, row), responsible=responsible, status=status)
        records.write_case(context, opened.generation, row, facts)
        opened.note(case=case_id, to=responsible)
    return case_id


def _told(founded: Founded, login: str) -> set[UUID]:
    return {case.id for case in list_unaccompanied(founded.context(login))}


def test_cases_of_who_is_not_there_are_told_to_coordinators(founded: Founded) -> None:
    """Of former members, and of members who may open no case; not closed ones, nor those of members."""
    wanted = {_case(founded), _case(founded, founded.players[ADVOCATE].id)}
    _case(founded, founded.players[COLLEAGUE].id)
    _case(founded, status=CLOSED)
    assert _told(founded, COORDINATOR) == wanted
    assert _told(founded, CASEWORKER) == set()


def test_they_are_handed_over_together(founded: Founded) -> None:
    """To one member who may open cases; nobody but a coordinator does that."""
    wanted = {_case(founded), _case(founded)}
    heir = founded.players[COLLEAGUE].id
    with pytest.raises(Forbidden):
        hand_all_over(founded.context(CASEWORKER), heir)
    with pytest.raises(Invalid):
        hand_all_over(founded.context(COORDINATOR), founded.players[ADVOCATE].id)
    assert hand_all_over(founded.context(COORDINATOR), heir) == 2
    assert _told(founded, COORDINATOR) == set()
    for case_id in wanted:
        assert cases.get_case(founded.context(COLLEAGUE), case_id).facts.responsible == heir


def test_a_restricted_one_is_told_to_the_named_alone(founded: Founded) -> None:
    """A coordinator who is not named hears nothing of it; whoever is named sees it, to hand it over."""
    case_id = _case(founded, restricted=True)
    assert _told(founded, COORDINATOR) == set()
    assert _told(founded, CASEWORKER) == _told(founded, COLLEAGUE) == {case_id}
    assert hand_all_over(founded.context(COORDINATOR), founded.players[COLLEAGUE].id) == 0
