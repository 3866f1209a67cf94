"""A member comes back under a new key: the same name and cases, and the old passphrase opens nothing."""

from uuid import UUID

import pytest

from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.errors import Invalid, NotFound, Tampered, WrongPassphrase
from casework.services import cases, drafts, incidents
from casework.services.context import Context
from casework.services.membership import admitting, invitations, leaving
from casework.services.membership.invitations import Invitee
from casework.services.membership.members import list_members
from casework.services.signing_in import authentication, sessions
from casework.services.signing_in.passphrases import Choice
from casework.services.today import look_at_today
from casework.store import members as store
from casework.store.database import db
from casework.vault.fields import Compartment
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft

NEW_WORDS = "seven amber kites drift inland"


def join_again(founded: Founded, login: str = CASEWORKER, role: Role = Role.CASEWORKER) -> str:
    """Invite a member again, and use the link; returns the cookie."""
    link = invitations.invite_again(founded.context(), founded.players[login].id, frozenset({role}))
    return invitations.join(founded.runtime, link, login, Choice(NEW_WORDS, NEW_WORDS))


def admit_again(founded: Founded) -> UUID:
    """Let the coordinator admit who came back."""
    waiting = returning(founded)
    return admitting.admit_member(
        founded.context(), waiting.invitation_id, waiting.fingerprint, waiting.roles
    )


def returning(founded: Founded) -> Invitee:
    """Return who waits to come back."""
    return next(one for one in invitations.list_invitees(founded.context()) if one.renews)


def signed_in(founded: Founded) -> Context:
    """Sign in with the new passphrase."""
    found = sessions.resolve(founded.runtime, authentication.sign_in(founded.runtime, CASEWORKER, NEW_WORDS))
    assert isinstance(found, Context)
    return found


def test_the_same_member_under_a_new_key(founded: Founded) -> None:
    """Old cases open, new ones are theirs, and nothing of the old key is left."""
    player = founded.players[CASEWORKER]
    logged = incidents.log_incident(founded.context(CASEWORKER), incident_draft())
    fingerprint = founded.context(CASEWORKER).secret.public.fingerprint()
    join_again(founded)
    assert admit_again(founded) == player.id
    context = signed_in(founded)
    assert context.member_id == player.id and context.secret.public.fingerprint() != fingerprint
    assert cases.get_case(context, logged.case_id).people[0].identity.name
    assert context.keyring.write_epoch(Compartment.NARRATIVE) == 2
    incidents.log_incident(context, incident_draft())
    assert len([one for one in list_members(context) if one.id == player.id]) == 1
    with pytest.raises(WrongPassphrase):
        authentication.sign_in(founded.runtime, CASEWORKER, player.passphrase)


def test_until_admitted_they_wait_without_keys(founded: Founded) -> None:
    """The link replaces the passphrase; only a compared fingerprint gives keys."""
    found = sessions.resolve(founded.runtime, join_again(founded))
    assert isinstance(found, Context) and found.is_pending and not found.keyring.holds(Compartment.SHARED)
    with pytest.raises(WrongPassphrase):
        authentication.sign_in(founded.runtime, CASEWORKER, founded.players[CASEWORKER].passphrase)


def test_using_the_link_ends_the_sessions_before(founded: Founded) -> None:
    """Somebody who sits at a lost phone is out."""
    client = founded.client(CASEWORKER)
    assert client.get("/").status_code == 200
    join_again(founded)
    assert client.get("/").status_code == 302


def test_who_had_left_can_come_back(founded: Founded) -> None:
    """Under the same identity, with other roles if the coordinator says so."""
    leaving.revoke_member(founded.context(), founded.players[CASEWORKER].id, founded.players[COLLEAGUE].id)
    join_again(founded, role=Role.COORDINATOR)
    admit_again(founded)
    context = signed_in(founded)
    assert context.roles == {Role.COORDINATOR} and context.keyring.holds(Compartment.AUDIT)


def test_a_changed_fingerprint_is_not_admitted(founded: Founded) -> None:
    """As with somebody new."""
    join_again(founded)
    waiting = returning(founded)
    with pytest.raises(Invalid):
        admitting.admit_member(founded.context(), waiting.invitation_id, "0000 " * 6, waiting.roles)
    assert founded.context(COORDINATOR).roster.number == founded.context(COLLEAGUE).roster.number


def test_withdrawn_after_joining_the_member_is_locked_out_not_forgotten(founded: Founded) -> None:
    """The identity stays, and another invitation lets them in."""
    join_again(founded)
    invitations.withdraw(founded.context(), returning(founded).invitation_id)
    row = store.find_member(founded.players[CASEWORKER].id)
    assert row is not None and row.seed_sealed == b""
    with pytest.raises(WrongPassphrase):
        authentication.sign_in(founded.runtime, CASEWORKER, NEW_WORDS)
    join_again(founded)
    admit_again(founded)
    assert signed_in(founded).roles == {Role.CASEWORKER}


def test_nobody_invites_themselves_or_a_stranger(founded: Founded) -> None:
    """A coordinator's own way back is another coordinator, or the recovery shares."""
    context = founded.context()
    for member_id in (context.member_id, UUID(int=5)):
        with pytest.raises(NotFound):
            invitations.invite_again(context, member_id, frozenset({Role.CASEWORKER}))


def test_a_login_name_of_somebody_else_is_refused(founded: Founded) -> None:
    """Their own old one is free to them."""
    link = invitations.invite_again(
        founded.context(), founded.players[CASEWORKER].id, frozenset({Role.CASEWORKER})
    )
    with pytest.raises(Invalid) as refused:
        invitations.join(founded.runtime, link, COLLEAGUE, Choice(NEW_WORDS, NEW_WORDS))
    assert set(refused.value.faults) == {"login"}
    invitations.join(founded.runtime, link, CASEWORKER, Choice(NEW_WORDS, NEW_WORDS))


def test_links_that_they_made_open_nothing_once_they_left(founded: Founded) -> None:
    """A coordinator knows the links of those invited: who leaves must not let anybody in."""
    join_again(founded, role=Role.COORDINATOR)
    admit_again(founded)
    link = invitations.invite(signed_in(founded), MemberProfile("Noor", "fr"), frozenset({Role.COORDINATOR}))
    assert invitations.find_invitation(founded.runtime, link) is not None
    leaving.revoke_member(founded.context(), founded.players[CASEWORKER].id, None)
    assert invitations.find_invitation(founded.runtime, link) is None


def test_a_draft_of_the_old_key_is_told_of_and_breaks_no_page(founded: Founded) -> None:
    """It opens to the recovery shares alone; what is written from now on is listed."""
    kept = drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/incidents/new", {"text": ["A"]})
    join_again(founded)
    admit_again(founded)
    context = signed_in(founded)
    today = look_at_today(context)
    assert (today.drafts, today.closed_drafts) == ([], 1)
    again = drafts.keep_draft(context, None, "incident", "/incidents/new", {"text": ["B"]})
    assert [draft.id for draft in look_at_today(context).drafts] == [again]
    with pytest.raises(Tampered):
        drafts.get_draft(context, kept)


def test_a_way_back_closes_when_the_member_is_revoked(founded: Founded) -> None:
    """A link that was made before, and somebody who has used it and waits, are both no way in any more."""
    player = founded.players[CASEWORKER]
    unused = invitations.invite_again(founded.context(), player.id, frozenset({Role.CASEWORKER}))
    join_again(founded)
    leaving.revoke_member(founded.context(), player.id, founded.players[COLLEAGUE].id)
    assert not [one for one in invitations.list_invitees(founded.context()) if one.renews]
    with pytest.raises(NotFound):
        invitations.join(founded.runtime, unused, CASEWORKER, Choice(NEW_WORDS, NEW_WORDS))


def test_admitted_once_no_other_link_takes_the_key_away(founded: Founded) -> None:
    """Of two links the one that was not used opens nothing: its finder would lock the member out."""
    other = invitations.invite_again(
        founded.context(), founded.players[CASEWORKER].id, frozenset({Role.CASEWORKER})
    )
    join_again(founded)
    admit_again(founded)
    with pytest.raises(NotFound):
        invitations.join(founded.runtime, other, CASEWORKER, Choice(NEW_WORDS, NEW_WORDS))
    assert signed_in(founded).roles == {Role.CASEWORKER}


def test_a_database_gives_nobody_the_identity_of_another(founded: Founded) -> None:
    """A newcomer's invitation that was made a member's way back, in its row alone, admits nobody."""
    profile = MemberProfile("Mallory", "en")
    link = invitations.invite(founded.context(), profile, frozenset({Role.CASEWORKER}))
    row = next(one for one in store.list_open_invitations() if one.member_id is None)
    row.renews_id = founded.players[COLLEAGUE].id
    db.session.commit()
    invitations.join(founded.runtime, link, "mallory", Choice(NEW_WORDS, NEW_WORDS))
    row = next(one for one in store.list_open_invitations() if one.renews_id)
    fingerprint = invitations.joined_key(row).fingerprint()
    with pytest.raises(Tampered):
        admitting.admit_member(founded.context(), row.id, fingerprint, {Role.CASEWORKER})
