"""Who is named in a restricted case, each with the public key that they were named under."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from .documents import Document, read_text, read_uuid, require_shape, unreadable

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Naming:
    """The digest of each named member's public key, and of the recovery key, in hex.

    Whoever comes back under a new key is named no longer, until somebody names them again.
    """

    named: Mapping[UUID, str]
    recovery: str

    def with_member(self, member_id: UUID, key: str) -> "Naming":
        """Name a member, with the key that they have now."""
        return replace(self, named={**self.named, member_id: key})

    def without(self, member_id: UUID) -> "Naming":
        """Leave a member out."""
        return replace(self, named={id_: key for id_, key in self.named.items() if id_ != member_id})

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "named": {member_id.hex: key for member_id, key in self.named.items()},
            "recovery": self.recovery,
        }

    @classmethod
    def from_document(cls, document: Document) -> "Naming":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given."""
        require_shape(document, {"schema", "named", "recovery"})
        named = document["named"]
        if type(named) is not dict:
            raise unreadable()
        keys = {read_uuid(member_id): _read_digest(named, member_id) for member_id in named}
        return cls(keys, _read_digest(document, "recovery"))


def _read_digest(document: Document, key: str) -> str:
    digest = read_text(document, key)
    if _DIGEST.fullmatch(digest) is None:
        raise unreadable()
    return digest
