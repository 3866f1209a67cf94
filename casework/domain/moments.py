"""When something happened or is due: a date as well as it is known, and the time of day where that is known.

A moment that is not known to the minute can mean many instants. `earliest` and `latest` bound them, in UTC:
a clock that starts counts from the earliest, so that what is due is never told too late.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from casework.errors import Invalid

from .dates import Precision, VagueDate
from .messages import N_

_FORM = re.compile(r"(?P<date>[^T]+)(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}))?")
_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date with its precision and, of a known day, the wall clock's time to the minute.

    Raises `Invalid(time=…)` for a time without a day.
    """

    date: VagueDate
    time: dt.time | None = None

    def __post_init__(self) -> None:
        """Refuse a time that belongs to no day."""
        if self.time is not None and self.date.precision is not Precision.DAY:
            raise Invalid(time=N_("Give the day as well, or leave the time out."))

    @classmethod
    def on(cls, day: dt.date, at: dt.time | None = None) -> Self:
        """Make the moment of one known day, and perhaps its time."""
        return cls(VagueDate.on(day), at)

    @classmethod
    def unknown(cls) -> Self:
        """Make the moment of which nothing is known."""
        return cls(VagueDate.unknown())

    @classmethod
    def parse(cls, text: str) -> "Moment":
        """Read what `encode` wrote; `Invalid` for any other spelling."""
        form = _FORM.fullmatch(text)
        if form is None:
            raise Invalid(time=N_("Write the time as 14:05."))
        known = VagueDate.parse(form["date"])
        if form["hour"] is None:
            return cls(known)
        try:
            return cls(known, dt.time(int(form["hour"]), int(form["minute"])))
        except ValueError:
            raise Invalid(time=N_("Write the time as 14:05.")) from None

    def encode(self) -> str:
        """Write the date as `VagueDate.encode` does, and "T14:05" after it where the time is known."""
        at = f"T{self.time:%H:%M}" if self.time is not None else ""
        return self.date.encode() + at

    @property
    def is_exact(self) -> bool:
        """Whether day and time are known."""
        return self.time is not None

    def earliest(self, zone: dt.tzinfo) -> dt.datetime | None:
        """Give the first instant, in UTC, that this can mean in `zone`; None where nothing is known.

        Of an hour that the clocks show twice that is the first one; of one that they skip, the same reading
        of a clock that was put forward already.
        """
        span = self.date.span()
        return None if span is None else min(_instants(span[0], self.time or dt.time.min, zone))

    def latest(self, zone: dt.tzinfo) -> dt.datetime | None:
        """Give the last instant, in UTC, that this can mean in `zone`; of a day, its end."""
        span = self.date.span()
        if span is None:
            return None
        if self.time is not None:
            return max(_instants(span[1], self.time, zone))
        return max(_instants(span[1], dt.time(23, 59), zone)) + _MINUTE

    def require_past(self, now: dt.datetime, zone: dt.tzinfo) -> None:
        """Raise `Invalid(time=…)` where even the first instant that this can mean is after `now`."""
        began = self.earliest(zone)
        if began is not None and began > now:
            raise Invalid(time=N_("Give a time that is not in the future."))


@lru_cache(maxsize=4096)
def _instants(day: dt.date, at: dt.time, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    """Give both instants that a wall clock's reading can mean: the same one, but where the clocks change.

    Kept, as thousands of deadlines fall on few days.
    """
    local = dt.datetime.combine(day, at, zone)
    return local.replace(fold=0).astimezone(dt.UTC), local.replace(fold=1).astimezone(dt.UTC)
