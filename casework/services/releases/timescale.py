"""Dates of a release: codes that mean the same in every release, whatever its period."""

from collections.abc import Iterator
from datetime import date

from casework.disclosure.ledger.layouts import Category, Scale
from casework.domain.dates import Precision, Season, VagueDate
from casework.domain.period import Period, write_quarter
from casework.domain.timelabels import AXIS, label_period, label_unplaced

OUTSIDE = "outside"
"""Carried by nothing, and in no table: so no sum is over all codes, and each says of which period it is."""


def code_of(when: VagueDate) -> str:
    """Return the code of a date that is not unknown: its quarter, else the season or year that it is."""
    quarter = when.quarter()
    return when.encode() if quarter is None else write_quarter(quarter)


def list_codes(period: Period) -> tuple[str, ...]:
    """List the codes of all dates that lie in a period for certain, and `OUTSIDE`."""
    years = range(period.first[0], period.last[0] + 1)
    return (*(code for year in years for code, when in _dates(year) if period.holds(when)), OUTSIDE)


def whole_scale(period: Period) -> Scale:
    """Return the scale of a table that does not tell times apart: its one line is the period."""
    return Scale(AXIS, (_whole(period),))


def time_scale(name: str, period: Period) -> Scale:
    """Return the scale of the dimension `year` or `quarter`: its lines, what lies in none, and the period."""
    parts = list(_years(period) if name == "year" else _quarters(period))
    told = {code for part in parts for code in part.codes}
    whole = _whole(period)
    rest = tuple(code for code in whole.codes if code not in told)
    if rest:
        parts.append(Category(label_unplaced(period), rest))
    if parts[0].codes != whole.codes:
        parts.append(whole)
    return Scale(AXIS, tuple(parts))


def _whole(period: Period) -> Category:
    return Category(label_period(period), list_codes(period)[:-1])


def _quarters(period: Period) -> Iterator[Category]:
    for quarter in period.quarters():
        code = write_quarter(quarter)
        yield Category(code, (code,))


def _years(period: Period) -> Iterator[Category]:
    for year in period.years():
        part = Period(max(period.first, (year, 1)), min(period.last, (year, 4)))
        yield Category(label_period(part), list_codes(part)[:-1])


def _dates(year: int) -> Iterator[tuple[str, VagueDate]]:
    days = [VagueDate.on(date(year, month, 1)).without_day() for month in (1, 4, 7, 10)]
    seasons = [VagueDate.from_parts(Precision.SEASON, year, season=season) for season in Season]
    for when in (*days, *seasons, VagueDate.from_parts(Precision.YEAR, year)):
        yield code_of(when), when
