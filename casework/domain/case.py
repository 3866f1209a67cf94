"""A case: one matter that the collective accompanies, known by a short reference."""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.errors import Invalid

from .documents import Document, read_date, read_frequent_uuid, read_text, require_shape, unreadable
from .messages import N_
from .vocabulary import code_list

OPEN = "open"
CLOSED = "closed"

# No 0 O, 1 I L, 2 Z, 5 S or 8 B, which are misread by hand; no vowel, so that no word comes up.
REFERENCE_LETTERS = "CDFGHJKMNPQRTVWXY34679"

_REFERENCE = re.compile(r"(?P<year>[0-9]{4})-(?P<rest>[0-9A-Z]{4})")


_KEYS_1 = frozenset({"schema", "reference", "status", "opened_on", "opened_by"})
_KEYS_2 = _KEYS_1 | {"responsible", "touched_on", "hold_since"}
_KEYS_3 = _KEYS_2 | {"binned_on"}
_KEYS = _KEYS_3 | {"binned_by", "swept", "announced_on"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What is coded of a case: its reference, whether it is open, who accompanies it.

    `touched_on` is the day of the last new content, by which retention counts; a case with `hold_since` is on
    legal hold from that day. `binned_on` is the day on which it came into the bin: without it nothing is
    erased by itself, whatever the database says. `binned_by` moved it there, None where a rule did (`swept`),
    or a version of casework that did not say. `announced_on` is the day since which somebody could see on
    their start page that it is to go.
    """

    reference: str
    status: str = OPEN
    opened_on: date
    opened_by: UUID
    responsible: UUID
    touched_on: date
    hold_since: date | None = None
    binned_on: date | None = None
    binned_by: UUID | None = None
    swept: bool = False
    announced_on: date | None = None

    @classmethod
    def opened(cls, reference: str, on: date, by: UUID) -> "CaseFacts":
        """Describe a case as it begins: accompanied by who opened it."""
        return cls(reference=reference, opened_on=on, opened_by=by, responsible=by, touched_on=on)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 4."""
        return {
            "schema": 4,
            "reference": self.reference,
            "status": self.status,
            "opened_on": self.opened_on.isoformat(),
            "opened_by": self.opened_by.hex,
            "responsible": self.responsible.hex,
            "touched_on": self.touched_on.isoformat(),
            "hold_since": _write_day(self.hold_since),
            "binned_on": _write_day(self.binned_on),
            "binned_by": self.binned_by.hex if self.binned_by else None,
            "swept": int(self.swept),
            "announced_on": _write_day(self.announced_on),
        }

    @classmethod
    def from_document(cls, document: Document) -> "CaseFacts":
        """Read what `to_document` gave; `Invalid(document=…)` for anything that it could not have given."""
        if type(document) is dict and document.get("schema") == 1:
            document = _upgrade_1(document)
        if type(document) is dict and document.get("schema") == 2:
            document = _upgrade_2(document)
        if type(document) is dict and document.get("schema") == 3:
            document = _upgrade_3(document)
        require_shape(document, _KEYS, schema=4)
        reference, status = read_text(document, "reference"), read_text(document, "status")
        if _REFERENCE.fullmatch(reference) is None or status not in code_list("case_status"):
            raise unreadable()
        by, swept = document["binned_by"], document["swept"]
        if type(swept) is not int or swept not in (0, 1):
            raise unreadable()
        return cls(
            reference=reference,
            status=status,
            opened_on=read_date(document["opened_on"]),
            opened_by=read_frequent_uuid(document["opened_by"]),
            responsible=read_frequent_uuid(document["responsible"]),
            touched_on=read_date(document["touched_on"]),
            hold_since=_read_day(document["hold_since"]),
            binned_on=_read_day(document["binned_on"]),
            binned_by=None if by is None else read_frequent_uuid(by),
            swept=swept == 1,
            announced_on=_read_day(document["announced_on"]),
        )


def _upgrade_1(document: Document) -> Document:
    """Schema 1 knew neither who accompanies a case nor when it was last touched: as it was opened."""
    require_shape(document, _KEYS_1, schema=1)
    return {
        **document,
        "schema": 2,
        "responsible": document["opened_by"],
        "touched_on": document["opened_on"],
        "hold_since": None,
    }


def _upgrade_2(document: Document) -> Document:
    """Schema 2 did not say when a case came into the bin: who finds one there erases it by hand."""
    require_shape(document, _KEYS_2, schema=2)
    return {**document, "schema": 3, "binned_on": None}


def _upgrade_3(document: Document) -> Document:
    """Schema 3 said neither who had moved a case to the bin nor that it had been announced."""
    require_shape(document, _KEYS_3, schema=3)
    return {**document, "schema": 4, "binned_by": None, "swept": 0, "announced_on": None}


def _write_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(value: object) -> date | None:
    return None if value is None else read_date(value)


def new_reference(year: int) -> str:
    """Draw a reference such as "2026-K7QX". There are 234,256 a year: who stores it makes sure it is free."""
    if not 1900 <= year <= 2199:
        raise Invalid(year=N_("Write the year with four digits, for example 2026."))
    return f"{year}-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(4))


def read_reference(text: str) -> str | None:
    """Give the reference that somebody typed, in its one spelling, or None when it is none."""
    typed = text.strip().upper().replace(" ", "-")
    return typed if _REFERENCE.fullmatch(typed) else None
