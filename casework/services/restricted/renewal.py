"""Restricted cases after a rotation or a recovery: their keys are made anew.

What waits is read off the rows: the generation of a key tells its epoch. For new recovery shares see
`services/recovery/seals.py`.
"""

from collections.abc import Sequence
from uuid import UUID

from casework.domain.naming import Naming
from casework.errors import Invalid, Tampered, VaultError
from casework.services.casekeyring import open_case_keys
from casework.services.casekeys import CaseKeys, open_sealed_key
from casework.services.context import Context
from casework.services.restricted.naming import open_naming
from casework.services.restricted.rekeying import rekey
from casework.services.transactions import transaction
from casework.store import cases as cases_store
from casework.store import restricted as store
from casework.vault.casekey import CASE_KEY_FIELDS, first_generation
from casework.vault.compartments import RECOVERY_ID
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring


def renew_own_cases(context: Context) -> bool:
    """Give a case that the member is named in new keys, where it is due; returns whether there was one.

    One that does not open is left as it is.
    """
    if not all(map(context.keyring.holds, CASE_KEY_FIELDS)):
        return False
    first = {one.value: first_generation(context.keyring.write_epoch(one)) for one in CASE_KEY_FIELDS}
    due = store.list_outdated(context.member_id, first)
    return any(_renew(context, case_id) for case_id in due)


def open_as_recovery(
    keyring: Keyring, recovery: MemberSecret, row: cases_store.Case
) -> tuple[CaseKeys, Naming]:
    """Open a restricted case's keys as the recovery key does; raises VaultError where they do not open."""
    seals = store.list_member_key_seals(row.id, RECOVERY_ID)
    if sorted(seal.compartment for seal in seals) != sorted(CASE_KEY_FIELDS):
        raise Tampered("a restricted case that is not sealed to recovery")
    opened = [
        open_sealed_key(
            keyring, recovery, RECOVERY_ID, row.id, seal.compartment, seal.generation, seal.key_sealed
        )
        for seal in seals
    ]
    keys = CaseKeys({(key.compartment, key.generation): key for key in opened})
    return keys, open_naming(keys, row)


def take_over_cases(
    context: Context, recoveries: Sequence[MemberSecret], generation: int
) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """Name who begins anew in every restricted case: nobody else has a key. The caller's transaction commits.

    The names of before stay, each without a key, to be named again. `context` is of who begins anew, with old
    and new epochs. Returns the cases that are theirs now, and those that none of these recovery keys opens,
    which are left as they are.
    """
    taken: list[UUID] = []
    closed: list[UUID] = []
    for row in store.list_restricted_rows():
        is_open = any(_take_over(context, recovery, row, generation) for recovery in recoveries)
        (taken if is_open else closed).append(row.id)
    return tuple(taken), tuple(closed)


def _take_over(context: Context, recovery: MemberSecret, row: cases_store.Case, generation: int) -> bool:
    try:
        keys, naming = open_as_recovery(context.keyring, recovery, row)
        named = naming.with_member(context.member_id, context.secret.public.digest().hex())
        rekey(context, row, keys, named)
    except (VaultError, Invalid):
        return False
    cases_store.write_team(row.id, named.named)
    row.generation = generation
    return True


def _renew(context: Context, case_id: UUID) -> bool:
    try:
        with transaction(context, "case.rekeyed") as opened:
            row = cases_store.find_record(cases_store.Case, case_id)
            if row is None or not row.restricted:
                return False
            keys = open_case_keys(context, case_id)
            rekey(context, row, keys, open_naming(keys, row))
            opened.note(case=case_id)
    except (VaultError, Invalid):
        return False
    return True
