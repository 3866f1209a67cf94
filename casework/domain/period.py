"""A period of whole quarters: the only kind that statistics are made for."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from casework.errors import Invalid

from .dates import FIRST_YEAR, LAST_YEAR, Quarter, VagueDate
from .messages import N_

_FORM = re.compile(r"(?P<year>[0-9]{4})-Q(?P<number>[1-4])")


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day of one quarter to the last day of another, both included.

    Raises `Invalid(last=…)` when it would end before it begins.
    """

    first: Quarter
    last: Quarter

    def __post_init__(self) -> None:
        """Refuse a period that holds no day."""
        if self.last < self.first:
            raise Invalid(last=N_("Choose an end that does not come before the beginning."))

    @property
    def first_day(self) -> date:
        """Give the first day."""
        return _first_day(self.first)

    @property
    def last_day(self) -> date:
        """Give the last day."""
        year, number = self.last
        return _first_day((year + number // 4, number % 4 + 1)) - timedelta(days=1)

    def holds(self, vague: VagueDate) -> bool:
        """Tell whether the date lies in the period for certain: all days that it can mean do."""
        span = vague.span()
        return span is not None and self.first_day <= span[0] and span[1] <= self.last_day

    def overlaps(self, other: "Period") -> bool:
        """Tell whether both have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def quarters(self) -> tuple[Quarter, ...]:
        """List the quarters, in order."""
        count = (self.last[0] - self.first[0]) * 4 + self.last[1] - self.first[1] + 1
        start = self.first[0] * 4 + self.first[1] - 1
        return tuple((index // 4, index % 4 + 1) for index in range(start, start + count))

    def years(self) -> tuple[int, ...]:
        """List the calendar years that the period touches, in order."""
        return tuple(range(self.first[0], self.last[0] + 1))

    def months_of(self, year: int) -> tuple[int, int]:
        """Give the first and the last month of `year` that lie in the period: (1, 12) for a whole year."""
        first = self.first[1] * 3 - 2 if year == self.first[0] else 1
        return first, self.last[1] * 3 if year == self.last[0] else 12


def write_quarter(quarter: Quarter) -> str:
    """Write "2026-Q3"."""
    return f"{quarter[0]:04d}-Q{quarter[1]}"


def read_quarter(text: str) -> Quarter:
    """Read what `write_quarter` wrote; `Invalid(quarter=…)` for anything else."""
    form = _FORM.fullmatch(text)
    if form is None or not FIRST_YEAR <= int(form["year"]) <= LAST_YEAR:
        raise Invalid(quarter=N_("Choose one of the listed answers."))
    return int(form["year"]), int(form["number"])


def _first_day(quarter: Quarter) -> date:
    return date(quarter[0], quarter[1] * 3 - 2, 1)
