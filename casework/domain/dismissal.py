"""A signal that somebody looked into and dismissed, with the reason, until it grows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casework.errors import Invalid

from .documents import (
    Document,
    read_date,
    read_list,
    read_text,
    read_uuid,
    require_same,
    require_shape,
    unreadable,
)
from .folding import clean_text
from .messages import N_

GROWN = 3
"""So many incidents logged since bring a dismissed signal back: as many as make one."""

Series = tuple[tuple[str, str], ...]
"""List and code of each answer that a series is of; empty for that of everything."""

_KEYS = frozenset({"schema", "series", "reason", "on", "by", "that_day"})


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Who dismissed which series, on which day and why.

    The first of `series` is the signal's own, the others stood out by mostly the same incidents. `that_day`
    counts the incidents behind it that had been logged on the day itself. Raises `Invalid(reason=…)` where
    nothing says why, or too much.
    """

    series: tuple[Series, ...]
    reason: str
    on: date
    by: UUID
    that_day: int = 0

    def __post_init__(self) -> None:
        """Tidy the reason."""
        object.__setattr__(self, "reason", clean_text(self.reason, "reason", 2000))
        if not self.reason:
            raise Invalid(reason=N_("Write why it is dismissed: others will read it when it comes back."))

    def count_new(self, logged: Sequence[tuple[date, int]]) -> int:
        """Count those of the incidents behind the signal that were logged since.

        `logged` are the days on which they were, each with how many.
        """
        since = sum(count for day, count in logged if day > self.on)
        return since + max(0, dict(logged).get(self.on, 0) - self.that_day)

    def to_document(self) -> Document:
        """Write it as the document that is sealed."""
        return {
            "schema": 1,
            "series": [[[name, code] for name, code in one] for one in self.series],
            "reason": self.reason,
            "on": self.on.isoformat(),
            "by": self.by.hex,
            "that_day": self.that_day,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Dismissal":
        """Read what `to_document` wrote; `Invalid` for anything else."""
        require_shape(document, _KEYS)
        if type(document["that_day"]) is not int or document["that_day"] < 0:
            raise unreadable()
        made = cls(
            series=tuple(_read_series(one) for one in read_list(document["series"])),
            reason=read_text(document, "reason"),
            on=read_date(document["on"]),
            by=read_uuid(document["by"]),
            that_day=document["that_day"],
        )
        require_same(dict(document), made.to_document())
        return made


def _read_series(value: Any) -> Series:
    pairs = [read_list(pair) for pair in read_list(value)]
    if any(len(pair) != 2 or any(type(part) is not str for part in pair) for pair in pairs):
        raise unreadable()
    return tuple((name, code) for name, code in pairs)
