"""A request for access to information: to whom it went, by when an answer is due, what became of it.

Time limits are proposed, never decided: who files a request enters the day. They count from the day a public
body receives it, so the day of sending is the earliest that can be meant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from casework.errors import Invalid

from .dates import FIRST_YEAR, LAST_YEAR
from .documents import Document, read_date, read_text, require_same, require_shape
from .folding import clean_line, clean_text
from .messages import N_

Value = TypeVar("Value")


class Law(StrEnum):
    """Which law a request is made under, as far as its time limit goes."""

    FEDERAL = "federal"
    QUEBEC = "quebec"
    OTHER = "other"


TIME_LIMIT_DAYS: Mapping[Law, int] = {Law.FEDERAL: 30, Law.QUEBEC: 20}
"""Days after receipt. Federal: Access to Information Act, R.S.C. 1985, c. A-1, s. 7. Québec: Act respecting
Access to documents held by public bodies, CQLR c. A-2.1, s. 47; 10 days more where the body gives notice."""


class Standing(StrEnum):
    """Where a request stands on a day."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    RECEIVED = "received"
    APPEALED = "appealed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """One request. `number` is the one that the body gave it, `subject` what was asked for.

    Raises `Invalid` naming what is missing, or a day that comes before the request was sent.
    """

    body: str
    law: Law
    sent_on: date
    due_on: date
    subject: str = ""
    number: str = ""
    extended_to: date | None = None
    received_on: date | None = None
    appealed_on: date | None = None
    closed_on: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """Tidy the words; refuse days out of order."""
        for name, longest in (("body", 200), ("subject", 200), ("number", 80)):
            object.__setattr__(self, name, clean_line(getattr(self, name), name, longest))
        object.__setattr__(self, "note", clean_text(self.note, "note", 2000))
        faults = {}
        if not self.body:
            faults["body"] = N_("Write to whom it was sent.")
        for name in _DAYS:
            day = getattr(self, name)
            if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
                faults[name] = N_("Write the year with four digits, from 1900 to 2199.")
            elif day is not None and day < self.sent_on:
                faults[name] = N_("Choose a day that does not come before the request was sent.")
        if self.extended_to is not None and self.extended_to < self.due_on:
            faults.setdefault("extended_to", N_("Choose a day that is later than the first deadline."))
        if faults:
            raise Invalid(**faults)

    @property
    def deadline(self) -> date:
        """Give the day by which an answer is due, as it stands."""
        return self.extended_to or self.due_on

    def standing(self, today: date) -> Standing:
        """Tell where it stands: on the day of the deadline it still waits."""
        if self.closed_on is not None:
            return Standing.CLOSED
        if self.appealed_on is not None:
            return Standing.APPEALED
        if self.received_on is not None:
            return Standing.RECEIVED
        return Standing.OVERDUE if today > self.deadline else Standing.WAITING

    def days_left(self, today: date) -> int:
        """Count the days until the deadline; below 0 where it is over."""
        return (self.deadline - today).days

    def to_document(self) -> Document:
        """Write it as the document that is sealed."""
        days = {name: _write(getattr(self, name)) for name in _DAYS}
        return {"schema": 1, "law": self.law.value, **{name: getattr(self, name) for name in _TEXTS}, **days}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "AccessRequest":
        """Read what `to_document` wrote; `Invalid` for anything else."""
        require_shape(document, frozenset({"schema", "law", *_TEXTS, *_DAYS}))
        law = read_text(document, "law")
        texts: dict[str, Any] = {name: read_text(document, name) for name in _TEXTS}
        days: dict[str, Any] = {name: _read(read_date, document[name]) for name in _LATER}
        made = cls(
            law=Law(law) if law in list(Law) else Law.OTHER,
            sent_on=read_date(document["sent_on"]),
            due_on=read_date(document["due_on"]),
            **texts,
            **days,
        )
        require_same(dict(document), made.to_document())
        return made


_TEXTS = ("body", "subject", "number", "note")
_LATER = ("extended_to", "received_on", "appealed_on", "closed_on")
_DAYS = ("sent_on", "due_on", *_LATER)


def propose_deadline(law: Law, sent_on: date) -> date | None:
    """Propose the day by which an answer is due; None under a law whose limit is not known here."""
    days = TIME_LIMIT_DAYS.get(law)
    return None if days is None else sent_on + timedelta(days=days)


def _write(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read(read: Callable[[Any], Value], value: Any) -> Value | None:
    return None if value is None else read(value)
