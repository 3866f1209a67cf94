"""A case's keys in a member's hands: for reading, and for writing, where a key known too widely gives way."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from casework.errors import UnknownKey
from casework.services.casekeys import open_case_key
from casework.services.context import Context
from casework.store import cases as store
from casework.store.database import db
from casework.vault.casekey import CASE_KEY_FIELDS, birth_epoch, next_generation
from casework.vault.envelope import read_epoch
from casework.vault.fields import Compartment
from casework.vault.keyring import CaseKey


@dataclass(frozen=True, slots=True)
class CaseKeys:
    """A case's keys by compartment and generation."""

    keys: Mapping[tuple[Compartment, int], CaseKey]

    def newest(self, compartment: Compartment) -> int:
        """Return the generation of the newest key; 0 when the case has none."""
        return max((key[1] for key in self.keys if key[0] is compartment), default=0)

    def for_writing(self, compartment: Compartment) -> CaseKey:
        """Return the newest key; raises UnknownKey when the case has none."""
        return self._get((compartment, self.newest(compartment)))

    def for_reading(self, compartment: Compartment, sealed: bytes) -> CaseKey:
        """Return the key that these bytes name; raises UnknownKey when the case does not have it."""
        return self._get((compartment, read_epoch(sealed)))

    def _get(self, name: tuple[Compartment, int]) -> CaseKey:
        try:
            return self.keys[name]
        except KeyError:
            raise UnknownKey(f"the case has no {name[0]} key of generation {name[1]}") from None


def open_case_keys(context: Context, case_id: UUID) -> CaseKeys:
    """Unwrap the case's keys; raises UnknownKey when the member's roles do not grant the compartments."""
    keys = [open_case_key(context.keyring, row) for row in store.list_case_keys(case_id)]
    return CaseKeys({(key.compartment, key.generation): key for key in keys})


def open_case_keys_to_write(context: Context, case_id: UUID) -> CaseKeys:
    """Unwrap the case's keys, with a new one where the newest is older than its compartment's epoch.

    Whoever has left since knows the old one. The caller's transaction commits what is new. Raises as
    `open_case_keys` does.
    """
    keys = open_case_keys(context, case_id)
    made: dict[tuple[Compartment, int], CaseKey] = {}
    for compartment in CASE_KEY_FIELDS:
        newest, epoch = keys.newest(compartment), context.keyring.write_epoch(compartment)
        if newest and birth_epoch(newest) < epoch:
            generation = next_generation(newest, epoch)
            made[compartment, generation] = add_case_key(context, case_id, compartment, generation)
    return CaseKeys({**keys.keys, **made})


def add_case_key(context: Context, case_id: UUID, compartment: Compartment, generation: int) -> CaseKey:
    """Make a case's key of this generation, and store it wrapped; the caller's transaction commits it."""
    key, wrapped = context.keyring.new_case_key(case_id, compartment, generation)
    db.session.add(
        store.CaseKey(case_id=case_id, compartment=compartment, generation=generation, key_sealed=wrapped)
    )
    return key
