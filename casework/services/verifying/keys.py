"""With whose keys records are opened: a member's, or those that a quorum of shares gives."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from casework.errors import Tampered
from casework.services.context import Context
from casework.store.members import RecoverySeal, RosterRow
from casework.vault.compartments import RECOVERY_ID, open_epoch_key
from casework.vault.envelope import read_epoch
from casework.vault.fields import Compartment
from casework.vault.identity import MemberSecret
from casework.vault.keyring import CaseKey, Keyring
from casework.vault.roster import Entry, Pin, RosterState, verify


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything that one side can open. `reader_id` is the member's, or RECOVERY_ID."""

    reader_id: UUID
    secret: MemberSecret
    keyring: Keyring
    roster: RosterState

    @property
    def is_quorum(self) -> bool:
        """Whether these are the keys that shares gave."""
        return self.reader_id == RECOVERY_ID

    def opens_epoch(self, row: Any) -> bool:
        """Open an epoch key sealed to this reader; raises VaultError unless it is what was committed."""
        place = Compartment(row.compartment), row.epoch
        commitment = self.roster.commitments.get(place, b"")
        open_epoch_key(self.secret, self.reader_id, *place, row.key_sealed, commitment)
        return True


def keys_of_member(context: Context) -> Keys:
    """Return a member's own keys."""
    return Keys(context.member_id, context.secret, context.keyring, context.roster)


def keys_of_quorum(connection: Connection, recovery: MemberSecret, pin: Pin | None = None) -> Keys:
    """Open every epoch key of a database with the recovery seed.

    Tampered when the roster does not verify or does not fit the pin, when it names another recovery key, or
    when a seal does not open to the key that it commits to.
    """
    rows = connection.execute(select(RosterRow.__table__).order_by(RosterRow.number))
    roster = verify((Entry(row.number, row.body, row.signature) for row in rows), pin)
    if roster.recovery_public != recovery.public:
        raise Tampered("the shares are not those of this roster")
    known = {(compartment.value, epoch): compartment for compartment, epoch in roster.commitments}
    keys: dict[tuple[Compartment, int], bytes] = {}
    for seal in connection.execute(select(RecoverySeal.__table__)):
        compartment = known.get((seal.compartment, seal.epoch))
        if compartment is None:
            raise Tampered("a seal for an epoch that the roster does not know")
        place = compartment, seal.epoch
        keys[place] = open_epoch_key(
            recovery, RECOVERY_ID, *place, seal.key_sealed, roster.commitments[place]
        )
    return Keys(RECOVERY_ID, recovery, Keyring(keys, roster.write_epochs), roster)


class CaseKeys:
    """The keys of all cases, by case, compartment and generation; 32 bytes each, for there may be many."""

    def __init__(self) -> None:
        self._keys: dict[tuple[UUID, str, int], bytes] = {}

    def add(self, key: CaseKey) -> None:
        """Keep an opened key."""
        self._keys[key.case_id, key.compartment.value, key.generation] = key.key

    def for_reading(self, case_id: UUID, compartment: Compartment, sealed: bytes) -> CaseKey:
        """Return the key that an envelope names; Tampered where the case has none that opens."""
        generation = read_epoch(sealed)
        key = self._keys.get((case_id, compartment.value, generation))
        if key is None:
            raise Tampered("the case has no such key")
        return CaseKey(case_id, compartment, generation, key)
