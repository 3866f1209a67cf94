"""One entry of the roster: a canonical document with exact keys for its kind, signed and linked.

Kinds: `found`, `admit`, `revoke`, `renew`, `recover`, `reshare`; `recovery` is read, and no longer written.
Reserved, unknown here: `change`, `rotate`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from casework.errors import Tampered
from casework.vault import documents, encoding, labels
from casework.vault.compartments import RECOVERY_ID
from casework.vault.fields import Compartment
from casework.vault.identity import MemberPublic, MemberSecret
from casework.vault.labels import HASH_BYTES, Label, u64

SCHEMA = 1
ROLES = frozenset({"advocate", "caseworker", "coordinator"})
GENESIS_HASH = bytes(HASH_BYTES)
"""What the first entry names as the hash before it."""

Commitments = Mapping[tuple[Compartment, int], bytes]

_COMMON_KEYS = {"author", "kind", "number", "previous", "schema"}
_KEYS = {
    "found": _COMMON_KEYS | {"audit_public", "commitments", "member", "recovery_public"},
    "admit": _COMMON_KEYS | {"member"},
    "revoke": _COMMON_KEYS | {"audit_public", "commitments", "member"},
    "renew": _COMMON_KEYS | {"audit_public", "commitments", "member"},
    "recover": _COMMON_KEYS | {"audit_public", "commitments", "member"},
    "recovery": _COMMON_KEYS | {"recovery_public"},
    "reshare": _COMMON_KEYS | {"audit_public", "commitments", "recovery_public"},
}
ACTIVE, REVOKED, LAPSED = "active", "revoked", "lapsed"


@dataclass(frozen=True)
class Entry:
    """A row of the roster as it is stored: nothing of it is trusted before `roster.verify`."""

    number: int
    body: bytes
    signature: bytes

    @cached_property
    def hash(self) -> bytes:
        """The 32 bytes that the next entry and every pin name."""
        return labels.digest(Label.ROSTER_ENTRY, u64(self.number), self.body, self.signature)


@dataclass(frozen=True, slots=True)
class RosterMember:
    """What the roster says of a member: `status` is active, revoked, or lapsed since the last recovery."""

    roles: tuple[str, ...]
    status: str
    public: MemberPublic


@dataclass(frozen=True, slots=True)
class Parsed:
    """The common part of an entry's body, and the document to read the rest from.

    The author of `recover` is the recovery key, whose id is zero.
    """

    kind: str
    author_id: UUID
    previous: bytes
    document: Mapping[str, Any]


def signed_message(number: int, previous: bytes, body: bytes) -> bytes:
    """Return what an entry's signature is over."""
    return labels.frame(Label.ROSTER_SIGNATURE, u64(number), previous, body)


def sign_entry(secret: MemberSecret, number: int, previous: bytes, fields: Mapping[str, Any]) -> Entry:
    """Write and sign the entry after the one whose hash is `previous`."""
    common = {"number": number, "previous": encoding.to_text(previous), "schema": SCHEMA}
    body = documents.encode({**fields, **common})
    return Entry(number, body, secret.sign(signed_message(number, previous, body)))


def member_document(member_id: UUID, roles: tuple[str, ...], public: MemberPublic) -> dict[str, Any]:
    """Return how an entry writes a member."""
    return {
        "id": member_id.hex,
        "public": encoding.to_text(public.encode()),
        "roles": sorted(set(roles)),
    }


def commitment_documents(commitments: Commitments) -> list[dict[str, Any]]:
    """Return how an entry writes commitments: by compartment, then epoch."""
    return [
        {"commitment": encoding.to_text(value), "compartment": compartment.value, "epoch": epoch}
        for (compartment, epoch), value in sorted(commitments.items())
    ]


def parse(entry: Entry) -> Parsed:
    """Read the common part; Tampered unless the body is canonical with exactly the keys of its kind."""
    document = documents.decode(entry.body)
    kind = document.get("kind")
    if not isinstance(kind, str) or document.keys() != _KEYS.get(kind):
        raise Tampered("a roster entry of an unknown kind, or with other fields than its kind has")
    _require_number(document["schema"], SCHEMA)
    _require_number(document["number"], entry.number)
    previous = encoding.from_text(_text(document["previous"]), HASH_BYTES)
    author = _parse_recovery(document["author"]) if kind == "recover" else parse_id(document["author"])
    return Parsed(kind, author, previous, document)


def _parse_recovery(value: object) -> UUID:
    if value != RECOVERY_ID.hex:
        raise Tampered("a recovery is signed by the recovery key")
    return RECOVERY_ID


def parse_id(value: object) -> UUID:
    """Read a member's id; Tampered unless it is 32 lower-case hex digits, not all zero."""
    text = _text(value)
    try:
        parsed = UUID(hex=text)
    except ValueError:
        raise Tampered("not an id") from None
    if parsed.hex != text or not parsed.int:
        raise Tampered("not an id")
    return parsed


def parse_public(value: object) -> MemberPublic:
    """Read a public key; Tampered for anything else."""
    return MemberPublic.decode(encoding.from_text(_text(value)))


def parse_member(value: object) -> tuple[UUID, RosterMember]:
    """Read a member as an entry that admits them writes them; Tampered for anything else."""
    if not isinstance(value, dict) or value.keys() != {"id", "public", "roles"}:
        raise Tampered("a roster entry's member has other fields")
    roles = value["roles"]
    if not isinstance(roles, list) or not roles or not all(isinstance(role, str) for role in roles):
        raise Tampered("a member has roles")
    if roles != sorted(set(roles)) or not ROLES.issuperset(roles):
        raise Tampered("a member's roles are known ones, in order, each once")
    return parse_id(value["id"]), RosterMember(tuple(roles), ACTIVE, parse_public(value["public"]))


def parse_commitments(value: object) -> Commitments:
    """Read the commitments of an entry; Tampered unless they are in order, each place once."""
    if not isinstance(value, list):
        raise Tampered("commitments are a list")
    commitments = dict(_parse_commitment(item) for item in value)
    if commitment_documents(commitments) != value:
        raise Tampered("commitments are in order, each place once")
    return commitments


def _parse_commitment(item: object) -> tuple[tuple[Compartment, int], bytes]:
    if not isinstance(item, dict) or item.keys() != {"commitment", "compartment", "epoch"}:
        raise Tampered("a commitment has other fields")
    epoch = item["epoch"]
    if type(epoch) is not int or not 1 <= epoch < 2**32:
        raise Tampered("a commitment is for an epoch from 1 on")
    try:
        compartment = Compartment(_text(item["compartment"]))
    except ValueError:
        raise Tampered("a commitment for an unknown compartment") from None
    return (compartment, epoch), encoding.from_text(_text(item["commitment"]), HASH_BYTES)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Tampered("a roster entry holds text here")
    return value


def _require_number(value: object, expected: int) -> None:
    if type(value) is not int or value != expected:
        raise Tampered("a roster entry has another number or schema")
