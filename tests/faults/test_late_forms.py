"""A form posted after its session ended is sealed to its writer, whatever the database says by then."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, update

from casework.errors import Tampered
from casework.services import drafts
from casework.services.signing_in import authentication, sessions
from casework.services.signing_in.sessions import Locked
from casework.store.database import db
from casework.store.drafts import Draft
from casework.store.volatile import SessionRow
from casework.store.volatilestore import list_records, writing
from casework.vault.draft import MEMBER_INDEX, RECOVERY_INDEX, open_draft
from casework.vault.identity import MemberSecret
from tests.faults import forgery
from tests.faults.forgery import restart
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, PENDING, Founded
from tests.support.dump import dump_tables

FIELDS = {"text": ["what was typed"]}


def _session(founded: Founded, login: str = CASEWORKER) -> str:
    player = founded.players[login]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


def _locked(founded: Founded, cookie: str) -> Locked:
    sessions.lock(cookie)
    locked = sessions.resolve(founded.runtime, cookie)
    assert isinstance(locked, Locked)
    return locked


def test_a_late_form_opens_for_its_writer_and_for_recovery(founded: Founded) -> None:
    """Both open it; nobody else does."""
    locked = _locked(founded, _session(founded))
    assert drafts.keep_late_form(founded.runtime, locked, "incident", "/x", FIELDS)
    assert drafts.list_drafts(founded.context(CASEWORKER))[0].fields == FIELDS
    row = db.session.scalars(select(Draft)).one()
    recovery = MemberSecret(founded.players[COORDINATOR].recovery_seed)
    assert b"typed" in open_draft(recovery, RECOVERY_INDEX, row.id, row.content_sealed)
    with pytest.raises(Tampered):
        open_draft(MemberSecret(founded.players[COLLEAGUE].seed), MEMBER_INDEX, row.id, row.content_sealed)


def test_a_stale_cookie_does_not_fill_the_disk(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late forms are kept beyond the usual number of drafts, and not without end."""
    monkeypatch.setattr(drafts, "MOST_WITH_LATE_FORMS", 3)
    locked = _locked(founded, _session(founded))
    kept = [drafts.keep_late_form(founded.runtime, locked, "incident", "/x", FIELDS) for _ in range(5)]
    assert kept == [True, True, True, False, False]
    assert len(drafts.list_drafts(founded.context(CASEWORKER))) == 3


def test_somebody_pending_has_no_late_forms(founded: Founded) -> None:
    """Nobody has admitted them: nothing is kept."""
    before = dump_tables()["draft"]
    locked = _locked(founded, _session(founded, PENDING))
    assert not drafts.keep_late_form(founded.runtime, locked, "incident", "/x", FIELDS)
    assert dump_tables()["draft"] == before


@pytest.mark.parametrize("cold", [True, False])
def test_a_replaced_roster_gets_no_late_form(founded: Founded, cold: bool) -> None:
    """A roster with the writer's id and the attacker's key does not pass for the one that the writer knew."""
    locked = _locked(founded, _session(founded))
    forgery.replace_roster(forgery.own_roster(founded.players[CASEWORKER]))
    if cold:
        restart(founded)
    before = dump_tables()
    with pytest.raises(Tampered):
        drafts.keep_late_form(founded.runtime, locked, "incident", "/x", FIELDS)
    assert dump_tables() == before


def test_a_session_moved_to_another_member_keeps_no_form(founded: Founded) -> None:
    """A volatile row that names a colleague does not get the form sealed to them."""
    cookie = _session(founded)
    sessions.lock(cookie)
    _write_session(founded.players[ADVOCATE].id)
    before = dump_tables()
    with pytest.raises(Tampered):
        sessions.resolve(founded.runtime, cookie)
    assert dump_tables() == before


def test_a_session_moved_to_another_member_opens_nothing(founded: Founded) -> None:
    """Nor does an open session become theirs."""
    cookie = _session(founded)
    _write_session(founded.players[ADVOCATE].id)
    with pytest.raises(Tampered):
        sessions.resolve(founded.runtime, cookie)


def _write_session(member_id: UUID) -> None:
    with writing() as batch:
        for row in list_records(SessionRow):
            batch.delete(row)
            batch.put(replace(row, member_id=member_id))
    db.session.remove()


@pytest.mark.parametrize("locked", [True, False])
def test_a_session_keeps_to_the_roster_it_began_with(founded: Founded, locked: bool) -> None:
    """Setting the roster and the member's own pin back to an earlier state ends the session's trust."""
    earlier = forgery.pin_of(founded.players[CASEWORKER])
    forgery.admit_somebody(founded)
    player = founded.players[CASEWORKER]
    cookie = authentication.sign_in(founded.runtime, player.login, player.passphrase)
    if locked:
        sessions.lock(cookie)
    forgery.drop_last_entry()
    forgery.set_member(player, **earlier)
    restart(founded)
    if locked:
        late = sessions.resolve(founded.runtime, cookie)
        assert isinstance(late, Locked)
        with pytest.raises(Tampered):
            drafts.keep_late_form(founded.runtime, late, "incident", "/x", FIELDS)
        with pytest.raises(Tampered):
            authentication.unlock(founded.runtime, late, player.passphrase)
    else:
        with pytest.raises(Tampered):
            sessions.resolve(founded.runtime, cookie)


def test_a_draft_planted_under_another_member_does_not_open(founded: Founded) -> None:
    """A draft names its recipients: moving it to a colleague gives them nothing."""
    mine = drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/x", FIELDS)
    forgery.execute(update(Draft).values(member_id=founded.players[COLLEAGUE].id))
    with pytest.raises(Tampered):
        drafts.get_draft(founded.context(COLLEAGUE), mine)
