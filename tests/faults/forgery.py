"""What somebody who can write to the database, and holds no key, may try with the roster and the members."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.services.casebook import Casebook
from casework.services.membership import admitting, invitations
from casework.services.membership.rosters import RosterBook
from casework.services.signing_in.passphrases import Choice
from casework.store.database import db
from casework.store.members import EpochSeal, Member, RosterRow, list_roster_rows
from casework.vault import roster, rosterdeeds
from casework.vault.compartments import commitment, new_epoch_key, seal_epoch_key
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.roster import Entry, RosterState
from casework.vault.rosterentry import member_document, sign_entry
from tests.support.application import Founded, Player

ATTACKER = MemberSecret(bytes([66]) * 32)
"""Keys that the attacker holds, and no member does."""
ATTACKER_ID = UUID(int=66)


def execute(statement: Any) -> None:
    """Write to the lasting database as its owner may, past every service."""
    with db.engine.begin() as connection:
        assert connection.execute(statement).rowcount
    db.session.remove()


def restart(founded: Founded) -> None:
    """Forget what the process holds, as a new worker does."""
    founded.app.extensions["casework"] = replace(founded.runtime, rosters=RosterBook(), casebook=Casebook())


def entries() -> list[Entry]:
    """Return the roster as it is stored."""
    return [Entry(row.number, row.body, row.signature) for row in list_roster_rows()]


def true_state() -> RosterState:
    """Return what the stored roster says."""
    return roster.verify(entries())


def rewrite(number: int, change: Callable[[dict[str, Any]], None]) -> None:
    """Change an entry's body in place, and leave its signature."""
    body = json.loads(entries()[number - 1].body)
    change(body)
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    execute(update(RosterRow).where(RosterRow.number == number).values(body=text.encode()))


def replace_roster(forged: Sequence[Entry]) -> None:
    """Put other entries in the place of all."""
    execute(delete(RosterRow))
    append(*forged)


def append(*forged: Entry) -> None:
    """Add entries at the end."""
    for entry in forged:
        execute(insert(RosterRow).values(number=entry.number, body=entry.body, signature=entry.signature))


def admission(
    author: Player | None, roles: Sequence[str] = ("coordinator",), newcomer: UUID = ATTACKER_ID
) -> Entry:
    """Admit the attacker's key, in a well-formed entry that this member signed, or that key itself."""
    state, secret = true_state(), MemberSecret(author.seed) if author else ATTACKER
    fields = {
        "author": (author.id if author else newcomer).hex,
        "kind": "admit",
        "member": member_document(newcomer, tuple(roles), ATTACKER.public),
    }
    return sign_entry(secret, state.number + 1, state.hash, fields)


def own_roster(victim: Player) -> list[Entry]:
    """Found another organization in which the victim is coordinator under the attacker's key."""
    commitments = {(c, 1): commitment(c, 1, new_epoch_key()) for c in Compartment}
    entry = rosterdeeds.found(
        ATTACKER,
        victim.id,
        ["coordinator"],
        MemberSecret.generate().public,
        MemberSecret.generate().public,
        commitments,
    )
    return [entry]


def plant_seal(player: Player, compartment: Compartment, key: bytes, epoch: int = 1) -> None:
    """Seal a key of the attacker's choice to a member, as anybody can."""
    sealed = seal_epoch_key(MemberSecret(player.seed).public, player.id, compartment, epoch, key)
    execute(
        update(EpochSeal)
        .where(EpochSeal.member_id == player.id, EpochSeal.compartment == compartment.value)
        .values(key_sealed=sealed, epoch=epoch)
    )


def set_member(player: Player, **values: object) -> None:
    """Change a member's row."""
    execute(update(Member).where(Member.id == player.id).values(**values))


def pin_of(player: Player) -> dict[str, Any]:
    """Return the columns that hold a member's pin."""
    row = db.session.scalars(select(Member).where(Member.id == player.id)).one()
    return {"pin_sealed": row.pin_sealed, "pin_version": row.pin_version}


def seed_of(player: Player) -> dict[str, Any]:
    """Return the columns that hold a member's sealed seed."""
    row = db.session.scalars(select(Member).where(Member.id == player.id)).one()
    return {"seed_sealed": row.seed_sealed, "seed_version": row.seed_version}


def profile(name: str) -> MemberProfile:
    """Return a profile to invite."""
    return MemberProfile(name, "fr")


def join(founded: Founded, link: str) -> None:
    """Use an invitation as its holder does."""
    words = "eleven blue herons cross slowly"
    invitations.join(founded.runtime, link, "noor", Choice(words, words))


def join_and_admit(founded: Founded, link: str) -> None:
    """Use an invitation, and let the coordinator admit who used it."""
    known = {i.invitation_id for i in invitations.list_invitees(founded.context()) if i.fingerprint}
    join(founded, link)
    waiting = [i for i in invitations.list_invitees(founded.context()) if i.fingerprint]
    joined = next(i for i in waiting if i.invitation_id not in known)
    admitting.admit_member(founded.context(), joined.invitation_id, joined.fingerprint, joined.roles)


def admit_somebody(founded: Founded) -> None:
    """Make the roster one entry longer."""
    link = invitations.invite(founded.context(), profile("Noor"), frozenset({Role.CASEWORKER}))
    join_and_admit(founded, link)


def drop_last_entry() -> None:
    """Delete the roster's last entry."""
    execute(delete(RosterRow).where(RosterRow.number == true_state().number))
