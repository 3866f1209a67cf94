"""The receipt of an erased case: what it was called and how much went, nothing of what was in it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from .documents import Document, read_date, read_text, read_uuid, require_shape, unreadable

BY_COORDINATOR = "coordinator"
BY_BIN = "bin"

_KEYS = frozenset({"schema", "reference", "erased_on", "erased_by", "reason", "people", "incidents"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`reason`: BY_COORDINATOR, who did not wait for the bin, or BY_BIN; `erased_by`: in whose session."""

    reference: str
    erased_on: date
    erased_by: UUID
    reason: str
    people: int
    incidents: int

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "reference": self.reference,
            "erased_on": self.erased_on.isoformat(),
            "erased_by": self.erased_by.hex,
            "reason": self.reason,
            "people": self.people,
            "incidents": self.incidents,
        }

    @classmethod
    def from_document(cls, document: Document) -> "Receipt":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, _KEYS)
        people, incidents = document["people"], document["incidents"]
        if type(people) is not int or type(incidents) is not int or people < 0 or incidents < 0:
            raise unreadable()
        if document["reason"] not in (BY_COORDINATOR, BY_BIN):
            raise unreadable()
        return cls(
            reference=read_text(document, "reference"),
            erased_on=read_date(document["erased_on"]),
            erased_by=read_uuid(document["erased_by"]),
            reason=document["reason"],
            people=people,
            incidents=incidents,
        )
