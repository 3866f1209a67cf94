"""What an organization knows of its recovery shares: how many, since when, and when they were last tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID

from .documents import Document, read_date, read_uuid, require_shape, unreadable
from .messages import N_

REFUSALS: Mapping[str, str] = {
    "missing": N_("Words that are missing: %(numbers)s. A share has 33."),
    "surplus": N_("Words too many: %(numbers)s. A share has 33."),
    "unknown": N_("Not in the list of words: number %(numbers)s. Compare with the sheet, letter by letter."),
    "changed": N_("Word %(numbers)s does not fit the others. Compare it with the sheet."),
    "swapped": N_("Words %(numbers)s seem to have changed places. Compare them with the sheet."),
    "several": N_("Several words do not fit together. Compare all of them with the sheet."),
    "other": N_("These words are a share, yet none that casework makes."),
    "repeated": N_("Share %(numbers)s is entered already. Bring another sheet."),
    "superseded": N_(
        "This is share %(numbers)s of another set: a sheet from before new ones were made, or another"
        " organisation’s."
    ),
    "foreign": N_("This is share %(numbers)s of another set than those entered before."),
    "current": N_("Share %(numbers)s is one of those in force. Bring the sheets from before them."),
    "idle": N_("These shares fit together, yet nothing that waits opens with them."),
    "too_few": N_("Shares that are still missing: %(numbers)s."),
    "disagree": N_("Each of these shares is sound, yet they do not fit together. Bring sheets of one date."),
    "strange": N_(
        "These shares fit together, yet they give another key than the one in force here: they were replaced,"
        " or are another organisation’s."
    ),
}
"""What to say where a share is refused, by the reason; `numbers` are words, sheets, or how many."""

DRILL_DAYS = 183
"""After half a year nobody can be sure where every sheet is."""

Value = TypeVar("Value")

_KEYS = {"schema", "threshold", "shares", "split", "made_on", "made_by", "drilled_on", "drilled_by"}


@dataclass(frozen=True, slots=True)
class RecoveryRecord:
    """The shares in force. What was not written down when they were made is None.

    `split` tells the shares of one making from those of another; it opens nothing.
    """

    threshold: int
    split: int
    shares: int | None = None
    made_on: date | None = None
    made_by: UUID | None = None
    drilled_on: date | None = None
    drilled_by: UUID | None = None

    def is_drill_due(self, today: date) -> bool:
        """Whether the shares were never tried together, or not for half a year."""
        return self.drilled_on is None or self.drilled_on < today - timedelta(days=DRILL_DAYS)

    def drilled(self, on: date, by: UUID) -> Self:
        """Return the record after a quorum was tried."""
        return replace(self, drilled_on=on, drilled_by=by)

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "threshold": self.threshold,
            "shares": self.shares,
            "split": self.split,
            "made_on": self.made_on.isoformat() if self.made_on else None,
            "made_by": self.made_by.hex if self.made_by else None,
            "drilled_on": self.drilled_on.isoformat() if self.drilled_on else None,
            "drilled_by": self.drilled_by.hex if self.drilled_by else None,
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, _KEYS)
        record = cls(
            document["threshold"],
            document["split"],
            document["shares"],
            _optional(read_date, document["made_on"]),
            _optional(read_uuid, document["made_by"]),
            _optional(read_date, document["drilled_on"]),
            _optional(read_uuid, document["drilled_by"]),
        )
        if not all(type(number) is int for number in (record.threshold, record.split, record.shares or 0)):
            raise unreadable()
        return record


def _optional(read: Callable[[Any], Value], value: Any) -> Value | None:
    return None if value is None else read(value)
