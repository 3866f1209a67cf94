"""Restricted cases: a case key that opens only to named members and recovery.

The wrapped key, as it stands for other cases under the compartment, is sealed again by HPKE to each of
them. So whoever opens it needs both the compartment's key and a seed that was named, and what a database
plants without the compartment's key is refused.
"""

from uuid import UUID

from casework.errors import Tampered
from casework.vault import labels
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.labels import Label, u32


def _info(recipient_id: UUID, case_id: UUID, compartment: Compartment, generation: int) -> bytes:
    place = recipient_id.bytes, case_id.bytes, compartment.encode("ascii"), u32(generation)
    return labels.frame(Label.RESTRICTED_KEY, *place)


def seal_wrapped_key(
    public: MemberPublic,
    recipient_id: UUID,
    case_id: UUID,
    compartment: Compartment,
    generation: int,
    wrapped: bytes,
) -> bytes:
    """Seal a wrapped case key to somebody named, or to recovery under RECOVERY_ID: 1,204 bytes."""
    return public.seal(_info(recipient_id, case_id, compartment, generation), wrapped)


def open_wrapped_key(
    secret: MemberSecret,
    recipient_id: UUID,
    case_id: UUID,
    compartment: Compartment,
    generation: int,
    sealed: bytes,
) -> bytes:
    """Return the wrapped case key, which the keyring opens; Tampered unless it was sealed for this place."""
    try:
        info = _info(recipient_id, case_id, compartment, generation)
    except OverflowError:
        raise Tampered("no such generation") from None
    return secret.unseal(info, sealed)
