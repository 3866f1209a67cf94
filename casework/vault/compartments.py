"""Epoch keys: made at random, committed to in the roster, sealed to each member who may hold them.

For the audit compartment the key is the seed of an HPKE key pair: its public half is in the roster, so
everyone writes and only those who hold the seed read.
"""

import hmac
import os
from uuid import UUID

from casework.errors import Tampered
from casework.vault import labels
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.labels import KEY_BYTES, Label, u32

RECOVERY_ID = UUID(int=0)
"""Stands for the recovery key where a seal names its recipient; no member has this id."""

FIRST_EPOCH = 1


def new_epoch_key() -> bytes:
    """Make a random 32-byte key."""
    return os.urandom(KEY_BYTES)


def commitment(compartment: Compartment, epoch: int, key: bytes) -> bytes:
    """Return the 32 bytes that bind the roster to a key and say nothing of it."""
    return labels.digest(Label.EPOCH_COMMITMENT, compartment.encode("ascii"), u32(epoch), key)


def _info(recipient_id: UUID, compartment: Compartment, epoch: int) -> bytes:
    return labels.frame(Label.EPOCH_KEY, recipient_id.bytes, compartment.encode("ascii"), u32(epoch))


def seal_epoch_key(
    public: MemberPublic, recipient_id: UUID, compartment: Compartment, epoch: int, key: bytes
) -> bytes:
    """Seal an epoch key to a member, or to recovery under RECOVERY_ID: 1,170 bytes."""
    if len(key) != KEY_BYTES:
        raise ValueError("an epoch key has 32 bytes")
    return public.seal(_info(recipient_id, compartment, epoch), key)


def open_epoch_key(
    secret: MemberSecret,
    recipient_id: UUID,
    compartment: Compartment,
    epoch: int,
    sealed: bytes,
    expected_commitment: bytes,
) -> bytes:
    """Open an epoch key; Tampered unless it is the one that the roster commits to."""
    try:
        key = secret.unseal(_info(recipient_id, compartment, epoch), sealed)
    except OverflowError:
        raise Tampered("no such epoch") from None
    if not hmac.compare_digest(commitment(compartment, epoch, key), expected_commitment):
        raise Tampered("the epoch key is not the one that the roster commits to")
    return key
