"""Sessions written by one request while another has read them: SQLite refuses such a writer at once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from casework.services import unfinished
from casework.services.context import Context
from casework.services.signing_in import sessions
from casework.services.signing_in.sessions import Locked
from casework.store.volatile import SessionRow, has_open_session
from casework.store.volatilestore import list_records, writing
from casework.vault.identity import MemberSecret
from tests.support.application import CASEWORKER, COORDINATOR, Founded


def _write_elsewhere(founded: Founded) -> None:
    """Commit something to the volatile store as another request would."""
    with writing() as batch:
        for row in list_records(SessionRow):
            batch.put(replace(row, started_at_seconds=row.started_at_seconds + 1))


@pytest.fixture
def cookie(founded: Founded) -> str:
    """A caseworker's session."""
    player = founded.players[CASEWORKER]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


DEEDS: dict[str, Callable[[Founded, str], object]] = {
    "lock": lambda founded, cookie: sessions.lock(cookie),
    "sign out": lambda founded, cookie: sessions.sign_out(founded.runtime, cookie),
    "end the others": lambda founded, cookie: sessions.end_sessions(founded.players[CASEWORKER].id),
    "sweep": lambda founded, cookie: sessions.sweep(founded.runtime),
    "sign in": lambda founded, cookie: sessions.start_session(
        founded.runtime, founded.players[COORDINATOR].id, MemberSecret(founded.players[COORDINATOR].seed)
    ),
    "set up": lambda founded, cookie: unfinished.keep(founded.runtime, "", {"kind": "any"}),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_who_has_read_may_still_write(deed: str, founded: Founded, cookie: str) -> None:
    """A deed whose request has read the sessions succeeds although another wrote since."""
    assert has_open_session()
    _write_elsewhere(founded)
    DEEDS[deed](founded, cookie)
    found = sessions.resolve(founded.runtime, cookie)
    gone: dict[str, type] = {"lock": Locked, "sign out": type(None), "end the others": type(None)}
    assert isinstance(found, gone.get(deed, Context))
