"""A member's key pairs, all derived from one random seed, and the recovery and audit pairs alike.

HPKE seals bytes to a public key (MLKEM768-X25519, HKDF-SHA256, AES-256-GCM); Ed25519 signs the roster;
a symmetric key per field seals what only the member reads. A seal says nothing of who made it.
"""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from casework.errors import Tampered
from casework.vault import labels
from casework.vault.envelope import Cipher
from casework.vault.fields import Field, Under, require_under
from casework.vault.labels import Label, derive

SEED_BYTES = 32
MLKEM_PUBLIC_BYTES = 1184
HPKE_PUBLIC_BYTES = 1216
SIGNING_PUBLIC_BYTES = 32
ENCAPSULATED_BYTES = 1120
SEAL_MAGIC = bytes((1, 1))
SEAL_OVERHEAD_BYTES = 2 + ENCAPSULATED_BYTES + 16
OWN_EPOCH = 1

_PUBLIC_VERSION = b"\x01"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, repr=False)
class MemberPublic:
    """The public halves: anyone can seal to them, and check what the member signed."""

    hpke: bytes
    signing: bytes

    def __post_init__(self) -> None:
        """Refuse lengths and encodings that are no keys (Tampered)."""
        if len(self.hpke) != HPKE_PUBLIC_BYTES or len(self.signing) != SIGNING_PUBLIC_BYTES:
            raise Tampered("a public key has the wrong length")
        _ = self._hpke_key

    def __repr__(self) -> str:
        """Show the fingerprint."""
        return f"MemberPublic({self.fingerprint()})"

    @cached_property
    def _hpke_key(self) -> MLKEM768X25519PublicKey:
        try:
            return MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.hpke[:MLKEM_PUBLIC_BYTES]),
                X25519PublicKey.from_public_bytes(self.hpke[MLKEM_PUBLIC_BYTES:]),
            )
        except ValueError:
            raise Tampered("not a public key") from None

    def seal(self, info: bytes, plain: bytes) -> bytes:
        """Seal to this key; `info` is what the opener must name again. Adds 1,138 bytes."""
        bound = labels.frame(Label.HPKE_SEAL, SEAL_MAGIC, info)
        try:
            return SEAL_MAGIC + _SUITE.encrypt(plain, self._hpke_key, info=bound)
        except ValueError:
            raise Tampered("nothing can be sealed to this public key") from None

    def verify(self, signature: bytes, message: bytes) -> None:
        """Return if this key signed the message; else Tampered."""
        try:
            Ed25519PublicKey.from_public_bytes(self.signing).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise Tampered("the signature is not by this key") from None

    def digest(self) -> bytes:
        """Return the 32 bytes that the fingerprint shows a part of."""
        return labels.digest(Label.MEMBER_FINGERPRINT, self.encode())

    def fingerprint(self) -> str:
        """Return 24 digits that two people compare before one admits the other."""
        return labels.digits(Label.MEMBER_FINGERPRINT, self.encode())

    def encode(self) -> bytes:
        """Return version u8 = 1, the HPKE key and the signing key: 1,249 bytes."""
        return _PUBLIC_VERSION + self.hpke + self.signing

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """Read what `encode` made; Tampered for anything else."""
        if encoded[:1] != _PUBLIC_VERSION:
            raise Tampered("a public key of an unknown version")
        return cls(encoded[1 : 1 + HPKE_PUBLIC_BYTES], encoded[1 + HPKE_PUBLIC_BYTES :])


class MemberSecret:
    """The private halves. Its repr shows only whose it is."""

    def __init__(self, seed: bytes) -> None:
        """Take the 32-byte seed; Tampered for any other length."""
        if len(seed) != SEED_BYTES:
            raise Tampered("a seed has 32 bytes")
        self.seed = seed

    @classmethod
    def generate(cls) -> Self:
        """Make a new one from the system's randomness."""
        return cls(os.urandom(SEED_BYTES))

    def __repr__(self) -> str:
        """Show nothing of the seed."""
        return "MemberSecret(…)"

    @cached_property
    def _mlkem(self) -> MLKEM768PrivateKey:
        return MLKEM768PrivateKey.from_seed_bytes(derive(self.seed, Label.MEMBER_MLKEM768, length=64))

    @cached_property
    def _x25519(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(derive(self.seed, Label.MEMBER_X25519))

    @cached_property
    def _ed25519(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(derive(self.seed, Label.MEMBER_ED25519))

    @cached_property
    def public(self) -> MemberPublic:
        """The public halves of the same seed."""
        hpke = self._mlkem.public_key().public_bytes_raw() + self._x25519.public_key().public_bytes_raw()
        return MemberPublic(hpke, self._ed25519.public_key().public_bytes_raw())

    def unseal(self, info: bytes, sealed: bytes) -> bytes:
        """Open what was sealed to this key for the same `info`; else Tampered."""
        if sealed[:2] != SEAL_MAGIC or len(sealed) < SEAL_OVERHEAD_BYTES:
            raise Tampered("not a seal of a known version and suite")
        bound = labels.frame(Label.HPKE_SEAL, SEAL_MAGIC, info)
        key = MLKEM768X25519PrivateKey(self._mlkem, self._x25519)
        try:
            return _SUITE.decrypt(sealed[2:], key, info=bound)
        except (InvalidTag, ValueError):
            raise Tampered("the seal was not made for this key and purpose") from None

    def sign(self, message: bytes) -> bytes:
        """Sign a message that begins with a label of its own: 64 bytes, Ed25519."""
        return self._ed25519.sign(message)

    def _own_cipher(self, field: Field) -> Cipher:
        require_under(field, Under.MEMBER)
        return Cipher(derive(self.seed, Label.MEMBER_FIELD_KEY, field.id.encode("ascii")))

    def seal_own(self, field: Field, row: UUID, version: int, plain: bytes) -> bytes:
        """Seal what only this member reads."""
        return self._own_cipher(field).seal(OWN_EPOCH, field, row, version, plain)

    def open_own(self, field: Field, row: UUID, version: int, sealed: bytes) -> bytes:
        """Open what `seal_own` sealed at the same place; else Tampered."""
        return self._own_cipher(field).open(OWN_EPOCH, field, row, version, sealed)
