"""What the recovery key opens: each epoch key, checked against the roster, restricted cases' keys, drafts."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from casework.errors import Tampered, VaultError
from casework.services.casekeys import open_sealed_key
from casework.services.recovery.waiting import Waiting, list_waiting
from casework.store import drafts as drafts_store
from casework.store import members as store
from casework.store import restricted as restricted_store
from casework.vault.casekey import CASE_KEY_FIELDS
from casework.vault.compartments import RECOVERY_ID, open_epoch_key
from casework.vault.draft import RECOVERY_INDEX, open_draft
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.keyring import Keyring
from casework.vault.rosterstate import RosterState


@dataclass(frozen=True, slots=True)
class Opened:
    """How much opened, and what did not: a name of its kind and place, never its content.

    `waiting` was not tried: it is sealed to earlier shares.
    """

    epoch_keys: int
    cases: int
    drafts: int
    failed: tuple[str, ...]
    waiting: Waiting


def open_epoch_keys(
    recovery: MemberSecret, roster: RosterState
) -> dict[tuple[Compartment, int], bytes | None]:
    """Return the key of every epoch that the roster commits to; None where its seal is not there or wrong."""
    sealed = {(seal.compartment, seal.epoch): seal.key_sealed for seal in store.list_recovery_seals()}
    keys: dict[tuple[Compartment, int], bytes | None] = {}
    for place, commitment in roster.commitments.items():
        compartment, epoch = place
        try:
            seal = sealed[compartment.value, epoch]
            keys[place] = open_epoch_key(recovery, RECOVERY_ID, compartment, epoch, seal, commitment)
        except (KeyError, Tampered):
            keys[place] = None
    return keys


def open_all(recovery: MemberSecret, roster: RosterState) -> Opened:
    """Open whatever is sealed to the recovery key in force."""
    keys = open_epoch_keys(recovery, roster)
    keyring = Keyring({place: key for place, key in keys.items() if key is not None}, roster.write_epochs)
    epochs = [(f"{compartment} {epoch}", key is not None) for (compartment, epoch), key in keys.items()]
    cases = list(_open_cases(recovery, roster, keyring))
    drafts = list(_open_drafts(recovery, roster))
    failed = tuple(name for name, opens in (*epochs, *cases, *drafts) if not opens)
    opened = [sum(opens for _name, opens in kind) for kind in (epochs, cases, drafts)]
    return Opened(opened[0], opened[1], opened[2], failed, list_waiting(roster))


def _open_cases(recovery: MemberSecret, roster: RosterState, keyring: Keyring) -> Iterator[tuple[str, bool]]:
    """Try each restricted case, but those that still wait to be sealed to this key: has it both its keys?"""
    sealed: dict[UUID, list[restricted_store.CaseKeySeal]] = {}
    for seal in restricted_store.list_seals_to(RECOVERY_ID):
        sealed.setdefault(seal.case_id, []).append(seal)
    for case_id in restricted_store.list_restricted_since(roster.recovery_number):
        seals = sealed.get(case_id, [])
        whole = {seal.compartment for seal in seals} == set(CASE_KEY_FIELDS)
        yield f"case {case_id.hex}", whole and all(_opens_case(recovery, keyring, seal) for seal in seals)


def _opens_case(recovery: MemberSecret, keyring: Keyring, seal: restricted_store.CaseKeySeal) -> bool:
    place = seal.case_id, seal.compartment, seal.generation
    try:
        open_sealed_key(keyring, recovery, RECOVERY_ID, *place, seal.key_sealed)
    except VaultError:
        return False
    return True


def _open_drafts(recovery: MemberSecret, roster: RosterState) -> Iterator[tuple[str, bool]]:
    """Try each draft, but those that still wait to be sealed to this key."""
    for row in drafts_store.list_all_drafts():
        if row.recovery_number != roster.recovery_number:
            continue
        try:
            open_draft(recovery, RECOVERY_INDEX, row.id, row.content_sealed, version=row.version)
        except Tampered:
            yield f"draft {row.id.hex}", False
        else:
            yield f"draft {row.id.hex}", True
