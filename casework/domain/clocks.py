"""The clock of a detention: by when the Immigration Division has to review it.

Immigration and Refugee Protection Act (S.C. 2001, c. 27), section 57: within 48 hours after somebody is taken
into detention, or without delay afterwards (1); at least once during the seven days following that review,
and then at least once during each 30-day period following each previous review (2). Not legal advice.

The 48 hours are elapsed ones. Seven and thirty days are counted both as elapsed time and on the wall clock,
which differ by an hour where the clocks change in between: the earlier one counts. Whatever is not known to
the minute counts from the earliest instant that it can mean. So a due time is never told too late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from .moments import Moment

FIRST_WITHIN = timedelta(hours=48)
SECOND_WITHIN = timedelta(days=7)
LATER_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DueReview:
    """The review that comes next: the `number`th, counted from `since`, due by `due_at` (UTC)."""

    number: int
    since: Moment
    due_at: datetime

    @property
    def is_exact(self) -> bool:
        """Whether the moment that it is counted from is known to the minute."""
        return self.since.is_exact

    def is_overdue(self, now: datetime) -> bool:
        """Whether its time is over: it stays due until it is recorded."""
        return now >= self.due_at


def next_review(detained: Moment, held: Iterable[Moment], zone: tzinfo) -> DueReview | None:
    """Tell which review is due next after those that were `held`; None where nothing of a date is known.

    A review that was missed is due until one is recorded, however late: nothing else moves the clock.
    """
    known = [(start, moment) for moment in held if (start := moment.earliest(zone)) is not None]
    reviews = sorted(known, key=lambda pair: pair[0])
    if not reviews:
        start = detained.earliest(zone)
        return None if start is None else DueReview(1, detained, start + FIRST_WITHIN)
    start, since = reviews[-1]
    within = SECOND_WITHIN if len(reviews) == 1 else LATER_WITHIN
    return DueReview(len(reviews) + 1, since, add_days(start, within.days, zone))


def add_days(instant: datetime, days: int, zone: tzinfo) -> datetime:
    """Give the instant so many days later, in UTC: as elapsed time or by the wall clock, what comes first."""
    elapsed = instant + timedelta(days=days)
    local = instant.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    readings = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return min(elapsed, *readings)
