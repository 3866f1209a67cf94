"""Rows moved, removed or planted by somebody who writes to the database: refused by name, or gone."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from casework.errors import CaseworkError, NotFound, Tampered, UnknownKey
from casework.services import cases, incidents, lists
from casework.services.lists import Filter
from casework.store.cases import Case, CaseAccess, CaseKey, Incident, Person
from tests.faults.forgery import execute, restart
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.dump import dump_tables
from tests.support.records import incident_draft

Attack = Callable[[incidents.Logged, incidents.Logged], Any]

ATTACKS: Mapping[str, tuple[Attack, type[CaseworkError]]] = {
    "a person moved to another case": (
        lambda one, other: update(Person).where(Person.case_id == one.case_id).values(case_id=other.case_id),
        Tampered,
    ),
    "an incident moved to another case": (
        lambda one, other: (
            update(Incident).where(Incident.id == one.incident_id).values(case_id=other.case_id)
        ),
        Tampered,
    ),
    "a case's keys removed": (
        lambda one, other: delete(CaseKey).where(CaseKey.case_id == other.case_id),
        UnknownKey,
    ),
    "a key of another compartment": (
        lambda one, other: (
            update(CaseKey)
            .where(CaseKey.case_id == other.case_id, CaseKey.compartment == "identity")
            .values(compartment="coded")
        ),
        Tampered,
    ),
    "a key of no compartment": (
        lambda one, other: (
            update(CaseKey)
            .where(CaseKey.case_id == other.case_id, CaseKey.compartment == "identity")
            .values(compartment="everything")
        ),
        Tampered,
    ),
    "a key planted for the next generation": (
        lambda one, other: insert(CaseKey).values(
            case_id=other.case_id, compartment="narrative", generation=2, key_sealed=b"\1\1" + bytes(60)
        ),
        UnknownKey,
    ),
}


@pytest.fixture
def logged(founded: Founded) -> tuple[incidents.Logged, incidents.Logged]:
    """Two cases with a person and an incident each."""
    one, other = (incidents.log_incident(founded.context(CASEWORKER), incident_draft()) for _ in range(2))
    return one, other


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_put_elsewhere_does_not_open(
    founded: Founded, logged: tuple[incidents.Logged, incidents.Logged], attack: str
) -> None:
    """The case that got it refuses by name, lists go on without it and say so; nothing is written."""
    make, error = ATTACKS[attack]
    execute(make(*logged))
    restart(founded)
    before = dump_tables()
    context = founded.context(CASEWORKER)
    with pytest.raises(error):
        cases.get_case(context, logged[1].case_id)
    page = lists.list_incidents(founded.context(CASEWORKER), Filter())
    # A key that no record names closes the case, but nothing that a list shows.
    assert bool(page.damaged) == (attack != "a key planted for the next generation")
    assert logged[0].incident_id in {line.id for line in page.lines} or "moved" in attack
    assert dump_tables() == before


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if "key" in attack])
def test_nothing_is_written_under_keys_that_do_not_open(
    founded: Founded, logged: tuple[incidents.Logged, incidents.Logged], attack: str
) -> None:
    """An incident is not logged into a case whose keys were tampered with."""
    make, error = ATTACKS[attack]
    execute(make(*logged))
    before = dump_tables()
    with pytest.raises(error):
        incidents.log_incident(founded.context(CASEWORKER), incident_draft(), logged[1].case_id)
    assert dump_tables() == before


def test_what_was_removed_is_not_there(
    founded: Founded, logged: tuple[incidents.Logged, incidents.Logged]
) -> None:
    """A case whose rows are gone is not found; the other opens, and the lists go on without it."""
    for table in (CaseKey, Person, Incident):
        execute(delete(table).where(table.case_id == logged[0].case_id))
    execute(delete(Case).where(Case.id == logged[0].case_id))
    restart(founded)
    with pytest.raises(NotFound):
        cases.get_case(founded.context(CASEWORKER), logged[0].case_id)
    assert cases.get_case(founded.context(CASEWORKER), logged[1].case_id).people
    assert lists.list_incidents(founded.context(CASEWORKER), Filter()).total == 1


def test_a_missing_person_of_an_incident_is_no_error_of_the_program(
    founded: Founded, logged: tuple[incidents.Logged, incidents.Logged]
) -> None:
    """The incident opens without them."""
    execute(delete(Person).where(Person.case_id == logged[0].case_id))
    restart(founded)
    assert incidents.get_incident(founded.context(CASEWORKER), logged[0].incident_id).people == ()
    assert lists.list_cases(founded.context(CASEWORKER), Filter()).total == 2


def test_a_team_is_no_cryptography(founded: Founded) -> None:
    """Whoever writes to the database can open a team's case to all caseworkers: the threat model says so."""
    hidden = incidents.log_incident(founded.context(CASEWORKER), incident_draft(team_only=True))
    with pytest.raises(NotFound):
        cases.get_case(founded.context(COLLEAGUE), hidden.case_id)
    execute(insert(CaseAccess).values(case_id=hidden.case_id, member_id=founded.players[COLLEAGUE].id))
    assert cases.get_case(founded.context(COLLEAGUE), hidden.case_id)
