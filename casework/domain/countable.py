"""When somebody could be counted: from when until when their agreement to statistics stood in the records.

What is decisive for a table that has left is what casework knew then, not the day on which somebody took
their agreement back: a withdrawal that is written down late left their figures in every table until then.
"""

import re
from collections.abc import Iterable
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
    """`since` is when the agreement was first written down, `until` when it held no longer; both in UTC.

    It holds no longer once the answer is another one, or once another record of the same person says no.

    Without `since` nobody knows from when; without `until` the present answer tells. Between the two it may
    have been taken back and given again: a table of that time is taken to count the person.
    """

    since: datetime | None = None
    until: datetime | None = None

    def noted(self, was: str, now: str, at: datetime) -> "Countable":
        """Give what is known once the answer `was` has become `now`, written down at `at` (with a zone).

        Who is first written down as having withdrawn did agree once: until then nobody knows.
        """
        moment = _to_second(at)
        if was == now == GIVEN:
            return self
        if now == GIVEN:
            return Countable(self.since if self.until else moment)
        if self.until is None and (was == GIVEN or WITHDRAWN in (was, now)):
            return replace(self, until=moment)
        return self

    def settled(self, has_said_no: bool, at: datetime) -> "Countable":
        """Give what is known of an agreement beside the other records of the person: one says no, or none."""
        if not has_said_no:
            return replace(self, until=None)
        return self if self.until else replace(self, until=_to_second(at))

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


def join_countable(records: Iterable[tuple[Countable, str]], answer: str, at: datetime) -> Countable:
    """Give what is known of a record that is made, at `at`, of others: each with its answer, then its own.

    From when the first of them could be counted until the last of them could be no longer.
    """
    counted = [one for one, said in records if said in (GIVEN, WITHDRAWN) or one.until is not None]
    moment, sinces = _to_second(at), [one.since for one in counted if one.since is not None]
    if not counted:
        return Countable(moment) if answer == GIVEN else Countable()
    since = min(sinces) if len(sinces) == len(counted) else None
    return Countable(since, None if answer == GIVEN else max(one.until or moment for one in counted))


def _to_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


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
