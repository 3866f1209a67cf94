"""A case's keys in a member's hands: for reading, and for writing, where a key known too widely gives way."""

from uuid import UUID

from casework.errors import Tampered, UnknownKey
from casework.services.casekeys import CaseKeys, open_case_key, open_sealed_key
from casework.services.context import Context
from casework.services.restricted.naming import list_recipients, open_naming
from casework.services.restricted.rekeying import rekey
from casework.store import cases as store
from casework.store import restricted as restricted_store
from casework.store.database import db
from casework.vault.casekey import CASE_KEY_FIELDS, birth_epoch, next_generation
from casework.vault.compartments import RECOVERY_ID
from casework.vault.fields import Compartment
from casework.vault.keyring import CaseKey


def open_case_keys(context: Context, case_id: UUID) -> CaseKeys:
    """Unwrap the case's keys; raises UnknownKey when the member's roles do not grant the compartments.

    Those of a restricted case open to who is named: UnknownKey for others, Tampered where a key was planted.
    """
    row = store.find_record(store.Case, case_id)
    if row is not None and row.restricted:
        return _open_restricted(context, row)
    keys = [open_case_key(context.keyring, key) for key in store.list_case_keys(case_id)]
    return CaseKeys({(key.compartment, key.generation): key for key in keys})


def open_case_keys_to_write(context: Context, case_id: UUID) -> CaseKeys:
    """Unwrap the case's keys, with a new one where the newest is older than its compartment's epoch.

    Whoever has left since knows the old one. The caller's transaction commits what is new. Raises as
    `open_case_keys` does.
    """
    return renew_case_keys(context, case_id, open_case_keys(context, case_id))


def renew_case_keys(context: Context, case_id: UUID, keys: CaseKeys) -> CaseKeys:
    """Return opened keys of a case fit to write with, as `open_case_keys_to_write` does."""
    row = store.find_record(store.Case, case_id)
    if row is not None and row.restricted:
        return _renewed(context, row, keys)
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


def _open_restricted(context: Context, row: store.Case) -> CaseKeys:
    if store.list_case_keys(row.id):
        raise Tampered("a restricted case with a key that was sealed to nobody")
    seals = restricted_store.list_member_key_seals(row.id, context.member_id)
    if not seals:
        raise UnknownKey("a restricted case that this member has no key of")
    keys = [
        open_sealed_key(
            context.keyring,
            context.secret,
            context.member_id,
            row.id,
            seal.compartment,
            seal.generation,
            seal.key_sealed,
        )
        for seal in seals
    ]
    if sorted(key.compartment for key in keys) != sorted(CASE_KEY_FIELDS):
        raise Tampered("a restricted case has one key of each compartment")
    opened = CaseKeys({(key.compartment, key.generation): key for key in keys})
    open_naming(opened, row)
    return opened


def _renewed(context: Context, row: store.Case, keys: CaseKeys) -> CaseKeys:
    """Give a restricted case new keys where the old ones are known more widely than they should be."""
    naming = open_naming(keys, row)
    recipients = list_recipients(context, naming)
    holders = restricted_store.list_holders(row.id)
    is_current = (
        all(birth_epoch(keys.newest(c)) == context.keyring.write_epoch(c) for c in CASE_KEY_FIELDS)
        and naming.recovery == recipients[RECOVERY_ID].digest().hex()
        and holders == recipients.keys() - {RECOVERY_ID}
    )
    return keys if is_current else rekey(context, row, keys, naming)
