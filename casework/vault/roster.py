"""The roster: who is a member, with which roles and keys, and which epoch keys are true.

An append-only list, numbered from 1, each entry linked to the one before by its hash and signed by
somebody who was an active coordinator there. What a database says of members and keys counts for nothing
unless `verify` found it here, and a member's pin keeps an older or another list from passing for this one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from casework.errors import Tampered
from casework.vault import encoding, labels
from casework.vault.audit import AuditKey
from casework.vault.compartments import FIRST_EPOCH
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.labels import Label
from casework.vault.pin import Pin
from casework.vault.rosterentry import (
    GENESIS_HASH,
    ROLES,
    Commitments,
    Entry,
    Parsed,
    RosterMember,
    commitment_documents,
    member_document,
    parse,
    parse_commitments,
    parse_member,
    parse_public,
    sign_entry,
    signed_message,
)

__all__ = [
    "ROLES",
    "Entry",
    "Pin",
    "RosterMember",
    "RosterState",
    "admit",
    "extend",
    "found",
    "signed_message",
    "verify",
]


@dataclass(frozen=True, slots=True)
class RosterState:
    """What a verified roster says after its last entry."""

    number: int
    hash: bytes
    hashes: Mapping[int, bytes]
    members: Mapping[UUID, RosterMember]
    recovery_public: MemberPublic
    audit_public: MemberPublic
    commitments: Commitments

    @property
    def pin(self) -> Pin:
        """What a member keeps, to hold the roster against later."""
        return Pin(self.number, self.hash)

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
        return member is not None and member.status == "active" and "coordinator" in member.roles


def found(
    secret: MemberSecret,
    member_id: UUID,
    roles: Iterable[str],
    recovery_public: MemberPublic,
    audit_public: MemberPublic,
    commitments: Commitments,
) -> Entry:
    """Write the first entry: its author signs for their own key, as coordinator.

    Commits to the first epoch of every compartment. Tampered where `verify` would refuse the entry.
    """
    fields = {
        "audit_public": encoding.to_text(audit_public.encode()),
        "author": member_id.hex,
        "commitments": commitment_documents(commitments),
        "kind": "found",
        "member": member_document(member_id, tuple(roles), secret.public),
        "recovery_public": encoding.to_text(recovery_public.encode()),
    }
    entry = sign_entry(secret, 1, GENESIS_HASH, fields)
    verify([entry])
    return entry


def admit(
    secret: MemberSecret,
    author_id: UUID,
    previous: RosterState,
    member_id: UUID,
    roles: Iterable[str],
    public: MemberPublic,
) -> Entry:
    """Write the entry that makes somebody a member, signed by a coordinator of the state before.

    Tampered where `extend` would refuse the entry: an author who is no coordinator, a known id, no role.
    """
    fields = {
        "author": author_id.hex,
        "kind": "admit",
        "member": member_document(member_id, tuple(roles), public),
    }
    entry = sign_entry(secret, previous.number + 1, previous.hash, fields)
    extend(previous, entry)
    return entry


def extend(state: RosterState, entry: Entry) -> RosterState:
    """Return the state after one more entry; Tampered unless it is valid right after this state."""
    if entry.number != state.number + 1:
        raise Tampered("a roster entry is missing, repeated or out of order")
    parsed = parse(entry)
    if parsed.previous != state.hash:
        raise Tampered("a roster entry does not follow the one before it")
    if parsed.kind != "admit":
        raise Tampered("only the first entry founds a roster")
    if not state.is_coordinator(parsed.author_id):
        raise Tampered("a roster entry is signed by somebody who was no active coordinator")
    _require_signature(state.members[parsed.author_id].public, entry, parsed)
    member_id, member = parse_member(parsed.document["member"])
    if member_id in state.members:
        raise Tampered("a roster entry admits a member a second time")
    known = (state.recovery_public, state.audit_public, *(other.public for other in state.members.values()))
    if member.public in known:
        raise Tampered("a roster entry admits a member under a key of somebody else")
    return replace(
        state,
        number=entry.number,
        hash=entry.hash,
        hashes=MappingProxyType({**state.hashes, entry.number: entry.hash}),
        members=MappingProxyType({**state.members, member_id: member}),
    )


def verify(entries: Iterable[Entry], pin: Pin | None = None) -> RosterState:
    """Return the state that the entries lead to; Tampered unless every one is valid in its place.

    With a pin, the list must reach it and have the pinned hash there.
    """
    state: RosterState | None = None
    for entry in entries:
        state = _begin(entry) if state is None else extend(state, entry)
    if state is None:
        raise Tampered("the roster is empty")
    if pin is not None and state.hashes.get(pin.number) != pin.hash:
        raise Tampered("the roster is older than, or not, the one that was seen before")
    return state


def _begin(entry: Entry) -> RosterState:
    if entry.number != 1:
        raise Tampered("the roster does not begin with its first entry")
    parsed = parse(entry)
    if parsed.kind != "found" or parsed.previous != GENESIS_HASH:
        raise Tampered("the roster does not begin with its founding")
    member_id, member = parse_member(parsed.document["member"])
    if member_id != parsed.author_id or "coordinator" not in member.roles:
        raise Tampered("a roster is founded by its first coordinator")
    _require_signature(member.public, entry, parsed)
    commitments = parse_commitments(parsed.document["commitments"])
    if commitments.keys() != {(compartment, FIRST_EPOCH) for compartment in Compartment}:
        raise Tampered("a founding commits to the first epoch of every compartment")
    return RosterState(
        number=1,
        hash=entry.hash,
        hashes=MappingProxyType({1: entry.hash}),
        members=MappingProxyType({member_id: member}),
        recovery_public=parse_public(parsed.document["recovery_public"]),
        audit_public=parse_public(parsed.document["audit_public"]),
        commitments=MappingProxyType(dict(commitments)),
    )


def _require_signature(public: MemberPublic, entry: Entry, parsed: Parsed) -> None:
    public.verify(entry.signature, signed_message(entry.number, parsed.previous, entry.body))
