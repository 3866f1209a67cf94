"""Seals a member's seed under a passphrase and the host key; opening it is the whole verification.

version u8 = 1 | kdf u8 = 1 (Argon2id) | iterations u32 | memory KiB u32 | lanes u32 | salt[16] | envelope v1
"""

import os
from typing import NamedTuple, Self
from uuid import UUID

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from casework.errors import Tampered, WrongPassphrase
from casework.vault import envelope, labels
from casework.vault.fields import PASSPHRASE_SEED
from casework.vault.hostkey import HostKey
from casework.vault.identity import SEED_BYTES, MemberSecret
from casework.vault.labels import KEY_BYTES, Label, u32
from casework.vault.turns import ONE_AT_A_TIME
from casework.vault.words import generate, normalise, require_strong, same_passphrase

__all__ = [
    "DEFAULT_COST",
    "Cost",
    "generate",
    "normalise",
    "open_seed",
    "require_strong",
    "same_passphrase",
    "seal_seed",
    "spend_attempt",
]

MAGIC = bytes((1, 1))
SALT_BYTES = 16
HEADER_BYTES = 14
EPOCH = 1


class Cost(NamedTuple):
    """What one guess costs. Bounds: 1 to 16 iterations, 19 MiB to 1 GiB, 1 to 16 lanes."""

    iterations: int = 3
    memory_kib: int = 64 * 1024
    lanes: int = 4

    def require_bounds(self) -> Self:
        """Return it; Tampered outside the bounds, so that a planted header cannot exhaust the machine."""
        if not (
            1 <= self.iterations <= 16
            and 19 * 1024 <= self.memory_kib <= 1024 * 1024
            and 1 <= self.lanes <= 16
        ):
            raise Tampered("the cost of the passphrase is outside its bounds")
        return self


DEFAULT_COST = Cost()


def _argon2id(cost: Cost, salt: bytes, associated: bytes, host_key: HostKey, passphrase: str) -> bytes:
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
        ad=associated,
        secret=host_key.passphrase_secret,
    )
    with ONE_AT_A_TIME:
        return kdf.derive(normalise(passphrase))


def seal_seed(
    passphrase: str,
    member_id: UUID,
    host_key: HostKey,
    seed: bytes,
    *,
    version: int = 1,
    cost: Cost = DEFAULT_COST,
) -> bytes:
    """Seal a 32-byte seed; takes about 0.15 s and 64 MiB at the default cost.

    Tampered for a cost out of bounds.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    header = MAGIC + b"".join(u32(number) for number in cost.require_bounds())
    salt = os.urandom(SALT_BYTES)
    associated = labels.frame(Label.PASSPHRASE_SEED, member_id.bytes, header)
    key = _argon2id(cost, salt, associated, host_key, passphrase)
    return header + salt + envelope.seal(key, EPOCH, PASSPHRASE_SEED, member_id, version, seed)


def open_seed(
    passphrase: str, member_id: UUID, host_key: HostKey, sealed: bytes, *, version: int = 1
) -> MemberSecret:
    """Open a member's seed.

    Raises WrongPassphrase when the passphrase, the member, the version or the host key does not fit, or
    the sealed seed was changed: nobody can tell these apart. Raises Tampered, before Argon2 runs, for what
    is no sealed seed or names a cost out of bounds.
    """
    header, salt = sealed[:HEADER_BYTES], sealed[HEADER_BYTES : HEADER_BYTES + SALT_BYTES]
    body = sealed[HEADER_BYTES + SALT_BYTES :]
    if header[:2] != MAGIC or len(body) != envelope.BODY_START + SEED_BYTES + envelope.TAG_BYTES:
        raise Tampered("not a sealed seed of a known version")
    if envelope.read_epoch(body) != EPOCH:
        raise Tampered("a sealed seed of an unknown epoch")
    cost = Cost(*(int.from_bytes(header[start : start + 4], "big") for start in (2, 6, 10)))
    associated = labels.frame(Label.PASSPHRASE_SEED, member_id.bytes, header)
    key = _argon2id(cost.require_bounds(), salt, associated, host_key, passphrase)
    try:
        seed = envelope.open_sealed(key, EPOCH, PASSPHRASE_SEED, member_id, version, body)
    except Tampered:
        raise WrongPassphrase("the passphrase does not open this seed") from None
    return MemberSecret(seed)


def spend_attempt(passphrase: str, host_key: HostKey) -> None:
    """Take as long as opening a seed, for a login name that does not exist."""
    associated = labels.frame(Label.PASSPHRASE_SEED, bytes(16), bytes(HEADER_BYTES))
    _argon2id(DEFAULT_COST, bytes(SALT_BYTES), associated, host_key, passphrase)
