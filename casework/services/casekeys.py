"""Unwrapping the keys of cases, whatever stands in their rows."""

from typing import Any

from casework.errors import Tampered
from casework.vault.casekey import CASE_KEY_FIELDS
from casework.vault.fields import Compartment
from casework.vault.keyring import CaseKey, Keyring


def open_case_key(keyring: Keyring, row: Any) -> CaseKey:
    """Open the key in a row of `case_key`; raises UnknownKey without the compartment's key, else Tampered."""
    if row.compartment not in CASE_KEY_FIELDS:
        raise Tampered("a case key of a compartment that has none")
    return keyring.open_case_key(row.case_id, Compartment(row.compartment), row.generation, row.key_sealed)
