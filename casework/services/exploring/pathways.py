"""The pathway of each incident as states and days: what is known of each step, and when it was."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from casework.analysis.funnel import NO_DAY, NOT_ASKED, NOT_REACHED, REACHED, UNKNOWN
from casework.domain import vocabulary
from casework.domain.act import Act
from casework.domain.dates import Precision, VagueDate
from casework.domain.incident import IncidentFacts
from casework.domain.pathway import standing
from casework.services.exploring.facets import STEPS

_OUTCOMES = vocabulary.grouping("cbsa_action", "outcome")
_PSEUDO = frozenset({vocabulary.UNKNOWN, vocabulary.NOT_ASKED})
_KINDS = {
    "status_surfaced": ("status_surfaced", "status_surfaced"),
    "referral": ("referral", "referral_types"),
    "detention": ("cbsa_action", "cbsa_actions"),
    "removal": ("cbsa_action", "cbsa_actions"),
}
"""Of each step but the first the kind of its acts, and the field that answers which there were."""


def _codes_of(step: str) -> frozenset[str]:
    """Return the codes by which a step was reached; of the first ones any that says anything."""
    if step in ("detention", "removal"):
        wanted = "detained" if step == "detention" else "removed"
        return frozenset(code for code, outcome in _OUTCOMES.items() if outcome == wanted)
    listed = vocabulary.code_list("status_surfaced" if step == "status_surfaced" else "referral_type")
    return frozenset(listed.codes) - _PSEUDO - {"did_not_come_up"}


_REACHED_BY = {step: _codes_of(step) for step in _KINDS}
_OPEN_KINDS = ("status_surfaced", "referral")
"""An act of these tells that the step came, also where its own code is not known."""


def read_states(incidents: Sequence[IncidentFacts]) -> npt.NDArray[np.int8]:
    """Return for each incident and step one of the states of `analysis/funnel.py`."""
    states = [[_state(facts, step) for step in STEPS] for facts in incidents]
    return np.array(states, dtype=np.int8).reshape(len(incidents), len(STEPS))


def read_days(incidents: Sequence[IncidentFacts]) -> npt.NDArray[np.int64]:
    """Return for each incident and step the ordinal of its day, `NO_DAY` where it is not known to the day.

    A step that came several times has the day of the first; where another may have come before, none.
    """
    days = [[_day(facts, step) for step in STEPS] for facts in incidents]
    return np.array(days, dtype=np.int64).reshape(len(incidents), len(STEPS))


def _state(facts: IncidentFacts, step: str) -> int:
    if step == "contact":
        return REACHED
    _kind, field = _KINDS[step]
    answers = getattr(facts, field)
    if _REACHED_BY[step].intersection(answers) or _acts_of(facts, step):
        return REACHED
    if not _PSEUDO.issuperset(answers):
        return NOT_REACHED
    return UNKNOWN if vocabulary.UNKNOWN in answers else NOT_ASKED


def _acts_of(facts: IncidentFacts, step: str) -> list[Act]:
    if not facts.acts or step == "contact":
        return []
    kind, _field = _KINDS[step]
    told = [act for act in standing(facts.acts) if act.kind == kind]
    unsaid = {vocabulary.UNKNOWN} if step in _OPEN_KINDS else set()
    return [act for act in told if act.code in _REACHED_BY[step] | unsaid]


def _day(facts: IncidentFacts, step: str) -> int:
    if step == "contact":
        return _ordinal(facts.date)
    return _first_day([act.when.date for act in _acts_of(facts, step)])


def _ordinal(date: VagueDate) -> int:
    span = date.span()
    return span[0].toordinal() if span and date.precision is Precision.DAY else NO_DAY


def _first_day(dates: Iterable[VagueDate]) -> int:
    """Return the earliest day, unless one of the others may lie before it."""
    listed = list(dates)
    spans = [one.span() for one in listed]
    begins = [span[0].toordinal() for span in spans if span]
    days = [day for one in listed if (day := _ordinal(one)) != NO_DAY]
    if not days or len(begins) < len(listed) or min(begins) < min(days):
        return NO_DAY
    return min(days)
