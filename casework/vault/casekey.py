"""Case keys: each case has a random key per compartment, so that destroying it erases the case."""

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
