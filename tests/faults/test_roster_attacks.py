"""Somebody who writes to the database but holds no key gains no key, no role and no epoch."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import delete, update

from casework.domain.permissions import Role
from casework.errors import Invalid, Tampered, UnknownKey, WrongPassphrase
from casework.services import incidents
from casework.services.membership import admitting, invitations
from casework.services.signing_in import authentication
from casework.store.members import EpochSeal, Member, RosterRow
from casework.vault import encoding
from casework.vault.compartments import commitment, new_epoch_key
from casework.vault.fields import Compartment
from tests.faults import forgery
from tests.faults.forgery import ATTACKER, execute, restart
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, PENDING, Founded
from tests.support.dump import dump_tables
from tests.support.records import incident_draft

ADMITTED = (COORDINATOR, CASEWORKER, COLLEAGUE, ADVOCATE)
Attack = Callable[[Founded], None]


def _number_of(founded: Founded, login: str) -> int:
    named = founded.players[login].id.hex.encode()
    return next(entry.number for entry in forgery.entries() if b'"id":"' + named in entry.body)


def _swap_public_key(founded: Founded) -> None:
    public = encoding.to_text(ATTACKER.public.encode())
    forgery.rewrite(_number_of(founded, CASEWORKER), lambda body: body["member"].update(public=public))


def _raise_role(founded: Founded) -> None:
    forgery.rewrite(_number_of(founded, ADVOCATE), lambda body: body["member"].update(roles=["coordinator"]))


def _forge_epoch(founded: Founded) -> None:
    key = new_epoch_key()

    def change(body: dict[str, Any]) -> None:
        coded = next(item for item in body["commitments"] if item["compartment"] == "coded")
        coded["commitment"] = encoding.to_text(commitment(Compartment.CODED, 1, key))

    forgery.rewrite(1, change)
    for login in ADMITTED:
        forgery.plant_seal(founded.players[login], Compartment.CODED, key)


def _append_signed_by(login: str) -> Attack:
    return lambda founded: forgery.append(forgery.admission(founded.players.get(login)))


def _replace_founding(founded: Founded) -> None:
    forgery.replace_roster(forgery.own_roster(founded.players[COORDINATOR]))


def _swap_order(_founded: Founded) -> None:
    second, third = forgery.entries()[1:3]
    execute(update(RosterRow).where(RosterRow.number == 2).values(body=third.body, signature=third.signature))
    execute(
        update(RosterRow).where(RosterRow.number == 3).values(body=second.body, signature=second.signature)
    )


def _empty(_founded: Founded) -> None:
    execute(delete(RosterRow))


ROSTERS: Mapping[str, Attack] = {
    "a public key swapped": _swap_public_key,
    "a role raised": _raise_role,
    "an epoch forged and its key planted": _forge_epoch,
    "an entry signed by a caseworker": _append_signed_by(CASEWORKER),
    "an entry signed by somebody pending": _append_signed_by(PENDING),
    "an entry signed by a stranger": _append_signed_by("nobody"),
    "another organization's roster": _replace_founding,
    "two entries swapped": _swap_order,
    "the founding removed": lambda _founded: execute(delete(RosterRow).where(RosterRow.number == 1)),
    "an entry in the middle removed": lambda _founded: execute(
        delete(RosterRow).where(RosterRow.number == 3)
    ),
    "every entry removed": _empty,
}


@pytest.mark.parametrize("attack", ROSTERS)
def test_a_changed_roster_opens_nothing(founded: Founded, attack: str) -> None:
    """A new process refuses the whole roster, for everybody; nobody signs in, and nothing is written."""
    ROSTERS[attack](founded)
    restart(founded)
    before = dump_tables()
    for login in (*ADMITTED, PENDING):
        with pytest.raises(Tampered):
            founded.context(login)
    player = founded.players[CASEWORKER]
    with pytest.raises(Tampered):
        authentication.sign_in(founded.runtime, player.login, player.passphrase)
    assert dump_tables() == before


@pytest.mark.parametrize("attack", ROSTERS)
def test_a_running_process_keeps_to_what_it_verified(founded: Founded, attack: str) -> None:
    """Where the roster was verified before, it is refused, or the true one goes on being used."""
    true = {login: founded.context(login) for login in ADMITTED}
    ROSTERS[attack](founded)
    before = dump_tables()
    for login, context in true.items():
        try:
            again = founded.context(login)
        except Tampered:
            continue
        assert (again.roles, again.roster) == (context.roles, context.roster)
        assert dict(again.keyring.epoch_keys()) == dict(context.keyring.epoch_keys())
    assert dump_tables() == before


def test_a_planted_epoch_key_is_refused(founded: Founded) -> None:
    """A key of the attacker's, well sealed to the member, is not the one that the roster commits to."""
    player = founded.players[CASEWORKER]
    forgery.plant_seal(player, Compartment.NARRATIVE, new_epoch_key())
    _refused_for(founded, CASEWORKER, Tampered)


@pytest.mark.parametrize("epoch", [0, 2])
def test_a_planted_epoch_is_refused(founded: Founded, epoch: int) -> None:
    """The roster knows no such epoch."""
    forgery.plant_seal(founded.players[CASEWORKER], Compartment.NARRATIVE, new_epoch_key(), epoch)
    _refused_for(founded, CASEWORKER, Tampered)


def test_a_seal_of_no_compartment_is_refused(founded: Founded) -> None:
    """A name that is none of ours is named, too."""
    execute(
        update(EpochSeal)
        .where(EpochSeal.member_id == founded.players[CASEWORKER].id, EpochSeal.compartment == "coded")
        .values(compartment="everything")
    )
    _refused_for(founded, CASEWORKER, Tampered)


def test_a_seal_moved_from_another_member_is_refused(founded: Founded) -> None:
    """A seal names its recipient: the advocate gains nothing from a caseworker's."""
    owner, thief = founded.players[CASEWORKER].id, founded.players[ADVOCATE].id
    moved = EpochSeal.compartment == "narrative"
    execute(update(EpochSeal).where(EpochSeal.member_id == owner, moved).values(member_id=thief))
    _refused_for(founded, CASEWORKER, UnknownKey)
    thieving = founded.context(ADVOCATE)
    assert not thieving.keyring.holds(Compartment.NARRATIVE)


def test_a_seal_that_is_missing_is_named(founded: Founded) -> None:
    """A member whose key was deleted does not go on with fewer."""
    execute(delete(EpochSeal).where(EpochSeal.member_id == founded.players[CASEWORKER].id))
    _refused_for(founded, CASEWORKER, UnknownKey)


def _refused_for(founded: Founded, login: str, error: type[Exception]) -> None:
    restart(founded)
    before = dump_tables()
    with pytest.raises(error):
        founded.context(login)
    assert dump_tables() == before
    incidents.log_incident(founded.context(COLLEAGUE), incident_draft())


def test_a_removed_last_entry_is_refused_by_who_saw_it(founded: Founded) -> None:
    """Whoever signed in since, or signed it, misses the entry; who never saw it is not stopped."""
    forgery.admit_somebody(founded)
    player = founded.players[CASEWORKER]
    authentication.sign_in(founded.runtime, player.login, player.passphrase)
    forgery.drop_last_entry()
    restart(founded)
    for login in (CASEWORKER, COORDINATOR):
        with pytest.raises(Tampered):
            founded.context(login)
    assert founded.context(COLLEAGUE).roles == {Role.CASEWORKER}


def test_a_login_moved_to_another_member_opens_nothing(founded: Founded) -> None:
    """The passphrase opens the seed of the member it was chosen for, and no other's."""
    mine, theirs = founded.players[ADVOCATE], founded.players[CASEWORKER]
    execute(update(Member).where(Member.id == mine.id).values(login_hmac=b"0" * 32))
    login_hmac = founded.runtime.host_key.login_hmac(mine.login)
    execute(update(Member).where(Member.id == theirs.id).values(login_hmac=login_hmac))
    before = dump_tables()
    with pytest.raises(WrongPassphrase):
        authentication.sign_in(founded.runtime, mine.login, mine.passphrase)
    assert dump_tables() == before
    founded.context(ADVOCATE)


def test_a_seed_moved_to_another_member_opens_nothing(founded: Founded) -> None:
    """With the whole login moved, the seal is still bound to the member's id."""
    mine, theirs = founded.players[ADVOCATE], founded.players[CASEWORKER]
    moved = forgery.seed_of(mine)
    execute(update(Member).where(Member.id == mine.id).values(login_hmac=b"0" * 32))
    login_hmac = founded.runtime.host_key.login_hmac(mine.login)
    execute(update(Member).where(Member.id == theirs.id).values(login_hmac=login_hmac, **moved))
    before = dump_tables()
    with pytest.raises(WrongPassphrase):
        authentication.sign_in(founded.runtime, mine.login, mine.passphrase)
    assert dump_tables() == before


def test_a_public_key_swapped_after_admission_changes_nothing(founded: Founded) -> None:
    """The row's key counts only until the roster has the member's."""
    forgery.set_member(founded.players[CASEWORKER], public_key=ATTACKER.public.encode())
    restart(founded)
    context = founded.context(CASEWORKER)
    assert context.roster.members[context.member_id].public == context.secret.public
    incidents.log_incident(context, incident_draft())


def test_a_public_key_swapped_before_admission_is_not_admitted(founded: Founded) -> None:
    """Whoever compared the true fingerprint admits nobody under another."""
    coordinator = founded.context(COORDINATOR)
    waiting = next(i for i in invitations.list_invitees(coordinator) if i.fingerprint)
    forgery.set_member(founded.players[PENDING], public_key=ATTACKER.public.encode())
    before = dump_tables()
    with pytest.raises(Invalid) as refused:
        admitting.admit_member(
            founded.context(COORDINATOR), waiting.invitation_id, waiting.fingerprint, waiting.roles
        )
    assert set(refused.value.faults) == {"fingerprint"}
    assert dump_tables() == before
    shown = next(i for i in invitations.list_invitees(founded.context(COORDINATOR)) if i.fingerprint)
    assert shown.fingerprint == ATTACKER.public.fingerprint() != waiting.fingerprint


def test_a_member_admitted_under_another_key_gets_in_nowhere(founded: Founded) -> None:
    """Whom a coordinator admitted under a key that is not theirs is told so, and holds nothing."""
    player, coordinator = founded.players[PENDING], founded.players[COORDINATOR]
    forgery.append(forgery.admission(coordinator, ["caseworker"], player.id))
    _refused_for(founded, PENDING, Tampered)


def test_an_invitation_is_used_with_the_inviter_s_roster_only(founded: Founded) -> None:
    """The link, which the database never holds, says which organization it is."""
    link = invitations.invite(
        founded.context(COORDINATOR), forgery.profile("Noor"), frozenset({Role.CASEWORKER})
    )
    _replace_founding(founded)
    restart(founded)
    before = dump_tables()
    with pytest.raises(Tampered):
        forgery.join(founded, link)
    assert dump_tables() == before
