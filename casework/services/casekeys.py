"""The keys of cases, unwrapped, whatever stands in their rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from casework.errors import Tampered, UnknownKey
from casework.vault.casekey import CASE_KEY_FIELDS
from casework.vault.envelope import read_epoch
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.keyring import CaseKey, Keyring
from casework.vault.restricted import open_wrapped_key

FindKey = Callable[[UUID, str, int], CaseKey]
_AT_HAND = 1_000


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


def open_case_key(keyring: Keyring, row: Any) -> CaseKey:
    """Open the key in a row of `case_key`; raises UnknownKey without the compartment's key, else Tampered."""
    return keyring.open_case_key(row.case_id, _compartment(row.compartment), row.generation, row.key_sealed)


def key_finder(keyring: Keyring, rows: Iterable[Any]) -> FindKey:
    """Return what opens one of these keys when a record needs it: by case, compartment and generation.

    It raises as `open_case_key` does, and UnknownKey where there is no such key. A key in use holds
    kilobytes: of those of all cases a thousand are at hand; one that was used before them is opened again.
    """
    sealed = {(row.case_id, row.compartment, row.generation): row for row in rows}

    @lru_cache(maxsize=_AT_HAND)
    def find_key(case_id: UUID, compartment: str, generation: int) -> CaseKey:
        row = sealed.get((case_id, compartment, generation))
        if row is None:
            raise UnknownKey(f"the case has no {compartment} key of generation {generation}")
        return open_case_key(keyring, row)

    return find_key


def open_sealed_key(
    keyring: Keyring,
    secret: MemberSecret,
    recipient_id: UUID,
    case_id: UUID,
    compartment: str,
    generation: int,
    sealed: bytes,
) -> CaseKey:
    """Open a restricted case's key: the seal to who is named, or to recovery, and in it the wrap.

    Raises as `open_case_key` does: what somebody planted without the compartment's key does not open.
    """
    place = case_id, _compartment(compartment), generation
    return keyring.open_case_key(*place, open_wrapped_key(secret, recipient_id, *place, sealed))


def _compartment(name: str) -> Compartment:
    if name not in CASE_KEY_FIELDS:
        raise Tampered("a case key of a compartment that has none")
    return Compartment(name)
