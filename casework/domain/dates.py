"""Dates as people remember them: a day, a month, a season, a year, or not known.

A season belongs to the year in which it ends: winter 2026 is December 2025 to February 2026. No season
lies within one quarter and winter not within one year, so tables by quarter never guess one.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Self

from casework.errors import Invalid

from .messages import N_

FIRST_YEAR = 1900
LAST_YEAR = 2199
"""Years outside these are taken for slips of the keyboard."""

Quarter = tuple[int, int]
"""A calendar year and a number from 1 to 4."""


class Precision(StrEnum):
    """How closely a date is known."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    UNKNOWN = "unknown"


class Season(StrEnum):
    """Three whole months: winter is December to February."""

    WINTER = "winter"
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"


_FIRST_MONTHS = {Season.SPRING: 3, Season.SUMMER: 6, Season.AUTUMN: 9}

_PARTS: dict[Precision, frozenset[str]] = {
    Precision.DAY: frozenset({"year", "month", "day"}),
    Precision.MONTH: frozenset({"year", "month"}),
    Precision.SEASON: frozenset({"year", "season"}),
    Precision.YEAR: frozenset({"year"}),
    Precision.UNKNOWN: frozenset(),
}

_FORM = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?:(?P<season>winter|spring|summer|autumn)|(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?))?"
)
_NEVER = date(MAXYEAR, 12, 31).toordinal()


@dataclass(frozen=True, slots=True)
class VagueDate:
    """A date with its precision; exactly the parts that the precision names are set, the others None.

    Raises `Invalid(date=…)` when a part is missing, out of range or more precise than stated.
    """

    precision: Precision
    year: int | None = None
    month: int | None = None
    season: Season | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no date: nothing is ever rounded or invented."""
        given = {part for part in ("year", "month", "season", "day") if getattr(self, part) is not None}
        wanted = _PARTS[self.precision]
        if missing := sorted(wanted - given):
            raise Invalid(date=_MISSING[missing[0]])
        if given != wanted:
            raise Invalid(date=N_("Give only as much of the date as is known."))
        if self.year is not None and not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise Invalid(date=N_("Write the year with four digits, from 1900 to 2199."))
        if self.month is not None and not 1 <= self.month <= 12:
            raise Invalid(date=N_("Choose a month from 1 to 12."))
        if self.day is not None and not 1 <= self.day <= monthrange(self.year or 0, self.month or 0)[1]:
            raise Invalid(date=N_("Choose a day that this month has."))

    @classmethod
    def from_parts(
        cls,
        precision: Precision | str,
        year: int | None = None,
        month: int | None = None,
        season: Season | str | None = None,
        day: int | None = None,
    ) -> Self:
        """Make a date of a form's parts, leaving out those that are finer than `precision` says."""
        try:
            known = Precision(precision)
            named = Season(season) if season and known is Precision.SEASON else None
        except ValueError:
            raise Invalid(date=N_("Choose how precisely the date is known.")) from None
        wanted = _PARTS[known]
        return cls(
            known,
            year if "year" in wanted else None,
            month if "month" in wanted else None,
            named,
            day if "day" in wanted else None,
        )

    @classmethod
    def on(cls, day: date) -> Self:
        """Make the date of one known day."""
        return cls(Precision.DAY, year=day.year, month=day.month, day=day.day)

    @classmethod
    def unknown(cls) -> Self:
        """Make the date of which nothing is known."""
        return cls(Precision.UNKNOWN)

    @classmethod
    def parse(cls, text: str) -> "VagueDate":
        """Read what `encode` wrote; `Invalid` for any other spelling."""
        return _parse(text)

    def encode(self) -> str:
        """Write "2026-11-15", "2026-11", "2026-winter", "2026" or "unknown"."""
        if self.year is None:
            return "unknown"
        if self.season is not None:
            return f"{self.year:04d}-{self.season}"
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def span(self) -> tuple[date, date] | None:
        """Give the first and the last day that it can mean, or None when it is unknown."""
        if self.year is None:
            return None
        if self.day is not None and self.month is not None:
            day = date(self.year, self.month, self.day)
            return day, day
        if self.month is not None:
            return _months(self.year, self.month, 1)
        if self.season is Season.WINTER:
            return _months(self.year - 1, 12, 3)
        if self.season is not None:
            return _months(self.year, _FIRST_MONTHS[self.season], 3)
        return date(self.year, 1, 1), date(self.year, 12, 31)

    def without_day(self) -> "VagueDate":
        """Give the month of a day; any other date as it is."""
        return VagueDate(Precision.MONTH, self.year, self.month) if self.precision is Precision.DAY else self

    def quarter(self) -> Quarter | None:
        """Give the calendar quarter, or None when the precision does not decide it."""
        if self.year is None or self.month is None:
            return None
        return self.year, (self.month + 2) // 3

    def calendar_year(self) -> int | None:
        """Give the calendar year, or None when it is not decided: unknown, or a winter."""
        return None if self.season is Season.WINTER else self.year

    def sort_key(self) -> tuple[int, int]:
        """Order by first possible day, then by last: the more precise comes first, the unknown last."""
        span = self.span()
        return (_NEVER, _NEVER) if span is None else (span[0].toordinal(), span[1].toordinal())


_MISSING = {
    "day": N_("Choose the day, or say that only the month is known."),
    "month": N_("Choose the month, or say that only the year is known."),
    "season": N_("Choose the season, or say that only the year is known."),
    "year": N_("Write the year, or say that the date is unknown."),
}


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = year * 12 + month - 1 + count
    return date(year, month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


@lru_cache(maxsize=1 << 16)
def _parse(text: str) -> VagueDate:
    if text == "unknown":
        return VagueDate(Precision.UNKNOWN)
    form = _FORM.fullmatch(text)
    if form is None:
        raise Invalid(date=N_("Write the date as 2026-11-15, 2026-11, 2026-winter, 2026 or unknown."))
    year, month, day = (int(part) if part else None for part in form.group("year", "month", "day"))
    season = form.group("season")
    if season:
        return VagueDate(Precision.SEASON, year, season=Season(season))
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return VagueDate(precision, year, month, day=day)
