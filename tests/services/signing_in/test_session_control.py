"""Seeing and ending sessions: one's own, and for coordinators a member's."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from casework.domain.device import Device
from casework.errors import Forbidden, NotFound
from casework.services.context import Context
from casework.services.runtime import Runtime
from casework.services.signing_in import authentication, session_control, sessions
from casework.services.signing_in.sessions import Locked
from casework.store import volatile
from casework.store.database import db
from casework.vault.identity import MemberSecret
from casework.vault.session import decode_session_secret, session_id_hash
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, PENDING, Founded
from tests.support.kept import kept_bytes

PHONE = Device("Firefox", "Android")
HOUR = 3600


def begin(founded: Founded, login: str = CASEWORKER, device: Device = PHONE) -> str:
    """Start a session of a member; returns its cookie."""
    player = founded.players[login]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed), device)


def later(runtime: Runtime, seconds: int) -> Runtime:
    """Return the same process, so many seconds on."""
    now = runtime.now() + timedelta(seconds=seconds)
    return replace(runtime, now=lambda: now)


def seed_of(cookie: str) -> bytes:
    """Return what the volatile store holds of a session's seed."""
    db.session.rollback()
    row = volatile.find_session(session_id_hash(decode_session_secret(cookie)))
    assert row is not None and row.seed_sealed is not None
    return row.seed_sealed


def volatile_bytes(app: Flask) -> bytes:
    """Return all bytes of the volatile store, its log included."""
    return kept_bytes()


def test_a_member_sees_their_own_sessions(founded: Founded) -> None:
    """Each with its device; this one first; nobody else's."""
    begin(founded, COLLEAGUE)
    other, this = begin(founded), begin(founded, device=Device("Safari", "macOS"))
    sessions.lock(other)
    views = session_control.list_own_sessions(founded.context(CASEWORKER), this)
    assert [(view.device, view.is_open, view.is_this) for view in views] == [
        (Device("Safari", "macOS"), True, True),
        (PHONE, False, False),
    ]


def test_a_device_is_not_there_in_plain(founded: Founded) -> None:
    """It is sealed under the member's own key."""
    begin(founded)
    assert re.search(rb"Firefox|Android", volatile_bytes(founded.app)) is None


def test_one_session_is_ended(founded: Founded) -> None:
    """Its cookie stands for nobody, its seed is gone from every byte of the store, the others go on."""
    this, other = begin(founded), begin(founded)
    context, sealed = founded.context(CASEWORKER), seed_of(other)
    assert sealed in volatile_bytes(founded.app)
    view = next(one for one in session_control.list_own_sessions(context, this) if not one.is_this)
    session_control.end_own_session(context, view.id)
    assert sessions.resolve(founded.runtime, other) is None
    assert isinstance(sessions.resolve(founded.runtime, this), Context)
    assert sealed not in volatile_bytes(founded.app)


def test_nobody_ends_a_session_that_is_not_theirs(founded: Founded) -> None:
    """For them there is no such session."""
    theirs = begin(founded, COLLEAGUE)
    their_id = session_control.list_own_sessions(founded.context(COLLEAGUE), theirs)[0].id
    for session_id in (their_id, uuid4()):
        with pytest.raises(NotFound):
            session_control.end_own_session(founded.context(CASEWORKER), session_id)
    assert isinstance(sessions.resolve(founded.runtime, theirs), Context)


def test_all_other_sessions_are_ended(founded: Founded) -> None:
    """The one that asks goes on, and so does everybody else's."""
    this, colleague = begin(founded), begin(founded, COLLEAGUE)
    others = [begin(founded) for _ in range(3)]
    assert session_control.end_other_sessions(founded.context(CASEWORKER), this) == 3
    assert [sessions.resolve(founded.runtime, other) for other in others] == [None] * 3
    assert isinstance(sessions.resolve(founded.runtime, this), Context)
    assert isinstance(sessions.resolve(founded.runtime, colleague), Context)


def test_a_coordinator_ends_a_members_sessions(founded: Founded) -> None:
    """All of them, for good; the log says whose."""
    cookies, sealed = [begin(founded), begin(founded)], []
    sealed = [seed_of(cookie) for cookie in cookies]
    member_id = founded.players[CASEWORKER].id
    assert session_control.count_open_sessions(founded.context())[member_id] == 2
    session_control.end_sessions_of(founded.context(), member_id)
    assert [sessions.resolve(founded.runtime, cookie) for cookie in cookies] == [None, None]
    assert member_id not in session_control.count_open_sessions(founded.context())
    left = volatile_bytes(founded.app)
    assert [one for one in sealed if one in left] == []


def test_only_open_sessions_are_counted(founded: Founded) -> None:
    """Neither locked ones, nor those that nobody has used for too long, swept or not."""
    member_id = founded.players[CASEWORKER].id
    begin(founded)
    sessions.lock(begin(founded))
    context = founded.context()
    assert session_control.count_open_sessions(context)[member_id] == 1
    idle = replace(context, runtime=later(founded.runtime, HOUR))
    assert member_id not in session_control.count_open_sessions(idle)


@pytest.mark.parametrize("login", [CASEWORKER, ADVOCATE])
def test_only_a_coordinator_looks_at_others(founded: Founded, login: str) -> None:
    """Neither how many there are, nor ending them."""
    with pytest.raises(Forbidden):
        session_control.count_open_sessions(founded.context(login))
    with pytest.raises(Forbidden):
        session_control.end_sessions_of(founded.context(login), founded.players[COORDINATOR].id)


def test_only_members_have_sessions_to_end(founded: Founded) -> None:
    """Somebody not admitted is withdrawn instead; an unknown id is nobody."""
    for member_id in (founded.players[PENDING].id, UUID(int=7)):
        with pytest.raises(NotFound):
            session_control.end_sessions_of(founded.context(), member_id)


def test_unlocking_does_not_put_the_end_off(founded: Founded) -> None:
    """A session that is locked and unlocked ends ten hours after its sign-in, not after its last unlock."""
    player, cookie = founded.players[CASEWORKER], begin(founded)
    sessions.lock(cookie)
    at_nine = later(founded.runtime, 9 * HOUR)
    locked = sessions.resolve(at_nine, cookie)
    assert isinstance(locked, Locked) and not locked.is_over
    going_on = authentication.unlock(at_nine, locked, player.passphrase)
    assert isinstance(sessions.resolve(at_nine, going_on), Context)
    over = sessions.resolve(later(founded.runtime, 10 * HOUR + 1), going_on)
    assert isinstance(over, Locked) and over.is_over


def test_a_session_that_is_over_is_not_unlocked(founded: Founded) -> None:
    """The passphrase alone does not bring it back."""
    player, cookie = founded.players[CASEWORKER], begin(founded)
    after = later(founded.runtime, 10 * HOUR + 1)
    over = sessions.resolve(after, cookie)
    assert isinstance(over, Locked)
    with pytest.raises(Forbidden):
        authentication.unlock(after, over, player.passphrase)
    assert authentication.sign_in(after, player.login, player.passphrase)
