"""What each kind of roster entry may change, right after a given state; everything else is Tampered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from casework.domain.permissions import Role, compartments_of
from casework.errors import Tampered
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic
from casework.vault.rosterentry import (
    ACTIVE,
    LAPSED,
    REVOKED,
    Commitments,
    Parsed,
    RosterMember,
    parse_commitments,
    parse_id,
    parse_member,
    parse_public,
)
from casework.vault.rosterstate import RosterState

Change = Mapping[str, Any]
"""Fields of the state that an entry replaces."""


def rotated_by_leaving(member: RosterMember) -> frozenset[Compartment]:
    """Return the compartments that get a new epoch when this member's keys stop counting.

    Those that their roles granted; none where they stopped counting before.
    """
    if member.status != ACTIVE:
        return frozenset()
    return frozenset(map(Compartment, compartments_of(Role(role) for role in member.roles)))


def next_state(state: RosterState, parsed: Parsed) -> Change:
    """Return what an entry changes; Tampered where its kind may not, or may not so.

    The signature and the link to the entry before are the caller's to check.
    """
    try:
        rule = _RULES[parsed.kind]
    except KeyError:
        raise Tampered("only the first entry founds a roster") from None
    return rule(state, parsed)


def _admit(state: RosterState, parsed: Parsed) -> Change:
    member_id, member = parse_member(parsed.document["member"])
    if member_id in state.members:
        raise Tampered("a roster entry admits a member a second time")
    return _with_member(state, member_id, member)


def _revoke(state: RosterState, parsed: Parsed) -> Change:
    member_id = parse_id(parsed.document["member"])
    member = state.members.get(member_id)
    if member is None or member.status == REVOKED or member_id == parsed.author_id:
        raise Tampered("a roster entry revokes somebody who is no member, or its own author")
    members = {**state.members, member_id: replace(member, status=REVOKED)}
    return _with_epochs(state, parsed, rotated_by_leaving(member)) | {"members": MappingProxyType(members)}


def _renew(state: RosterState, parsed: Parsed) -> Change:
    member_id, member = parse_member(parsed.document["member"])
    before = state.members.get(member_id)
    if before is None or member_id == parsed.author_id:
        raise Tampered("a roster entry renews somebody who was no member, or its own author")
    changed = _with_epochs(state, parsed, rotated_by_leaving(before))
    return changed | _with_member(state, member_id, member, changed["taken"])


def _recover(state: RosterState, parsed: Parsed) -> Change:
    member_id, member = parse_member(parsed.document["member"])
    if "coordinator" not in member.roles:
        raise Tampered("a recovery begins with a coordinator")
    lapsed = {
        id_: replace(other, status=LAPSED) if other.status == ACTIVE else other
        for id_, other in state.members.items()
    }
    changed = _with_epochs(state, parsed, Compartment)
    return changed | _with_member(replace(state, members=lapsed), member_id, member, changed["taken"])


def _reshare(state: RosterState, parsed: Parsed) -> Change:
    changed = _with_epochs(state, parsed, Compartment)
    return changed | _recovery(replace(state, taken=changed["taken"]), parsed)


def _recovery(state: RosterState, parsed: Parsed) -> dict[str, Any]:
    """Read another recovery key; alone, as entries of before did, it leaves the epochs as they are."""
    public = parse_public(parsed.document["recovery_public"])
    return {
        "recovery_public": public,
        "recovery_number": state.number + 1,
        "taken": _taking(state.taken, public),
    }


_RULES: Mapping[str, Callable[[RosterState, Parsed], Change]] = {
    "admit": _admit,
    "revoke": _revoke,
    "renew": _renew,
    "recover": _recover,
    "recovery": _recovery,
    "reshare": _reshare,
}


def _with_member(
    state: RosterState, member_id: UUID, member: RosterMember, taken: frozenset[MemberPublic] | None = None
) -> dict[str, Any]:
    members = MappingProxyType({**state.members, member_id: member})
    return {"members": members, "taken": _taking(state.taken if taken is None else taken, member.public)}


def _with_epochs(state: RosterState, parsed: Parsed, rotated: Iterable[Compartment]) -> dict[str, Any]:
    """Read the new epochs: exactly the next one of each compartment that has to rotate."""
    epochs = state.write_epochs
    new: Commitments = parse_commitments(parsed.document["commitments"])
    if new.keys() != {(compartment, epochs[compartment] + 1) for compartment in rotated}:
        raise Tampered("a roster entry begins other epochs than it has to")
    audit_public = parse_public(parsed.document["audit_public"])
    rotates_audit = any(compartment is Compartment.AUDIT for compartment, _epoch in new)
    if not rotates_audit and audit_public != state.audit_public:
        raise Tampered("a roster entry changes the audit key without its epoch")
    return {
        "commitments": MappingProxyType({**state.commitments, **new}),
        "audit_public": audit_public,
        "taken": _taking(state.taken, audit_public) if rotates_audit else state.taken,
    }


def _taking(taken: frozenset[MemberPublic], public: MemberPublic) -> frozenset[MemberPublic]:
    if public in taken:
        raise Tampered("a roster entry names a public key that stood here before")
    return taken | {public}
