"""What a deed on many cases is made of: what it would change, what stays as it is and why, the way back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from casework.domain.documents import Document
from casework.domain.permissions import Permission
from casework.services.books import FactBook, OpenedCase, OpenedIncident, OpenedPerson
from casework.services.context import Context
from casework.services.transactions import Transaction
from casework.store.cases import Case


class Stay(StrEnum):
    """Why something stays as it is."""

    ALREADY = "already"
    ANSWERED = "answered"
    CHANGED = "changed"
    GONE = "gone"
    LATER = "later"
    NO_INCIDENT = "no_incident"
    NOBODY = "nobody"
    NOT_IN_TEAM = "not_in_team"
    NOT_NAMED = "not_named"
    ON_HOLD = "on_hold"
    SAID_NO = "said_no"
    UNABLE = "unable"


@dataclass(frozen=True, slots=True)
class Item:
    """What a deed changes or leaves: a case, or somebody in it, or an incident of it."""

    case: OpenedCase
    person: OpenedPerson | None = None
    incident: OpenedIncident | None = None

    @property
    def line(self) -> "Line":
        """What is kept of it for the page after the deed."""
        return Line(self.case.id, self.case.facts.reference, self.person.id if self.person else None)


@dataclass(frozen=True, slots=True)
class Line:
    """A case, or somebody in it, by what the page after the deed needs."""

    case_id: UUID
    reference: str
    person_id: UUID | None = None


class Deed(Protocol):
    """Something to do to every chosen case."""

    @property
    def kind(self) -> str:
        """Its permanent name."""

    @property
    def event(self) -> str:
        """What the audit log calls it."""

    @property
    def permission(self) -> Permission:
        """What the member needs, beside each case being theirs to open."""

    @property
    def about(self) -> Mapping[str, str]:
        """What the page after the deed says of it."""

    def check(self, context: Context) -> None:
        """Raise Invalid naming what was answered wrong."""

    def weigh(self, facts: FactBook, case: OpenedCase) -> Iterable[tuple[Item, Stay | None]]:
        """Go through what the deed concerns in a case: None for what it would change, else why not."""

    def write(self, context: Context, opened: Transaction, row: Case, item: Item) -> Document:
        """Change it; returns what taking that back needs, with `case` and `reference`."""

    def fields(self, records: int, cases: int) -> Mapping[str, UUID | int]:
        """Return what the audit entry declares."""


@dataclass(frozen=True, slots=True)
class Reverse:
    """The way back from a deed of one kind.

    `put_back` restores one thing; what somebody changed since stays, and it says why. It raises NotFound for
    what is no longer there or no longer the member's. `fields` are those of the audit entry.
    """

    event: str
    permission: Permission
    put_back: Callable[[Context, Transaction, Document], Stay | None]
    fields: Callable[[Mapping[str, str], int, int], Mapping[str, UUID | int]]
