"""Drafts: one text sealed to several public keys, by somebody who may hold no key at all.

    version u8 = 1 | algorithm u8 = 1 | recipients u8 | 1,170-byte HPKE seals of the key | envelope v1

A seal says nothing of who made it: whoever can write to the database can put a draft of their own there.
"""

import os
from collections.abc import Sequence
from uuid import UUID

from casework.errors import Tampered
from casework.vault import envelope, labels
from casework.vault.fields import DRAFT_CONTENT
from casework.vault.identity import SEAL_OVERHEAD_BYTES, MemberPublic, MemberSecret
from casework.vault.labels import KEY_BYTES, Label, u64

MAGIC = bytes((1, 1))
SEALED_KEY_BYTES = SEAL_OVERHEAD_BYTES + KEY_BYTES
EPOCH = 1
MEMBER_INDEX = 0
RECOVERY_INDEX = 1


def _info(draft_id: UUID, version: int, index: int, recipients: int) -> bytes:
    return labels.frame(Label.DRAFT_KEY, draft_id.bytes, u64(version), bytes((index, recipients)))


def seal_draft(publics: Sequence[MemberPublic], draft_id: UUID, plain: bytes, *, version: int = 1) -> bytes:
    """Seal to every key, by convention the writer's first and recovery's second; 1 to 255 of them."""
    key = os.urandom(KEY_BYTES)
    seals = [
        public.seal(_info(draft_id, version, index, len(publics)), key)
        for index, public in enumerate(publics)
    ]
    body = envelope.seal(key, EPOCH, DRAFT_CONTENT, draft_id, version, plain)
    return b"".join((MAGIC, bytes((len(publics),)), *seals, body))


def open_draft(secret: MemberSecret, index: int, draft_id: UUID, sealed: bytes, *, version: int = 1) -> bytes:
    """Open as the recipient at `index`; Tampered unless it was sealed to them for this draft and version."""
    key = _open_key(secret, index, draft_id, sealed, version)
    body = sealed[3 + sealed[2] * SEALED_KEY_BYTES :]
    return envelope.open_sealed(key, EPOCH, DRAFT_CONTENT, draft_id, version, body)


def replace_recipient(
    secret: MemberSecret, index: int, public: MemberPublic, draft_id: UUID, sealed: bytes, *, version: int = 1
) -> bytes:
    """Seal to another key in the place of the recipient at `index`, who opens it here; the rest stays.

    Content, version and the others' seals are what they were. Raises as `open_draft` does.
    """
    key = _open_key(secret, index, draft_id, sealed, version)
    start = 3 + index * SEALED_KEY_BYTES
    seal = public.seal(_info(draft_id, version, index, sealed[2]), key)
    return sealed[:start] + seal + sealed[start + SEALED_KEY_BYTES :]


def _open_key(secret: MemberSecret, index: int, draft_id: UUID, sealed: bytes, version: int) -> bytes:
    if sealed[:2] != MAGIC or len(sealed) < 3 or not 0 <= index < sealed[2]:
        raise Tampered("not a draft of a known version for this recipient")
    start = 3 + index * SEALED_KEY_BYTES
    try:
        info = _info(draft_id, version, index, sealed[2])
    except OverflowError:
        raise Tampered("no such version") from None
    key = secret.unseal(info, sealed[start : start + SEALED_KEY_BYTES])
    if len(key) != KEY_BYTES:
        raise Tampered("the draft's key has the wrong length")
    return key
