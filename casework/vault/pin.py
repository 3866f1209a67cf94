"""A pin: how far into the roster somebody has seen, and the hash found there."""

from dataclasses import dataclass
from typing import Self

from casework.errors import Tampered
from casework.vault.labels import HASH_BYTES, u64

PIN_BYTES = 41

_VERSION = b"\x01"


@dataclass(frozen=True, slots=True)
class Pin:
    """The number and hash of a roster entry; members keep theirs under their own seed."""

    number: int
    hash: bytes

    def __post_init__(self) -> None:
        """Refuse what names no entry (Tampered)."""
        if self.number < 1 or len(self.hash) != HASH_BYTES:
            raise Tampered("a pin names an entry from 1 on and a 32-byte hash")

    def __repr__(self) -> str:
        """Show the number."""
        return f"Pin({self.number})"

    def encode(self) -> bytes:
        """Return version u8 = 1, number u64, hash[32]: 41 bytes."""
        return _VERSION + u64(self.number) + self.hash

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """Read what `encode` made; Tampered for anything else."""
        if len(encoded) != PIN_BYTES or encoded[:1] != _VERSION:
            raise Tampered("a pin of an unknown version or length")
        return cls(int.from_bytes(encoded[1:9], "big"), encoded[9:])
