"""What the answers in the columns of the index mean: which incidents may be counted, and when they were.

Outside the fresh cases an incident stands for itself: whether it counts, the people of its own case tell. Of
the fresh ones, which may belong together, the rules of `services/statistics/joining.py` tell, as ever.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from casework.analysis.columns import NOBODY, Answer, Column
from casework.analysis.columns.block import Mask
from casework.domain.coded import FIELDS
from casework.domain.dates import VagueDate
from casework.domain.period import write_quarter
from casework.domain.vocabulary import UNKNOWN, grouping
from casework.services.index.facts import Facts
from casework.services.index.rows import BINNED, YES
from casework.services.statistics.dimensions import NO_PATTERN, DimensionSpec, settle

Order = npt.NDArray[np.int64]


def read_days(facts: Facts, at: int) -> Order:
    """Return the first (0) or last (1) day that each incident's date can mean, by ordinal; 0 of none."""
    dates = facts.column("incidents", "date")
    days: Order = np.array([span_of(value)[at] for value in dates.values], dtype=np.int64)[dates.codes]
    return days


def find_agreed(facts: Facts) -> Mask:
    """Return which incidents may be counted, each by itself, whenever they were: not those in the bin."""
    count, incidents = facts.count("incidents"), facts.numbers("parts", "incident")
    people = facts.numbers("parts", "person")
    agrees = where(facts.column("people", "agrees"), lambda answer: answer == YES)
    there = people != NOBODY
    agreed = incidents[there][agrees[people[there]]]
    named = np.bincount(incidents, minlength=count)
    shown = where(facts.column("cases", "standing"), lambda standing: standing != BINNED)
    counting: Mask = (named > 0) & (named == np.bincount(agreed, minlength=count))
    counting &= shown[facts.numbers("incidents", "case")]
    return counting


def where(column: Column, holds: Callable[[Answer], bool]) -> Mask:
    """Return which rows give an answer of which this holds."""
    return np.array([holds(value) for value in column.values], dtype=np.bool_)[column.codes]


def answers_of(spec: DimensionSpec, value: Answer) -> Sequence[str]:
    """Return what a dimension makes of an answer, as `dimensions.reader` does of a unit's."""
    if spec.field == "date":
        quarter, year = parse_date(value).quarter(), parse_date(value).calendar_year()
        if spec.name == "year":
            return (UNKNOWN if year is None else f"{year:04d}",)
        return (UNKNOWN if quarter is None else write_quarter(quarter),)
    given = (value,) if isinstance(value, str) else value
    if spec.field == "patterns":
        return given or (NO_PATTERN,)
    if spec.attribute:
        groups = _groups(FIELDS[spec.field].list_name, spec.attribute)
        return settle(spec, (groups[code] for code in given))
    return settle(spec, given) if spec.field == "roles" else given


@cache
def _groups(list_name: str, attribute: str) -> Mapping[str, str]:
    return grouping(list_name, attribute)


@lru_cache(maxsize=1 << 16)
def span_of(date: Answer) -> tuple[int, int]:
    """Return the first and the last day that a date can mean, by ordinal; 0 and 0 of an unknown one."""
    span = parse_date(date).span()
    return (span[0].toordinal(), span[1].toordinal()) if span else (0, 0)


def parse_date(date: Answer) -> VagueDate:
    """Return a date as its column has it."""
    assert isinstance(date, str)  # noqa: S101 - a date is one answer
    return VagueDate.parse(date)
