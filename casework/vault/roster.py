"""The roster: who is a member, with which roles and keys, and which epoch keys are true.

An append-only list, numbered from 1, each entry linked to the one before by its hash and signed by
somebody who was an active coordinator there. What a database says of members and keys counts for nothing
unless `verify` found it here, and a member's pin keeps an older or another list from passing for this one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from uuid import UUID

from casework.errors import Tampered
from casework.vault.compartments import FIRST_EPOCH
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic
from casework.vault.pin import Pin
from casework.vault.rosterentry import (
    GENESIS_HASH,
    ROLES,
    Entry,
    Parsed,
    RosterMember,
    parse,
    parse_commitments,
    parse_member,
    parse_public,
    signed_message,
)
from casework.vault.rosterrules import next_state
from casework.vault.rosterstate import RosterState

__all__ = [
    "ROLES",
    "Entry",
    "Pin",
    "RosterMember",
    "RosterState",
    "extend",
    "signed_message",
    "verify",
]


def extend(state: RosterState, entry: Entry) -> RosterState:
    """Return the state after one more entry; Tampered unless it is valid right after this state."""
    if entry.number != state.number + 1:
        raise Tampered("a roster entry is missing, repeated or out of order")
    parsed = parse(entry)
    if parsed.previous != state.hash:
        raise Tampered("a roster entry does not follow the one before it")
    _require_signature(_author_key(state, parsed), entry, parsed)
    after = replace(
        state,
        number=entry.number,
        hash=entry.hash,
        hashes=MappingProxyType({**state.hashes, entry.number: entry.hash}),
        **next_state(state, parsed),
    )
    return replace(after, since=_since(state, after))


def _since(before: RosterState, after: RosterState) -> Mapping[UUID, int]:
    """Return since which entry each active member has had their key and roles."""
    known = before.active
    return MappingProxyType(
        {
            member_id: before.since[member_id] if known.get(member_id) == member else after.number
            for member_id, member in after.active.items()
        }
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
    recovery_public = parse_public(parsed.document["recovery_public"])
    audit_public = parse_public(parsed.document["audit_public"])
    taken = frozenset({member.public, recovery_public, audit_public})
    if len(taken) != 3:
        raise Tampered("a founding brings a public key twice")
    return RosterState(
        number=1,
        hash=entry.hash,
        hashes=MappingProxyType({1: entry.hash}),
        members=MappingProxyType({member_id: member}),
        since=MappingProxyType({member_id: 1}),
        recovery_public=recovery_public,
        recovery_number=1,
        audit_public=audit_public,
        commitments=MappingProxyType(dict(commitments)),
        taken=taken,
    )


def _author_key(state: RosterState, parsed: Parsed) -> MemberPublic:
    if parsed.kind == "recover":
        return state.recovery_public
    if not state.is_coordinator(parsed.author_id):
        raise Tampered("a roster entry is signed by somebody who was no active coordinator")
    return state.members[parsed.author_id].public


def _require_signature(public: MemberPublic, entry: Entry, parsed: Parsed) -> None:
    public.verify(entry.signature, signed_message(entry.number, parsed.previous, entry.body))
