"""What lines of time are called in a release, in its documents: written and read here.

The label of a line is the period of its sum, "2025", "2025-Q1" or "2025-Q1/2026-Q2", so that half a year is
not the year of another release. What lies in a period and in none of its lines has "unknown" before that.
"""

from .period import Period, read_quarter, write_quarter
from .vocabulary import UNKNOWN

AXIS = "date"
_BETWEEN = "/"
_UNPLACED = f"{UNKNOWN} "


def label_period(period: Period) -> str:
    """Label a sum over a period."""
    if period.first[0] == period.last[0] and (period.first[1], period.last[1]) == (1, 4):
        return f"{period.first[0]:04d}"
    return f"{write_quarter(period.first)}{_BETWEEN}{write_quarter(period.last)}"


def label_unplaced(period: Period) -> str:
    """Label what lies in a period, and in none of its lines."""
    return f"{_UNPLACED}{label_period(period)}"


def is_unplaced(label: str) -> bool:
    """Whether it is a label that `label_unplaced` gave."""
    return label.startswith(_UNPLACED)


def read_label(label: str) -> Period:
    """Return the period of a sum, also of a single quarter's; `Invalid(quarter=…)` for anything else."""
    first, between, last = label.partition(_BETWEEN)
    if not between:
        first, last = (f"{first}-Q1", f"{first}-Q4") if first.isdigit() else (first, first)
    return Period(read_quarter(first), read_quarter(last))


def code_of_line(label: str) -> str:
    """Return the code that statistics have for a line: part of a year is that year there."""
    if is_unplaced(label):
        return UNKNOWN
    return f"{read_label(label).first[0]:04d}" if _BETWEEN in label else label
