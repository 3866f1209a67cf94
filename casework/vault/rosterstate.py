"""What a verified roster says: who is a member, with which roles and keys, and which epoch keys are true."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from casework.vault import labels
from casework.vault.audit import AuditKey
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic
from casework.vault.labels import Label
from casework.vault.pin import Pin
from casework.vault.rosterentry import ACTIVE, Commitments, RosterMember


@dataclass(frozen=True, slots=True)
class RosterState:
    """What a verified roster says after its last entry.

    `members` are all who ever were, whatever their status; `taken` is every public key that ever stood here;
    `recovery_number` is the entry that named the recovery key in force, `since` the one that gave an active
    member the key and roles that they have.
    """

    number: int
    hash: bytes
    hashes: Mapping[int, bytes]
    members: Mapping[UUID, RosterMember]
    since: Mapping[UUID, int]
    recovery_public: MemberPublic
    recovery_number: int
    audit_public: MemberPublic
    commitments: Commitments
    taken: frozenset[MemberPublic]

    @property
    def pin(self) -> Pin:
        """What a member keeps, to hold the roster against later."""
        return Pin(self.number, self.hash)

    @property
    def active(self) -> dict[UUID, RosterMember]:
        """Those who are members now."""
        return {id_: member for id_, member in self.members.items() if member.status == ACTIVE}

    @property
    def write_epochs(self) -> dict[Compartment, int]:
        """The newest epoch of each compartment: new writes lie under it."""
        return {compartment: epoch for compartment, epoch in sorted(self.commitments)}

    @property
    def audit_key(self) -> AuditKey:
        """The key that audit entries are sealed to."""
        return AuditKey(self.write_epochs[Compartment.AUDIT], self.audit_public)

    def fingerprint(self) -> str:
        """Return 24 digits for the roster up to here, to compare by eye."""
        return labels.digits(Label.ROSTER_FINGERPRINT, self.pin.encode())

    def is_coordinator(self, member_id: UUID) -> bool:
        """Whether the member may sign the next entry."""
        member = self.members.get(member_id)
        return member is not None and member.status == ACTIVE and "coordinator" in member.roles
