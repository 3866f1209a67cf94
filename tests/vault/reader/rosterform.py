"""§10, the form: what an entry of each kind is made of."""

from dataclasses import dataclass
from typing import Any

from tests.vault.reader.conventions import Document, from_base64url, from_hex_id, read_document
from tests.vault.reader.refusals import require
from tests.vault.reader.seals import check_public

NOBODY = bytes(16)
GRANTED = {
    "advocate": {"shared", "coded"},
    "caseworker": {"shared", "identity", "narrative", "coded"},
    "coordinator": {"shared", "identity", "narrative", "coded", "audit"},
}
COMPARTMENTS = ("audit", "coded", "identity", "narrative", "shared")
ALWAYS = {"schema", "kind", "number", "previous", "author"}
KEYS = {
    "found": {"member", "recovery_public", "audit_public", "commitments"},
    "admit": {"member"},
    "revoke": {"member", "audit_public", "commitments"},
    "renew": {"member", "audit_public", "commitments"},
    "recover": {"member", "audit_public", "commitments"},
    "recovery": {"recovery_public"},
    "reshare": {"recovery_public", "audit_public", "commitments"},
}


@dataclass(frozen=True)
class Named:
    """A member as an entry names them."""

    id: bytes
    public: bytes
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Body:
    """What an entry says; what its kind has not is None."""

    kind: str
    number: int
    previous: bytes
    author: bytes
    named: Named | None
    leaving: bytes | None
    recovery: bytes | None
    audit: bytes | None
    epochs: dict[tuple[str, int], bytes]


def _named(value: Any) -> Named:
    require(isinstance(value, dict) and value.keys() == {"id", "public", "roles"}, "member")
    roles = value["roles"]
    require(isinstance(roles, list) and bool(roles), "roles")
    require(all(isinstance(role, str) and role in GRANTED for role in roles), "role")
    require(roles == sorted(set(roles)), "order of roles")
    member = Named(from_hex_id(value["id"]), check_public(from_base64url(value["public"])), tuple(roles))
    require(member.id != NOBODY, "zero id")
    return member


def _epochs(listed: Any) -> dict[tuple[str, int], bytes]:
    require(isinstance(listed, list), "commitments")
    epochs: dict[tuple[str, int], bytes] = {}
    for one in listed:
        require(isinstance(one, dict) and one.keys() == {"commitment", "compartment", "epoch"}, "commitment")
        place, commitment = (one["compartment"], one["epoch"]), from_base64url(one["commitment"])
        require(place[0] in COMPARTMENTS and type(place[1]) is int and 0 < place[1] < 2**32, "epoch")
        require(len(commitment) == 32 and place not in epochs, "commitment")
        epochs[place] = commitment
    require(list(epochs) == sorted(epochs), "order of commitments")
    return epochs


def _public(document: Document, name: str) -> bytes | None:
    return check_public(from_base64url(document[name])) if name in document else None


def read_body(encoded: bytes) -> Body:
    """Return what an entry says; refused unless it has exactly the form of its kind."""
    document = read_document(encoded)
    kind = document.get("kind")
    require(isinstance(kind, str) and kind in KEYS, "kind")
    require(document.keys() == ALWAYS | KEYS[str(kind)], "keys")
    schema, number = document["schema"], document["number"]
    require(type(schema) is int and schema == 1 and type(number) is int and number > 0, "schema or number")
    previous, author = from_base64url(document["previous"]), from_hex_id(document["author"])
    require(len(previous) == 32 and (author == NOBODY) == (kind == "recover"), "previous or author")
    leaving = from_hex_id(document["member"]) if kind == "revoke" else None
    named = _named(document["member"]) if "member" in document and kind != "revoke" else None
    publics = (_public(document, "recovery_public"), _public(document, "audit_public"))
    epochs = _epochs(document.get("commitments", []))
    return Body(str(kind), number, previous, author, named, leaving, *publics, epochs)
