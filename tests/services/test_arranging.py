"""The order of opened records: carried from one snapshot to the next, it is as if worked out from nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.dates import VagueDate
from casework.services import bin, erasing, incidents
from casework.services.arranging import arrange
from casework.services.books import BinnedCase, FactBook, OpenedPerson
from casework.services.casebook import Casebook
from casework.services.context import Context
from casework.services.lists import Filter, list_cases
from casework.services.restricted.restricting import choose_access
from casework.store import cases as store
from casework.store.database import db
from tests.services.snapshots import Step, follow, steps
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import incident_draft

DAYS = ("2026-05-12", "2026-05-12", "2026-05", "2025-winter", "2024", "unknown")


def _facts(context: Context) -> FactBook:
    return context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())


def _version(case_id: UUID) -> int:
    row = store.find_record(store.Case, case_id)
    assert row is not None
    version = row.version
    db.session.rollback()
    return version


def _do_something(chance: Random, caseworker: Context, coordinator: Context) -> None:
    """Log into a new case or an old one, change, bin, restore, erase or limit a case: one deed."""
    book = _facts(caseworker)
    standing, binned = sorted(book.cases), sorted(book.binned)
    draft = replace(incident_draft(), date=VagueDate.parse(chance.choice(DAYS)))
    deed = chance.choice(("log", "log", "add", "change", "bin", "restore", "erase", "limit"))
    if deed in ("add", "bin", "limit") and standing:
        case_id = chance.choice(standing)
        if deed == "add":
            incidents.log_incident(caseworker, draft, case_id)
        elif deed == "bin":
            bin.bin_case(caseworker, case_id, _version(case_id))
        else:
            team = frozenset({caseworker.member_id})
            choose_access(caseworker, case_id, _version(case_id), team, team_only=chance.random() < 0.5)
    elif deed == "change" and book.incidents:
        incident = chance.choice(sorted(book.incidents.values(), key=lambda one: one.id))
        version = incidents.get_incident(caseworker, incident.id).version
        incidents.change_incident(caseworker, incident.id, version, replace(draft, people=()))
    elif deed in ("restore", "erase") and binned:
        act = bin.restore_case if deed == "restore" else erasing.erase_case
        act(coordinator, chance.choice(binned))
    else:
        incidents.log_incident(caseworker, draft)


def _expect_order(book: FactBook) -> None:
    expected = arrange(book)
    assert list(book.orders.incidents) == list(expected.incidents)
    assert list(book.orders.newest) == list(expected.newest)
    assert book.orders.none == expected.none
    assert book.orders.incidents_by_case == expected.incidents_by_case
    assert _as_sets(book.orders.people_by_case) == _as_sets(expected.people_by_case)
    assert book.groups == expected.groups
    assert sorted(book.cases_by_date) == sorted(book.cases)


def _expect_as_read_anew(context: Context) -> None:
    """What was carried from snapshot to snapshot is what is read when there was none before."""
    now, casebook = context.runtime.now_seconds(), context.runtime.casebook
    facts, texts = casebook.both(context.keyring, now)
    fresh = Casebook()
    facts_anew, texts_anew = fresh.both(context.keyring, now)
    assert (facts.cases, facts.people, facts.incidents) == (
        facts_anew.cases,
        facts_anew.people,
        facts_anew.incidents,
    )
    assert {case_id: _parts(binned) for case_id, binned in facts.binned.items()} == {
        case_id: _parts(binned) for case_id, binned in facts_anew.binned.items()
    }
    for name in ("names", "described", "called", "sounds", "identities", "narratives"):
        assert getattr(texts, name) == getattr(texts_anew, name)
    assert {case_id: set(ids) for case_id, ids in texts.records.items()} == {
        case_id: set(ids) for case_id, ids in texts_anew.records.items()
    }


def _parts(binned: BinnedCase) -> tuple[object, ...]:
    return binned.case, {one.id: one for one in binned.people}, {one.id: one for one in binned.incidents}


def _as_sets(people: Mapping[UUID, Iterable[OpenedPerson]]) -> dict[UUID, frozenset[UUID]]:
    return {case_id: frozenset(one.id for one in group) for case_id, group in people.items()}


@settings(deadline=None)
@given(st.lists(steps(), min_size=1, max_size=8))
def test_in_memory_too_an_order_is_carried_as_it_is_worked_out(changes: list[Step]) -> None:
    """Records that come, go, move to another case, or stand in none that is there."""
    book = FactBook()
    for step in changes:
        book = follow(book, step)
        _expect_order(book)


@pytest.mark.parametrize("seed", range(3))
def test_an_order_that_was_carried_is_the_order(founded: Founded, seed: int) -> None:
    """After any deeds, looked at after each or after several, nothing is out of place, doubled or left."""
    chance = Random(seed)
    caseworker, coordinator = founded.context(CASEWORKER), founded.context()
    for _ in range(40):
        _do_something(chance, caseworker, coordinator)
        if chance.random() < 0.7:
            _expect_order(_facts(caseworker))
            _expect_as_read_anew(caseworker)
    _expect_order(_facts(caseworker))


def test_an_incident_that_moves_leaves_its_old_case(founded: Founded) -> None:
    """Also where a database says that an incident lies in another case than before, it is listed once."""
    context = founded.context(CASEWORKER)
    one, other = (incidents.log_incident(context, incident_draft()) for _ in range(2))
    _facts(context)
    row = store.find_record(store.Incident, one.incident_id)
    assert row is not None
    row.case_id, row.generation = other.case_id, _facts(context).generation + 1
    db.session.commit()
    incidents.log_incident(context, incident_draft())
    book = _facts(context)
    _expect_order(book)
    assert {found.id for found in book.incidents_by_case[other.case_id]} == {
        one.incident_id,
        other.incident_id,
    }
    assert one.case_id not in book.incidents_by_case


def test_what_was_seen_first_is_not_carried_to_others(founded: Founded) -> None:
    """Who looked before a case became a team's finds it no more, whoever looked in between."""
    context, colleague = founded.context(CASEWORKER), founded.context(COLLEAGUE)
    logged = incidents.log_incident(context, incident_draft())
    assert list_cases(colleague, Filter(mine=False)).total == 1
    choose_access(context, logged.case_id, 1, frozenset({context.member_id}), team_only=True)
    assert list_cases(context, Filter(mine=False)).total == 1
    assert list_cases(colleague, Filter(mine=False)).total == 0
    assert list_cases(colleague, Filter(mine=False, text=logged.reference)).total == 0
