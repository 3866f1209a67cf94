"""The incidents that signals are found in, as columns of numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from casework.analysis.signals.counting import Dated, Integers
from casework.analysis.signals.series import NO_ANSWER
from casework.domain.vocabulary import NOT_ASKED, OTHER, UNKNOWN, code_list, grouping
from casework.services.books import OpenedIncident

DIMENSIONS = ("police_service", "contact_group", "city")
"""What series are made of, by code list. What falls under none of its answers is no series of its own."""

_SILENT = {
    "police_service": {OTHER, UNKNOWN, NOT_ASKED},
    "contact_group": {UNKNOWN, NOT_ASKED},
    "city": {OTHER, UNKNOWN, NOT_ASKED},
}


@dataclass(frozen=True, slots=True, repr=False)
class Columns:
    """The dated incidents that a member may know of, and how many have no date at all."""

    incidents: tuple[OpenedIncident, ...]
    dated: Dated
    answers: tuple[Integers, ...]
    undated: int


def lay_out(shown: Sequence[OpenedIncident]) -> Columns:
    """Lay out the incidents that a member may know of."""
    spans = [one.facts.date.span() for one in shown]
    dated = tuple(one for one, span in zip(shown, spans, strict=True) if span)
    known = [span for span in spans if span]
    days = Dated(
        _column(span[0].toordinal() for span in known),
        _column(span[1].toordinal() for span in known),
        _column(one.facts.logged_on.toordinal() for one in dated),
    )
    return Columns(dated, days, _answer(dated), len(shown) - len(dated))


def _answer(incidents: Iterable[OpenedIncident]) -> tuple[Integers, ...]:
    places = {name: _number(name) for name in DIMENSIONS}
    groups, cities = grouping("contact_type", "contact_group"), grouping("place", "city")
    told = [(one.facts.police_service, one.facts.contact_type, one.facts.place) for one in incidents]
    return (
        _column(places["police_service"][service] for service, _type, _place in told),
        _column(places["contact_group"][groups[kind]] for _service, kind, _place in told),
        _column(places["city"][cities[place]] for _service, _type, place in told),
    )


def _number(name: str) -> dict[str, int]:
    codes = code_list(name).codes
    return {code: NO_ANSWER if code in _SILENT[name] else at for at, code in enumerate(codes)}


def _column(numbers: Iterable[int]) -> Integers:
    return np.fromiter(numbers, dtype=np.int64)
