"""Months of the calendar: going back by them, where they end."""

from calendar import monthrange
from datetime import date, datetime


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day and time some months earlier; the month's last day where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
