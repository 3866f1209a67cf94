"""Wrapping case keys anew: in small steps, by whoever may, from wherever it stood."""

import pytest

from casework.services import cases, incidents, works
from casework.services.membership import leaving, rotation
from casework.services.signing_in import sessions
from casework.store import cases as store
from casework.store.database import db
from casework.vault.envelope import read_epoch
from casework.vault.identity import MemberSecret
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, Founded
from tests.support.records import incident_draft

CASES = 5


def _left(founded: Founded) -> list[incidents.Logged]:
    logged = [incidents.log_incident(founded.context(CASEWORKER), incident_draft()) for _ in range(CASES)]
    leaving.revoke_member(founded.context(), founded.players[CASEWORKER].id, founded.players[COLLEAGUE].id)
    return logged


def test_all_wraps_come_under_the_new_epoch(founded: Founded) -> None:
    """Step by step; afterwards no wrap names an old epoch, and every case opens.

    Each case has two keys from before, and two that handing it over made: its history is written under these.
    """
    logged = _left(founded)
    context = founded.context(COLLEAGUE)
    before = {
        (key.case_id, key.compartment, key.generation): key.key_sealed
        for one in logged
        for key in store.list_case_keys(one.case_id)
    }
    assert rotation.look_at_rotation(context) == rotation.Rotation(2 * CASES, 4 * CASES)
    works.do_all(context)
    assert rotation.look_at_rotation(founded.context(COLLEAGUE)) == rotation.Rotation(0, 4 * CASES)
    db.session.rollback()
    for one in logged:
        assert cases.get_case(founded.context(COLLEAGUE), one.case_id).people[0].identity.name
        for key in store.list_case_keys(one.case_id):
            was = before[key.case_id, key.compartment, key.generation]
            assert read_epoch(key.key_sealed) == 2
            assert (key.key_sealed == was) == (read_epoch(was) == 2)


def test_it_goes_on_from_where_it_stood(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """One step at a time, each by somebody else."""
    _left(founded)
    monkeypatch.setattr(rotation, "BATCH", 2)
    counts: list[int] = []
    while rotation.rewrap_some(founded.context(COLLEAGUE if len(counts) % 2 else "cora")):
        counts.append(rotation.look_at_rotation(founded.context()).waiting)
    assert counts == [8, 6, 5, 3, 1, 0]


def test_who_may_not_open_cases_wraps_nothing(founded: Founded) -> None:
    """An advocate's session lends no keys for it."""
    _left(founded)
    assert rotation.rewrap_some(founded.context(ADVOCATE)) is False
    assert rotation.look_at_rotation(founded.context()).waiting == 2 * CASES


def test_a_damaged_wrap_stops_nothing(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays as it is, whatever its place among the others."""
    logged = _left(founded)
    monkeypatch.setattr(rotation, "BATCH", 1)
    first = min(logged, key=lambda one: one.case_id.bytes)
    for key in store.list_case_keys(first.case_id):
        key.key_sealed = key.key_sealed[:-1] + bytes([key.key_sealed[-1] ^ 1])
    db.session.commit()
    works.do_all(founded.context(COLLEAGUE))
    assert rotation.look_at_rotation(founded.context()).waiting == 2


def test_the_background_borrows_an_open_session_only(founded: Founded) -> None:
    """With a session's cookie the work is done; with one that is over, nothing is."""
    _left(founded)
    player = founded.players[COLLEAGUE]
    cookie = sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
    sessions.lock(cookie)
    works.work_through(founded.runtime, cookie)
    assert rotation.look_at_rotation(founded.context()).waiting == 2 * CASES
    works.work_through(
        founded.runtime, sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))
    )
    assert rotation.look_at_rotation(founded.context()).waiting == 0
