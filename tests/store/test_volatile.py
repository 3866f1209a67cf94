"""The volatile tables: nothing migrates them."""

from sqlalchemy import inspect, text

from casework.services.context import Context
from casework.services.signing_in import sessions
from casework.store.database import db
from casework.store.tables import create_volatile
from casework.vault.identity import MemberSecret
from tests.support.application import CASEWORKER, Founded


def _sign_in(founded: Founded) -> str:
    player = founded.players[CASEWORKER]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


def test_tables_of_an_older_casework_are_made_anew(founded: Founded) -> None:
    """A session table without today's columns goes, with its sessions; the next sign-in works."""
    with db.engines["volatile"].begin() as connection:
        connection.execute(text("ALTER TABLE session DROP COLUMN pin_sealed"))
    create_volatile()
    columns = {column["name"] for column in inspect(db.engines["volatile"]).get_columns("session")}
    assert "pin_sealed" in columns
    assert isinstance(sessions.resolve(founded.runtime, _sign_in(founded)), Context)


def test_today_s_tables_keep_their_sessions(founded: Founded) -> None:
    """A restart of the application signs nobody out."""
    cookie = _sign_in(founded)
    create_volatile()
    assert isinstance(sessions.resolve(founded.runtime, cookie), Context)
