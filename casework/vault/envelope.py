"""Envelope v1: one padded document, sealed for one place.

    version u8 = 1 | algorithm u8 = 1 | epoch u32 | nonce[12] | AES-256-GCM ciphertext | tag[16]

The associated data is the 6-byte header, then the field id behind a u8 length, the row id (16 bytes) and
the version of the field (u64): so a ciphertext opens only where it was sealed. Numbers are big-endian.
"""

import os
from collections.abc import Callable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.errors import Tampered
from casework.vault.fields import Field
from casework.vault.labels import u32, u64
from casework.vault.padding import pad, unpad

HEADER_BYTES = 6
NONCE_BYTES = 12
TAG_BYTES = 16
BODY_START = HEADER_BYTES + NONCE_BYTES
MAGIC = bytes((1, 1))

Decrypt = Callable[[bytes, bytes, bytes], bytes]


def header(epoch: int) -> bytes:
    """Return version, algorithm and epoch; OverflowError unless the epoch fits in a u32."""
    return MAGIC + u32(epoch)


def read_epoch(sealed: bytes) -> int:
    """Return the epoch that the header names, before anything is authenticated; Tampered if malformed."""
    if sealed[:2] != MAGIC or len(sealed) < BODY_START + TAG_BYTES:
        raise Tampered("not an envelope of a known version and algorithm")
    return int.from_bytes(sealed[2:HEADER_BYTES], "big")


def place(epoch: int, field: Field) -> bytes:
    """Return the associated data up to the row id."""
    field_id = field.id.encode("ascii")
    return header(epoch) + bytes((len(field_id),)) + field_id


class Cipher:
    """One AES-256 key, ready to seal and open; its repr shows nothing of it."""

    __slots__ = ("_aes", "decrypt")

    def __init__(self, key: bytes) -> None:
        """Take a 32-byte key; ValueError for any other length."""
        if len(key) != 32:
            raise ValueError("an envelope key has 32 bytes")
        self._aes = AESGCM(key)
        self.decrypt: Decrypt = self._aes.decrypt

    def seal(self, epoch: int, field: Field, row: UUID, version: int, plain: bytes) -> bytes:
        """Pad and seal; OverflowError when the epoch is no u32 or the version no u64."""
        return self.seal_with_nonce(os.urandom(NONCE_BYTES), epoch, field, row, version, plain)

    def seal_with_nonce(
        self, nonce: bytes, epoch: int, field: Field, row: UUID, version: int, plain: bytes
    ) -> bytes:
        """Seal under a given nonce, for test vectors only: a nonce used twice gives the key away."""
        associated = place(epoch, field) + row.bytes + u64(version)
        body = self._aes.encrypt(nonce, pad(field.padding, plain), associated)
        return header(epoch) + nonce + body

    def open(self, epoch: int, field: Field, row: UUID, version: int, sealed: bytes) -> bytes:
        """Open what was sealed for exactly this epoch, field, row and version; else Tampered."""
        if read_epoch(sealed) != epoch:
            raise Tampered("the envelope is of another epoch")
        return open_at(self.decrypt, place(epoch, field), field, row, version, sealed)


def open_at(decrypt: Decrypt, prefix: bytes, field: Field, row: UUID, version: int, sealed: bytes) -> bytes:
    """Open an envelope whose header was checked, with `prefix` as `place` made it."""
    try:
        padded = decrypt(sealed[6:18], sealed[18:], prefix + row.bytes + version.to_bytes(8, "big"))
    except (InvalidTag, ValueError, OverflowError):
        raise Tampered(f"{field.id}: the envelope was not sealed here") from None
    return unpad(field.padding, padded)


def seal(key: bytes, epoch: int, field: Field, row: UUID, version: int, plain: bytes) -> bytes:
    """Pad and seal one document under a 32-byte key."""
    return Cipher(key).seal(epoch, field, row, version, plain)


def open_sealed(key: bytes, epoch: int, field: Field, row: UUID, version: int, sealed: bytes) -> bytes:
    """Open one envelope; Tampered unless it was sealed with exactly these."""
    return Cipher(key).open(epoch, field, row, version, sealed)
