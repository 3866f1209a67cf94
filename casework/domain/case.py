"""A case: one matter that the collective accompanies, known by a short reference."""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from casework.errors import Invalid

from .dates import FIRST_YEAR, LAST_YEAR
from .documents import Document, read_date, read_frequent_uuid, read_text, require_shape, unreadable
from .messages import N_
from .vocabulary import NOT_ASKED, UNKNOWN, code_list

OPEN = "open"
CLOSED = "closed"

# No 0 O, 1 I L, 2 Z, 5 S or 8 B, which are misread by hand; no vowel, so that no word comes up.
REFERENCE_LETTERS = "CDFGHJKMNPQRTVWXY34679"

REFERENCE_LENGTHS = range(4, 7)
"""How many letters stand behind the year: four, or more once a year has few of these left."""
_REFERENCE = re.compile(r"(?P<year>[0-9]{4})-(?P<rest>[0-9A-Z]{4,6})")


_KEYS_1 = frozenset({"schema", "reference", "status", "opened_on", "opened_by"})
_KEYS_2 = _KEYS_1 | {"responsible", "touched_on", "hold_since"}
_KEYS_3 = _KEYS_2 | {"binned_on"}
_KEYS_4 = _KEYS_3 | {"binned_by", "swept", "announced_on"}
_KEYS = _KEYS_4 | {"closed_on", "closed_by", "closing_reason"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What is coded of a case: its reference, whether it is open, who accompanies it.

    `touched_on` is the day of the last new content, by which retention counts; a case with `hold_since` is on
    legal hold from that day. `binned_on` is the day on which it came into the bin: without it nothing is
    erased by itself, whatever the database says. `binned_by` moved it there, None where a rule did (`swept`),
    or a version of casework that did not say. `announced_on` is the day since which somebody could see on
    their start page that it is to go. A closed case says when, by whom and why (a code of `closing_reason`);
    one that an earlier version closed does not.
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
    closed_on: date | None = None
    closed_by: UUID | None = None
    closing_reason: str | None = None

    @classmethod
    def opened(cls, reference: str, on: date, by: UUID) -> "CaseFacts":
        """Describe a case as it begins: accompanied by who opened it."""
        return cls(reference=reference, opened_on=on, opened_by=by, responsible=by, touched_on=on)

    @property
    def is_closed(self) -> bool:
        """Whether nobody works on it any more."""
        return self.status == CLOSED

    def closed(self, on: date, by: UUID, reason: str) -> "CaseFacts":
        """Give the case as it is once closed; `Invalid` naming `reason` for what is no reason."""
        if reason not in closing_reasons():
            raise Invalid(reason=N_("Choose why the case is closed."))
        return replace(self, status=CLOSED, closed_on=on, closed_by=by, closing_reason=reason)

    def reopened(self) -> "CaseFacts":
        """Give the case as it is once somebody works on it again."""
        return replace(self, status=OPEN, closed_on=None, closed_by=None, closing_reason=None)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 5."""
        return {
            "schema": 5,
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
            "closed_on": _write_day(self.closed_on),
            "closed_by": self.closed_by.hex if self.closed_by else None,
            "closing_reason": self.closing_reason,
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
        if type(document) is dict and document.get("schema") == 4:
            document = _upgrade_4(document)
        require_shape(document, _KEYS, schema=5)
        reference, status = read_text(document, "reference"), read_text(document, "status")
        if _REFERENCE.fullmatch(reference) is None or status not in code_list("case_status"):
            raise unreadable()
        by, swept = document["binned_by"], document["swept"]
        closer, reason = document["closed_by"], document["closing_reason"]
        if type(swept) is not int or swept not in (0, 1):
            raise unreadable()
        if reason is not None and read_text(document, "closing_reason") not in code_list("closing_reason"):
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
            closed_on=_read_day(document["closed_on"]),
            closed_by=None if closer is None else read_frequent_uuid(closer),
            closing_reason=reason,
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


def _upgrade_4(document: Document) -> Document:
    """Schema 4 did not say why a case was closed: nobody could close one."""
    require_shape(document, _KEYS_4, schema=4)
    return {**document, "schema": 5, "closed_on": None, "closed_by": None, "closing_reason": None}


def closing_reasons() -> tuple[str, ...]:
    """Give the codes of the reasons for which a case can be closed."""
    return tuple(code for code in code_list("closing_reason").codes if code not in (UNKNOWN, NOT_ASKED))


def _write_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_day(value: object) -> date | None:
    return None if value is None else read_date(value)


def new_reference(year: int, letters: int = REFERENCE_LENGTHS[0]) -> str:
    """Draw a reference such as "2026-K7QX": who stores it makes sure it is free.

    A year has 234,256 of four `letters`, 113 million of six. Raises Invalid naming `year` before 1900 or
    after 2199.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(year=N_("Write the year with four digits, from 1900 to 2199."))
    return f"{year}-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(letters))


def read_reference(text: str) -> str | None:
    """Give the reference that somebody typed, in its one spelling, or None when it is none."""
    typed = text.strip().upper().replace(" ", "-")
    return typed if _REFERENCE.fullmatch(typed) else None


def read_reference_end(text: str) -> str | None:
    """Give what references end with when somebody typed no more of one than that: "-K7QX"."""
    typed = text.strip().upper().removeprefix("-")
    return f"-{typed}" if len(typed) in REFERENCE_LENGTHS and set(typed) <= set(REFERENCE_LETTERS) else None
