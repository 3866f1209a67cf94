"""After new epochs: case keys are wrapped anew, so that the epoch keys of before open none.

What is left to do is read off the wraps themselves, which name their epoch. So nothing has to be remembered
over a kill, and whoever holds the keys goes on.
"""

from contextlib import suppress
from dataclasses import dataclass

from casework.errors import VaultError
from casework.services.casekeys import open_case_key
from casework.services.context import Context
from casework.services.transactions import transaction
from casework.store import cases as store
from casework.vault.casekey import CASE_KEY_FIELDS
from casework.vault.fields import Compartment
from casework.vault.rosterstate import RosterState

BATCH = 200
"""Wraps in one transaction: about thirty milliseconds, for which other writers wait."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """How far the wraps are that older epochs still open; `waiting` of `total`."""

    waiting: int
    total: int

    @property
    def done(self) -> int:
        """How many lie under the newest epoch."""
        return self.total - self.waiting


def look_at_rotation(context: Context) -> Rotation:
    """Count the case keys, and those that are still wrapped under an older epoch."""
    return count_rotation(context.roster)


def count_rotation(roster: RosterState) -> Rotation:
    """Count them for this roster; nobody's keys are needed."""
    epochs = roster.write_epochs
    waiting = sum(store.count_older_wraps(one, epochs[one]) for one in CASE_KEY_FIELDS)
    return Rotation(waiting, store.count_wraps())


def rewrap_some(context: Context) -> bool:
    """Wrap some case keys of one compartment under the newest epoch; returns whether any could be.

    A wrap that does not open is left as it is. Does nothing for who does not hold the keys.
    """
    if not all(map(context.keyring.holds, CASE_KEY_FIELDS)):
        return False
    return any(_rewrap(context, compartment) for compartment in CASE_KEY_FIELDS)


def _rewrap(context: Context, compartment: Compartment) -> bool:
    epoch, damaged = context.keyring.write_epoch(compartment), 0
    if not store.count_older_wraps(compartment, epoch):
        return False
    with transaction(context, "keys.rewrapped") as opened:
        count = 0
        while not count:
            rows = store.list_older_wraps(compartment, epoch, BATCH, after=damaged)
            if not rows:
                break
            for row in rows:
                with suppress(VaultError):
                    row.key_sealed = context.keyring.wrap_case_key(open_case_key(context.keyring, row))
                    count += 1
            damaged += len(rows)
        opened.note(count=count)
    return bool(count)
