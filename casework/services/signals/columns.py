"""The incidents that signals are found in, as columns of numbers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import numpy as np

from casework.analysis.signals.counting import Dated, Integers
from casework.analysis.signals.series import NO_ANSWER
from casework.domain.vocabulary import NOT_ASKED, OTHER, UNKNOWN, code_list, grouping
from casework.services.books import OpenedCase, OpenedIncident

DIMENSIONS = ("police_service", "contact_group", "city")
"""What series are made of, by code list. What falls under none of its answers is no series of its own."""

FIELDS = ("police_service", "contact_type", "place")
"""The field of each, whose answers it groups."""

_SILENT = {
    "police_service": {OTHER, UNKNOWN, NOT_ASKED},
    "contact_group": {UNKNOWN, NOT_ASKED},
    "city": {OTHER, UNKNOWN, NOT_ASKED},
}


MOST_SHOWN = 200
"""So many of the incidents behind a signal are shown, the newest."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The newest incidents of some rows each, and what their cases are called."""

    incidents: tuple[tuple[OpenedIncident, ...], ...]
    references: Mapping[UUID, str]


@dataclass(frozen=True, slots=True, repr=False)
class Columns:
    """The dated incidents that a member may know of, and how many have no date at all.

    `look_up` returns the incidents of some rows.
    """

    dated: Dated
    answers: tuple[Integers, ...]
    undated: int
    look_up: Callable[[Sequence[Integers]], Behind]


def lay_out(shown: Sequence[OpenedIncident], cases: Mapping[UUID, OpenedCase]) -> Columns:
    """Lay out the incidents that a member may know of, the newest first, and their cases."""
    spans = [one.facts.date.span() for one in shown]
    dated = tuple(one for one, span in zip(shown, spans, strict=True) if span)
    known = [span for span in spans if span]
    days = Dated(
        _column(span[0].toordinal() for span in known),
        _column(span[1].toordinal() for span in known),
        _column(one.facts.logged_on.toordinal() for one in dated),
    )

    def look_up(behind: Sequence[Integers]) -> Behind:
        found = tuple(tuple(dated[row] for row in rows[:MOST_SHOWN]) for rows in behind)
        return Behind(found, name_cases(found, cases))

    return Columns(days, _answer(dated), len(shown) - len(dated), look_up)


def name_cases(
    incidents: Iterable[Iterable[OpenedIncident]], cases: Mapping[UUID, OpenedCase]
) -> Mapping[UUID, str]:
    """Return what the cases of these incidents are called."""
    shown = {one.case_id for some in incidents for one in some}
    return {case_id: cases[case_id].facts.reference for case_id in shown}


def _answer(incidents: Iterable[OpenedIncident]) -> tuple[Integers, ...]:
    told = [tuple(getattr(one.facts, field) for field in FIELDS) for one in incidents]
    numbers = [number_answers(name) for name in DIMENSIONS]
    return tuple(_column(known[one[at]] for one in told) for at, known in enumerate(numbers))


@cache
def number_answers(name: str) -> Mapping[str, int]:
    """Return by each answer of a dimension's field its place in the list; `NO_ANSWER` of a silent one."""
    numbers, field = _number(name), FIELDS[DIMENSIONS.index(name)]
    if field == name:
        return numbers
    return {code: numbers[group] for code, group in grouping(field, name).items()}


def _number(name: str) -> dict[str, int]:
    codes = code_list(name).codes
    return {code: NO_ANSWER if code in _SILENT[name] else at for at, code in enumerate(codes)}


def _column(numbers: Iterable[int]) -> Integers:
    return np.fromiter(numbers, dtype=np.int64)
