"""Showing once more who one is: what it takes, what it is for, and how long it counts."""

from dataclasses import replace
from uuid import UUID

import pytest

from casework.domain.permissions import Role
from casework.errors import Forbidden, Invalid
from casework.services.context import Context
from casework.services.membership import admitting, invitations, leaving
from casework.services.signing_in import sessions
from casework.services.signing_in.confirming import confirm
from casework.vault.identity import MemberSecret
from tests.support.application import CASEWORKER, COORDINATOR, PENDING, Founded
from tests.support.dump import changed_tables, dump_tables
from tests.support.secondfactor import equip


def _begin(founded: Founded) -> str:
    player = founded.players[COORDINATOR]
    return sessions.start_session(founded.runtime, player.id, MemberSecret(player.seed))


def _resolve(founded: Founded, cookie: str) -> Context:
    context = sessions.resolve(founded.runtime, cookie)
    assert isinstance(context, Context)
    return context


def test_nobody_comes_in_or_goes_by_a_session_alone(founded: Founded) -> None:
    """The services refuse it, whatever page asked, and nothing is written."""
    waiting = next(one for one in invitations.list_invitees(founded.context()) if one.fingerprint)
    context, member = replace(founded.context(), is_confirmed=False), founded.players[CASEWORKER].id
    before = dump_tables()
    for deed in (
        lambda: admitting.admit_member(context, waiting.invitation_id, waiting.fingerprint, waiting.roles),
        lambda: invitations.invite_again(context, member, frozenset({Role.COORDINATOR})),
        lambda: leaving.revoke_member(context, member, UUID(int=0)),
    ):
        with pytest.raises(Forbidden, match="unconfirmed"):
            deed()
    assert changed_tables(before, dump_tables()) == {}
    assert founded.context(PENDING).is_pending


def test_it_counts_in_the_session_that_it_was_shown_in(founded: Founded) -> None:
    """From then on, and in no other session of the same member; signing in alone does not count."""
    cookie, other = _begin(founded), _begin(founded)
    context = _resolve(founded, cookie)
    assert not context.is_confirmed
    assert confirm(context, cookie, founded.players[COORDINATOR].passphrase).is_confirmed
    assert _resolve(founded, cookie).is_confirmed
    assert not _resolve(founded, other).is_confirmed
    assert confirm(_resolve(founded, cookie), cookie, "").is_confirmed


def test_the_passphrase_alone_does_not_do_where_there_is_a_second_factor(founded: Founded) -> None:
    """A wrong code leaves the session as it was."""
    device = equip(founded.context())
    cookie, words = _begin(founded), founded.players[COORDINATOR].passphrase
    for passphrase, code, field in (("not these words", "", "passphrase"), (words, "", "code")):
        with pytest.raises(Invalid) as invalid:
            confirm(_resolve(founded, cookie), cookie, passphrase, code)
        assert set(invalid.value.faults) == {field}
    assert not _resolve(founded, cookie).is_confirmed
    confirm(_resolve(founded, cookie), cookie, words, device.code(founded.runtime.now_seconds()))
    assert _resolve(founded, cookie).is_confirmed
