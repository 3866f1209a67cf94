"""How long a case that was deleted can be restored."""

from datetime import date, timedelta


def last_day_in_bin(binned_on: date, days: int) -> date:
    """Give the last day on which a case can be taken out of the bin again; the day after, it is erased."""
    return binned_on + timedelta(days=days)
