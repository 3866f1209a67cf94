"""Beginning new epochs: keys that somebody knew, who has left or keeps old shares, give way to others."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from casework.domain.permissions import Role, compartments_of
from casework.services.context import Context
from casework.services.membership.memberkeys import get_member_row
from casework.services.membership.rosters import move_pin, store_entry
from casework.services.tombstones import sign_anew
from casework.store import members as store
from casework.store.database import db
from casework.vault.compartments import RECOVERY_ID, seal_epoch_key
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic
from casework.vault.roster import extend
from casework.vault.rosterdeeds import EpochKeys
from casework.vault.rosterentry import Entry


def sign_into_roster(context: Context, entry: Entry, keys: EpochKeys) -> Context:
    """Append an entry that the member signed, and begin its epochs; the caller's transaction commits.

    Each new key is sealed to every active member whose roles grant it, and to recovery; tombstones of who
    leaves are signed anew. Returns the context as it stands after the entry: what is written with it lies
    under the new epochs.
    """
    store_entry(entry)
    roster = extend(context.roster, entry)
    # At once: an entry that is removed again is missed by who signed it.
    move_pin(get_member_row(context.member_id), context.secret, roster.pin)
    for member_id, member in roster.active.items():
        seal_keys(member_id, member.roles, member.public, keys)
    for (compartment, epoch), key in keys.items():
        sealed = seal_epoch_key(roster.recovery_public, RECOVERY_ID, compartment, epoch, key)
        db.session.add(store.RecoverySeal(compartment=compartment.value, epoch=epoch, key_sealed=sealed))
    after = replace(context, roster=roster, keyring=context.keyring.with_epochs(keys))
    sign_anew(context.roster, after)
    return after


def seal_keys(member_id: UUID, roles: Iterable[str], public: MemberPublic, keys: EpochKeys) -> None:
    """Seal to a member those of the keys that their roles grant; the caller's transaction commits it."""
    granted = compartments_of(Role(role) for role in roles)
    for (compartment, epoch), key in keys.items():
        if compartment in granted:
            sealed = seal_epoch_key(public, member_id, compartment, epoch, key)
            db.session.add(
                store.EpochSeal(
                    member_id=member_id, compartment=compartment.value, epoch=epoch, key_sealed=sealed
                )
            )


def held_keys(context: Context) -> dict[tuple[Compartment, int], bytes]:
    """Return every epoch key that the member holds."""
    return dict(context.keyring.epoch_keys())
