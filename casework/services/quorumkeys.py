"""What the recovery key opens: every epoch key, checked against the roster, and the drafts sealed to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from casework.errors import Tampered
from casework.store import drafts as drafts_store
from casework.store import members as store
from casework.vault.compartments import RECOVERY_ID, open_epoch_key
from casework.vault.draft import RECOVERY_INDEX, open_draft
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.rosterstate import RosterState


@dataclass(frozen=True, slots=True)
class Opened:
    """How much opened, and what did not: a name of its kind and place, never its content."""

    epoch_keys: int
    drafts: int
    failed: tuple[str, ...]


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
    failed = [f"{compartment} {epoch}" for (compartment, epoch), key in keys.items() if key is None]
    drafts = list(_open_drafts(recovery, roster))
    failed += [f"draft {draft_id}" for draft_id, opens in drafts if not opens]
    return Opened(
        sum(key is not None for key in keys.values()), sum(opens for _id, opens in drafts), tuple(failed)
    )


def _open_drafts(recovery: MemberSecret, roster: RosterState) -> Iterator[tuple[str, bool]]:
    for row in drafts_store.list_all_drafts():
        if row.recovery_number != roster.recovery_number:
            continue  # it waits for its writer: see services/renewals.py
        try:
            open_draft(recovery, RECOVERY_INDEX, row.id, row.content_sealed, version=row.version)
        except Tampered:
            yield row.id.hex, False
        else:
            yield row.id.hex, True
