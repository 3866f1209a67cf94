"""Writing the roster's next entry: each deed signs one; raises Tampered where `roster` would refuse it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from casework.vault import encoding, roster
from casework.vault.compartments import RECOVERY_ID, commitment, new_epoch_key
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.rosterentry import (
    GENESIS_HASH,
    Commitments,
    Entry,
    commitment_documents,
    member_document,
    sign_entry,
)
from casework.vault.rosterstate import RosterState

EpochKeys = Mapping[tuple[Compartment, int], bytes]
"""New epoch keys by compartment and epoch; of AUDIT the seed of a key pair."""


def new_epoch_keys(
    previous: RosterState, rotated: Iterable[Compartment]
) -> dict[tuple[Compartment, int], bytes]:
    """Make the key of the next epoch of each of these compartments."""
    epochs = previous.write_epochs
    return {(compartment, epochs[compartment] + 1): new_epoch_key() for compartment in sorted(rotated)}


def found(
    secret: MemberSecret,
    member_id: UUID,
    roles: Iterable[str],
    recovery_public: MemberPublic,
    audit_public: MemberPublic,
    commitments: Commitments,
) -> Entry:
    """Write the first entry: its author signs for their own key, as coordinator.

    Commits to the first epoch of every compartment. Tampered where `verify` would refuse the entry.
    """
    fields = {
        "audit_public": encoding.to_text(audit_public.encode()),
        "author": member_id.hex,
        "commitments": commitment_documents(commitments),
        "kind": "found",
        "member": member_document(member_id, tuple(roles), secret.public),
        "recovery_public": encoding.to_text(recovery_public.encode()),
    }
    entry = sign_entry(secret, 1, GENESIS_HASH, fields)
    roster.verify([entry])
    return entry


def admit(
    secret: MemberSecret,
    author_id: UUID,
    previous: RosterState,
    member_id: UUID,
    roles: Iterable[str],
    public: MemberPublic,
) -> Entry:
    """Write the entry that makes somebody a member, signed by a coordinator of the state before.

    Tampered where `extend` would refuse the entry: an author who is no coordinator, a known id, no role.
    """
    member = member_document(member_id, tuple(roles), public)
    return _next(secret, author_id, previous, {"kind": "admit", "member": member})


def revoke(
    secret: MemberSecret, author_id: UUID, previous: RosterState, member_id: UUID, keys: EpochKeys
) -> Entry:
    """Write the entry that ends a membership and begins the epochs that the member has no key of.

    `keys` are those of `new_epoch_keys` for `rosterrules.rotated_by_leaving`.
    """
    fields = {"kind": "revoke", "member": member_id.hex, **_epochs(previous, keys)}
    return _next(secret, author_id, previous, fields)


def renew(
    secret: MemberSecret,
    author_id: UUID,
    previous: RosterState,
    member_id: UUID,
    roles: Iterable[str],
    public: MemberPublic,
    keys: EpochKeys,
) -> Entry:
    """Write the entry that gives a member a new key under the same id; the old one stops counting.

    `keys` as in `revoke`: none for somebody who was revoked or lapsed before.
    """
    member = member_document(member_id, tuple(roles), public)
    return _next(secret, author_id, previous, {"kind": "renew", "member": member, **_epochs(previous, keys)})


def recover(
    recovery: MemberSecret,
    previous: RosterState,
    member_id: UUID,
    roles: Iterable[str],
    public: MemberPublic,
    keys: EpochKeys,
) -> Entry:
    """Write the entry by which the recovery key begins anew with one coordinator; everybody else lapses.

    `keys` are those of every compartment's next epoch.
    """
    member = member_document(member_id, tuple(roles), public)
    fields = {"kind": "recover", "member": member, **_epochs(previous, keys)}
    return _next(recovery, RECOVERY_ID, previous, fields)


def change_recovery(
    secret: MemberSecret,
    author_id: UUID,
    previous: RosterState,
    recovery_public: MemberPublic,
    keys: EpochKeys,
) -> Entry:
    """Write the entry that puts another recovery key in the place of the old one, which knew every epoch key.

    `keys` are those of every compartment's next epoch.
    """
    public = encoding.to_text(recovery_public.encode())
    fields = {"kind": "reshare", "recovery_public": public, **_epochs(previous, keys)}
    return _next(secret, author_id, previous, fields)


def _epochs(previous: RosterState, keys: EpochKeys) -> dict[str, Any]:
    seeds = [key for (compartment, _epoch), key in keys.items() if compartment is Compartment.AUDIT]
    audit_public = MemberSecret(seeds[0]).public if seeds else previous.audit_public
    commitments = {place: commitment(*place, key) for place, key in keys.items()}
    return {
        "audit_public": encoding.to_text(audit_public.encode()),
        "commitments": commitment_documents(commitments),
    }


def _next(secret: MemberSecret, author_id: UUID, previous: RosterState, fields: Mapping[str, Any]) -> Entry:
    entry = sign_entry(secret, previous.number + 1, previous.hash, {**fields, "author": author_id.hex})
    roster.extend(previous, entry)
    return entry
