"""What statistics count, read off the index: the same as off the opened records, without opening them.

Outside the fresh cases an incident stands for itself: whether it counts, the people of its own case tell. Of
the fresh ones, which may belong together, the rules of `services/statistics/joining.py` tell, as ever.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from casework.analysis.columns import NOBODY, Answer, Column, gather
from casework.analysis.columns.block import Mask
from casework.analysis.columns.writing import Array
from casework.domain.coded import FIELDS, PERSON_FIELDS
from casework.domain.dates import VagueDate
from casework.domain.period import Period, write_quarter
from casework.domain.vocabulary import UNKNOWN, grouping
from casework.services.index.facts import Facts
from casework.services.index.rows import BINNED, YES
from casework.services.statistics.counting import keep_counting
from casework.services.statistics.dimensions import NO_PATTERN, DimensionSpec, Unit, settle
from casework.services.statistics.reading import (
    Column as Codes,
)
from casework.services.statistics.reading import (
    Columns,
    Setting,
    codes_of,
    lay_out_units,
)
from casework.services.statistics.selection import Selection, count_units

Order = npt.NDArray[np.int64]


def count_indexed(facts: Facts, selection: Selection, patterns: tuple[str, ...]) -> Columns:
    """Return what a selection counts; `facts` are those without the fresh cases. Raises IndexUnusable."""
    setting, book = Setting(selection.period, patterns), facts.fresh
    units = count_units(book, keep_counting(book).values(), selection)
    fresh, held = lay_out_units(units, setting), find_counting(facts, selection.period)
    taken = _Incidents(facts, held) if selection.unit is Unit.INCIDENTS else _People(facts, held)
    cases = taken.cases().astype(np.int64)
    first = facts.count("cases")

    def read(spec: DimensionSpec) -> Codes:
        return np.concatenate([_in_list(taken.column(spec), spec, setting), fresh.read(spec)])

    return Columns(setting, np.concatenate([cases, fresh.cases + first]), read)


def find_counting(facts: Facts, period: Period) -> Mask:
    """Return which incidents may be counted, each by itself, and are dated in the period for certain."""
    begins, ends = period.first_day.toordinal(), period.last_day.toordinal()

    def holds(date: Answer) -> bool:
        first, last = span_of(date)
        return begins <= first and last <= ends

    counting: Mask = find_agreed(facts) & where(facts.column("incidents", "date"), holds)
    return counting


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


class _Incidents:
    """Each incident a unit."""

    def __init__(self, facts: Facts, held: Mask) -> None:
        self._facts = facts
        self._held = held

    def cases(self) -> Array:
        return self._facts.numbers("incidents", "case")[self._held]

    def column(self, spec: DimensionSpec) -> Column:
        if spec.field == "roles":
            roles, owners = self._facts.column("parts", "roles"), self._facts.numbers("parts", "incident")
            return gather(roles, owners, self._facts.count("incidents")).take(self._held)
        return self._facts.column("incidents", spec.field).take(self._held)


class _People:
    """Each person a unit, once, at their first incident of those that are held."""

    def __init__(self, facts: Facts, held: Mask) -> None:
        self._facts = facts
        incidents = facts.numbers("parts", "incident")
        self._parts = _first_of_each(facts, np.flatnonzero(held[incidents]))
        self._incidents = incidents[self._parts]
        self._people = facts.numbers("parts", "person")[self._parts]

    def cases(self) -> Array:
        return self._facts.numbers("incidents", "case")[self._incidents]

    def column(self, spec: DimensionSpec) -> Column:
        if spec.field == "roles":
            return self._facts.column("parts", "roles").take(self._parts)
        if FIELDS.get(spec.field) in PERSON_FIELDS:
            return self._facts.column("people", spec.field).take(self._people)
        return self._facts.column("incidents", spec.field).take(self._incidents)


def _first_of_each(facts: Facts, parts: Order) -> Order:
    """Return of these participations each person's first: by date, then by when it was logged, then by id."""
    people = facts.numbers("parts", "person")[parts]
    several = np.bincount(people)[people] > 1 if len(people) else np.zeros(0, dtype=np.bool_)
    if not several.any():
        return parts
    candidates = parts[several]
    incidents = facts.numbers("parts", "incident")[candidates]
    dates = _rank(facts.column("incidents", "date"), lambda date: parse_date(date).sort_key())[incidents]
    logged = _rank(facts.column("incidents", "logged_on"), str)[incidents]
    ids = np.ascontiguousarray(facts.ids("incidents")[incidents]).view(">u8")
    order = np.lexsort((ids[:, 1], ids[:, 0], logged, dates, people[several]))
    ordered = people[several][order]
    first = np.ones(len(order), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return np.sort(np.concatenate([parts[~several], candidates[order[first]]]))


def _rank(column: Column, key: Callable[[Answer], Any]) -> Order:
    """Return each row's place in the order of a key; equal keys share one."""
    keys = [key(value) for value in column.values]
    places = {one: at for at, one in enumerate(sorted(set(keys)))}
    return np.array([places[one] for one in keys], dtype=np.int64)[column.codes]


def where(column: Column, holds: Callable[[Answer], bool]) -> Mask:
    """Return which rows give an answer of which this holds."""
    return np.array([holds(value) for value in column.values], dtype=np.bool_)[column.codes]


def _in_list(column: Column, spec: DimensionSpec, setting: Setting) -> Codes:
    """Return the answers by their places in the dimension's list, as `reading.read_column` does."""
    column = column.without_unused()
    places = {code: at for at, code in enumerate(codes_of(spec, setting))}
    answers = [answers_of(spec, value) for value in column.values]
    if not spec.multiple:
        table = np.array([places[given[0]] for given in answers], dtype=np.int64)
        return table[column.codes]
    members = np.zeros((len(answers), len(places)), dtype=np.bool_)
    for row, given in enumerate(answers):
        members[row, [places[code] for code in given]] = True
    return members[column.codes]


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
