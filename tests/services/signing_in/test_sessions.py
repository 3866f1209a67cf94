"""How sessions live and die: what is left of one that was idle, open for too long, or forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from casework.services.context import Context
from casework.services.runtime import Runtime
from casework.services.signing_in import sessions
from casework.services.signing_in.sessions import Locked
from casework.store import volatile
from casework.store.database import db
from casework.vault.identity import MemberSecret
from casework.vault.session import decode_session_secret, session_id_hash
from tests.support.application import CASEWORKER, Founded

MINUTE, HOUR = 60, 3600


@pytest.fixture
def cookie(founded: Founded) -> str:
    """A session of the caseworker, begun now."""
    player = founded.players[CASEWORKER]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


def later(runtime: Runtime, seconds: int) -> Runtime:
    """Return the same process, so many seconds on."""
    now = runtime.now() + timedelta(seconds=seconds)
    return replace(runtime, now=lambda: now)


def seed_of(cookie: str) -> bytes | None:
    """Return what the row of a session holds of the seed."""
    db.session.expire_all()
    row = volatile.find_session(session_id_hash(decode_session_secret(cookie)))
    return row.seed_sealed if row else None


def resolve_at(seconds: int) -> Callable[[Runtime, str], object]:
    """Return what asks for a session so many seconds after it began."""
    return lambda runtime, cookie: sessions.resolve(later(runtime, seconds), cookie)


def sweep_at(seconds: int) -> Callable[[Runtime, str], object]:
    """Return what sweeps so many seconds after a session began."""
    return lambda runtime, _cookie: sessions.sweep(later(runtime, seconds))


def test_a_session_in_use_stays_open_until_its_hours_are_over(founded: Founded, cookie: str) -> None:
    """Each request puts the lock off, and after ten hours none does."""
    for minutes in range(15, 10 * 60, 15):
        found = sessions.resolve(later(founded.runtime, minutes * MINUTE), cookie)
        assert isinstance(found, Context)
    assert isinstance(sessions.resolve(later(founded.runtime, 10 * HOUR + 1), cookie), Locked)
    assert seed_of(cookie) is None


@pytest.mark.parametrize("look", [resolve_at(21 * MINUTE), sweep_at(21 * MINUTE)], ids=["request", "sweep"])
def test_an_idle_session_loses_its_seed(
    founded: Founded, cookie: str, look: Callable[[Runtime, str], object]
) -> None:
    """After twenty minutes the cookie opens nothing, whoever looks first; whose it was stays known."""
    assert seed_of(cookie)
    look(founded.runtime, cookie)
    assert seed_of(cookie) is None
    found = sessions.resolve(founded.runtime, cookie)
    assert isinstance(found, Locked)
    assert found.member_id == founded.players[CASEWORKER].id


def test_after_a_day_nobody_is_known(founded: Founded, cookie: str) -> None:
    """The row of a locked session names nobody once a late form is no longer taken, and is swept away."""
    assert sessions.resolve(later(founded.runtime, 25 * HOUR), cookie) is None
    sessions.sweep(later(founded.runtime, 25 * HOUR))
    assert volatile.find_session(session_id_hash(decode_session_secret(cookie))) is None


def test_the_last_session_takes_the_opened_records_along(founded: Founded, cookie: str) -> None:
    """No opened record stays in the memory of a process that nobody has a session with."""
    context, casebook = founded.context(CASEWORKER), founded.runtime.casebook
    before = casebook.facts(context.keyring, founded.runtime.now_seconds())
    assert casebook.facts(context.keyring, founded.runtime.now_seconds()) is before
    sessions.sign_out(founded.runtime, cookie)
    assert casebook.facts(context.keyring, founded.runtime.now_seconds()) is not before


@pytest.mark.parametrize("cookie", ["", "none", "A" * 43])
def test_no_other_cookie_stands_for_anybody(founded: Founded, cookie: str) -> None:
    """Neither nothing, nor nonsense, nor a secret that names no row."""
    assert sessions.resolve(founded.runtime, cookie) is None
