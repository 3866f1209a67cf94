"""The receipt of an erased case: what it was called and how much went, nothing of what was in it."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from .documents import Document, read_date, read_text, read_uuid, require_shape, unreadable

BY_COORDINATOR = "coordinator"
BY_BIN = "bin"

_QUORUM = UUID(int=0)

_KEYS_1 = frozenset({"schema", "reference", "erased_on", "erased_by", "reason", "people", "incidents"})
_KEYS_2 = _KEYS_1 | {"restricted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`reason`: BY_COORDINATOR, who did not wait for the bin, or BY_BIN; `erased_by`: in whose session.

    That of a `restricted` case keeps neither its reference nor how much it held: coordinators who were not
    named in it read receipts too, and nobody can tell any more who was named.
    """

    reference: str
    erased_on: date
    erased_by: UUID
    reason: str
    people: int
    incidents: int
    restricted: bool = False

    @property
    def at_restore(self) -> bool:
        """Whether a restore erased what the backup still had: the quorum of shares did, and no member."""
        return self.erased_by == _QUORUM

    def as_restricted(self) -> "Receipt":
        """Return what stays to be said where the case was restricted: when, why and in whose session."""
        return replace(self, reference="", people=0, incidents=0, restricted=True)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 2."""
        return {
            "schema": 2,
            "reference": self.reference,
            "erased_on": self.erased_on.isoformat(),
            "erased_by": self.erased_by.hex,
            "reason": self.reason,
            "people": self.people,
            "incidents": self.incidents,
            "restricted": self.restricted,
        }

    @classmethod
    def from_document(cls, document: Document) -> "Receipt":
        """Read what `to_document` gave, or an older version did; `Invalid(document=…)` for anything else."""
        if document.get("schema") == 1:
            document = _upgrade_1(document)
        require_shape(document, _KEYS_2, schema=2)
        people, incidents = document["people"], document["incidents"]
        if type(people) is not int or type(incidents) is not int or people < 0 or incidents < 0:
            raise unreadable()
        if document["reason"] not in (BY_COORDINATOR, BY_BIN):
            raise unreadable()
        restricted = document["restricted"]
        receipt = cls(
            reference=read_text(document, "reference"),
            erased_on=read_date(document["erased_on"]),
            erased_by=read_uuid(document["erased_by"]),
            reason=document["reason"],
            people=people,
            incidents=incidents,
            restricted=restricted,
        )
        if type(restricted) is not bool or (restricted and receipt != receipt.as_restricted()):
            raise unreadable()
        return receipt


def _upgrade_1(document: Document) -> Document:
    """Schema 1 did not say whether the case was restricted, and kept the reference of each."""
    require_shape(document, _KEYS_1, schema=1)
    return {**document, "schema": 2, "restricted": False}
