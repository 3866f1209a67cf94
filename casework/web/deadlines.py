"""How deadlines read: the exact local time, how long there is left, which review it is."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID

from babel.dates import format_skeleton
from flask import Flask
from flask_babel import get_locale, get_timezone, gettext, ngettext

from casework.domain.clocks import DueReview
from casework.domain.followup import Detention
from casework.domain.moments import Moment
from casework.web.language import time_of_day, vague_date, wall_time

_NOON = time(12)
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_IN_MINUTES, _IN_HOURS = timedelta(hours=2), timedelta(hours=72)


@dataclass(frozen=True)
class Clock:
    """A detention's clock as pages show it."""

    detention: Detention
    review: DueReview
    now: datetime

    @property
    def is_late(self) -> bool:
        """Whether the review should have been held by now."""
        return self.review.is_overdue(self.now)

    @property
    def id(self) -> UUID:
        """The follow-up that started it."""
        return self.detention.id


def init_app(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters["when"] = write_when
    app.jinja_env.filters["due"] = write_due
    app.jinja_env.filters["deadline"] = write_deadline
    app.jinja_env.filters["deadline_day"] = write_deadline_day
    app.jinja_env.filters["span"] = write_span
    app.jinja_env.filters["short_span"] = write_short_span
    app.jinja_env.filters["review_name"] = name_review


def write_when(moment: Moment) -> str:
    """Write a moment as well as it is known."""
    day = vague_date(moment.date)
    return f"{day}, {wall_time(moment.time)}" if moment.time else day


def write_due(moment: Moment) -> str:
    """Write when something is due, of which the day is known, with the day of the week."""
    span = moment.date.span()
    if span is None:
        return write_when(moment)
    return f"{_weekday(span[0])}, {wall_time(moment.time)}" if moment.time else _weekday(span[0])


def write_deadline(moment: datetime) -> str:
    """Write an instant in the organization's time, with the day of the week: "Thu, Nov 26, 2:05 PM"."""
    return f"{write_deadline_day(moment)}, {time_of_day(moment)}"


def write_deadline_day(moment: datetime) -> str:
    """Write the day of an instant with the day of the week, and with its year where that is another."""
    return _weekday(moment.astimezone(get_timezone()).date())


def _weekday(day: date) -> str:
    skeleton = "MMMEd" if day.year == datetime.now(get_timezone()).year else "yMMMEd"
    return _format_day(skeleton, day, str(get_locale() or "en"))


@lru_cache(maxsize=1 << 12)
def _format_day(skeleton: str, day: date, locale: str) -> str:
    """Write a day; once, since the agenda has hundreds of lines and few days."""
    return str(format_skeleton(skeleton, datetime.combine(day, _NOON), locale=locale))


def write_span(span: timedelta) -> str:
    """Write how long that is, forwards or back, in the unit that tells most: "31 hours"."""
    span = abs(span)
    if span < _IN_MINUTES:
        return str(ngettext("one minute", "%(num)d minutes", max(1, span // _MINUTE)))
    if span < _IN_HOURS:
        return str(ngettext("one hour", "%(num)d hours", span // _HOUR))
    return str(ngettext("one day", "%(num)d days", span // _DAY))


def write_short_span(span: timedelta) -> str:
    """Write the same as briefly as it can be read from afar: "31 h"."""
    span = abs(span)
    if span < _IN_MINUTES:
        return str(gettext("%(number)s min", number=span // _MINUTE))
    if span < _IN_HOURS:
        return str(gettext("%(number)s h", number=span // _HOUR))
    return str(gettext("%(number)s d", number=span // _DAY))


def name_review(number: int) -> str:
    """Name the review that is due; `number` counts from 1."""
    if number == 1:
        return str(gettext("First review of the detention"))
    if number == 2:
        return str(gettext("Second review of the detention"))
    return str(gettext("Next review of the detention"))
