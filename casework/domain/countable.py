"""When somebody could be counted: from when until when their agreement to statistics stood in the records.

What is decisive for a table that has left is what casework knew then, not the day on which somebody took
their agreement back: a withdrawal that is written down late left their figures in every table until then.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from .documents import Document, unreadable

GIVEN, REFUSED, WITHDRAWN = "given", "refused", "withdrawn"

_KEYS = frozenset({"since", "until"})
_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00")
# No clock on earth is further behind: by then the day is over everywhere.
_DAY_IS_OVER = time(12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Countable:
    """`since` is when the agreement was first written down, `until` when it was so no longer; both in UTC.

    Without `since` nobody knows from when; without `until` the present answer tells. Between the two it may
    have been taken back and given again: a table of that time is taken to count the person.
    """

    since: datetime | None = None
    until: datetime | None = None

    def noted(self, was: str, now: str, at: datetime) -> "Countable":
        """Give what is known once the answer `was` has become `now`, written down at `at` (with a zone).

        Who is first written down as having withdrawn did agree once: until then nobody knows.
        """
        moment = at.astimezone(UTC).replace(microsecond=0)
        if now == GIVEN:
            return Countable(self.since if was == GIVEN or self.until else moment)
        if was == GIVEN or (WITHDRAWN in (was, now) and self.until is None):
            return replace(self, until=moment)
        return self

    def covers(self, moment: datetime, answer: str) -> bool:
        """Tell whether a table of `moment` may have counted somebody whose present answer is `answer`."""
        if self.since is not None and moment < self.since:
            return False
        # Both are kept to the second: what left in the same one is taken to have left before.
        return moment <= self.until if self.until is not None else answer in (GIVEN, WITHDRAWN)

    def to_document(self) -> Document | None:
        """Give the plain form, a part of what is sealed of a person; None where nothing is known."""
        if self == Countable():
            return None
        return {name: _write(getattr(self, name)) for name in ("since", "until")}

    @classmethod
    def from_document(cls, document: Any) -> "Countable":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        if document is None:
            return cls()
        if type(document) is not dict or document.keys() != _KEYS:
            raise unreadable()
        read = cls(_read(document["since"]), _read(document["until"]))
        if read == cls():
            raise unreadable()
        return read

    @classmethod
    def guessed(cls, answer: str, on: date | None) -> "Countable":
        """Give what follows from an answer of which nobody noted when it was written down."""
        if answer != WITHDRAWN or on is None:
            return cls()
        return cls(until=datetime.combine(on + timedelta(days=1), _DAY_IS_OVER))


def _write(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _read(text: Any) -> datetime | None:
    if text is None:
        return None
    if type(text) is not str or _FORM.fullmatch(text) is None:  # fromisoformat takes many others
        raise unreadable()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise unreadable() from None
