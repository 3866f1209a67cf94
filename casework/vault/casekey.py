"""Case keys: each case has a random key per compartment, so that destroying it erases the case.

A key's generation tells the epoch of its compartment when it was made, which authenticates it wherever the
generation stands: a key that was made before a rotation is known to whoever has left since.
"""

import os
from functools import cached_property
from typing import Self
from uuid import UUID

from casework.errors import UnknownKey
from casework.vault.envelope import Cipher
from casework.vault.fields import (
    CASE_KEY_IDENTITY,
    CASE_KEY_NARRATIVE,
    Compartment,
    Field,
    Under,
    require_under,
)
from casework.vault.labels import KEY_BYTES

CASE_KEY_FIELDS = {
    Compartment.IDENTITY: CASE_KEY_IDENTITY,
    Compartment.NARRATIVE: CASE_KEY_NARRATIVE,
}
"""The field under which a case key of each compartment is wrapped."""

GENERATIONS_AN_EPOCH = 1 << 16


def birth_epoch(generation: int) -> int:
    """Return the epoch in which a case key of this generation was made."""
    return generation // GENERATIONS_AN_EPOCH + 1


def first_generation(epoch: int) -> int:
    """Return the first generation that is made in an epoch."""
    return (epoch - 1) * GENERATIONS_AN_EPOCH + 1


def next_generation(newest: int, epoch: int) -> int:
    """Return the generation after `newest` (0: none yet), made in this epoch of the compartment.

    That is (epoch - 1) · 65,536 and a counter from 1. OverflowError after 65,535 of one epoch.
    """
    following = max(first_generation(epoch), newest + 1)
    if birth_epoch(following) != max(epoch, birth_epoch(newest)) or following % GENERATIONS_AN_EPOCH == 0:
        raise OverflowError("no generation is left in this epoch")
    return following


class CaseKey:
    """One generation of a case's key. It is used as it is: the associated data keeps fields apart."""

    def __init__(self, case_id: UUID, compartment: Compartment, generation: int, key: bytes) -> None:
        """Take a 32-byte key."""
        self.case_id = case_id
        self.compartment = compartment
        self.generation = generation
        self.key = key

    @classmethod
    def generate(cls, case_id: UUID, compartment: Compartment, generation: int) -> Self:
        """Make a random key."""
        return cls(case_id, compartment, generation, os.urandom(KEY_BYTES))

    def __repr__(self) -> str:
        """Show whose key it is."""
        return f"CaseKey({self.case_id}, {self.compartment}, {self.generation})"

    @cached_property
    def _cipher(self) -> Cipher:
        return Cipher(self.key)

    def _require(self, field: Field) -> None:
        require_under(field, Under.CASE)
        if field.compartment is not self.compartment:
            raise UnknownKey(f"{field.id} is not sealed under the {self.compartment} key of a case")

    def seal(self, field: Field, row: UUID, version: int, plain: bytes) -> bytes:
        """Seal a record of the case; the envelope's epoch is the key's generation."""
        self._require(field)
        return self._cipher.seal(self.generation, field, row, version, plain)

    def open(self, field: Field, row: UUID, version: int, sealed: bytes) -> bytes:
        """Open what `seal` sealed at the same place under this generation; else Tampered."""
        self._require(field)
        return self._cipher.open(self.generation, field, row, version, sealed)
