"""The pathway that an incident set off: contact, status surfaced, referral, CBSA action, consequence.

An incident answers which steps there were; its acts tell of single ones. Statistics read the answers, so the
code of every act is among them: recording an act adds it, removing the act takes it out again.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from casework.errors import Invalid

from .act import KINDS, Act
from .coded import FIELDS, normalise_multi
from .incident import IncidentFacts, IncidentNarrative
from .messages import N_
from .moments import Moment
from .vocabulary import NOT_ASKED, UNKNOWN

STEPS = KINDS

ANSWERED_IN = {
    "status_surfaced": "status_surfaced",
    "referral": "referral_types",
    "cbsa_action": "cbsa_actions",
    "consequence": "consequences",
}
"""The field of an incident that answers which acts of a kind there were; a contact has none.

How an incident began is one answer of its own: later contacts are no other answer to it.
"""

_NO_STEP = {"did_not_come_up", "no_action"}
_SILENT = {NOT_ASKED, UNKNOWN, *_NO_STEP}
_ALONGSIDE = {"status_surfaced": ("raised_by", "reasons"), "cbsa_action": ("detention_grounds",)}
_ALWAYS = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a pathway as it is told: an act, or the answers of a kind of which no act tells."""

    kind: str
    act: Act | None = None
    codes: tuple[str, ...] = ()

    @property
    def when(self) -> Moment | None:
        """When it was; None for answers, which have no date of their own."""
        return self.act.when if self.act else None


def steps_reached(facts: IncidentFacts) -> tuple[bool, ...]:
    """Tell for each of `STEPS` whether the incident is known to have reached it.

    An act of which only the kind is known is a step all the same.
    """
    told = {act.kind for act in standing(facts.acts) if act.code not in _NO_STEP}
    answered = [
        kind in told or bool(set(getattr(facts, field)) - _SILENT) for kind, field in ANSWERED_IN.items()
    ]
    return (True, *answered)


def standing(acts: Iterable[Act]) -> list[Act]:
    """List the acts that were not removed."""
    return [act for act in acts if act.removed_on is None]


def with_acts(facts: IncidentFacts, acts: Iterable[Act]) -> IncidentFacts:
    """Give an incident these acts, and answers made of those given besides them and of the acts' codes."""
    acts, given = tuple(acts), dict(facts.besides)
    answers: dict[str, Any] = {}
    besides = []
    for kind, field in ANSWERED_IN.items():
        base = given.get(field, getattr(facts, field))
        codes = [act.code for act in standing(acts) if act.kind == kind]
        answers[field] = _join(field, base, codes)
        if answers[field] != base:
            besides.append((field, base))
    return replace(facts, acts=acts, besides=tuple(sorted(besides)), **answers)


def carry_acts(facts: IncidentFacts, before: IncidentFacts) -> IncidentFacts:
    """Take the acts of `before` over into `facts` as a form gave them, which knows of no act.

    Raises `Invalid` naming each field whose answers leave out what an act says.
    """
    besides = []
    for field, base in before.besides:
        now, then = getattr(facts, field), getattr(before, field)
        brought = set(then) - set(base)
        kept = base if now == then else normalise_multi(field, [code for code in now if code not in brought])
        besides.append((field, kept))
    carried = with_acts(replace(facts, acts=(), besides=tuple(besides)), before.acts)
    missing = [field for field in ANSWERED_IN.values() if getattr(carried, field) != getattr(facts, field)]
    if missing:
        fault = N_("A step of the pathway says otherwise. Choose its answer here, or first change the step.")
        raise Invalid(**dict.fromkeys(missing, fault))
    return carried


def without_acts(
    facts: IncidentFacts, narrative: IncidentNarrative, gone: Collection[UUID]
) -> tuple[IncidentFacts, IncidentNarrative]:
    """Drop these acts, which were removed before, with their texts."""
    acts = tuple(act for act in facts.acts if act.id not in gone)
    texts = tuple(entry for entry in narrative.acts if entry[0] not in gone)
    return replace(facts, acts=acts), replace(narrative, acts=texts)


def tell_pathway(facts: IncidentFacts) -> list[Step]:
    """List what is known of an incident's pathway, in order: its acts, and answers of which no act tells."""
    acts = standing(facts.acts)
    steps = [Step(act.kind, act) for act in acts]
    for kind, field in ANSWERED_IN.items():
        told = {act.code for act in acts if act.kind == kind}
        left = tuple(code for code in getattr(facts, field) if code not in told | {NOT_ASKED})
        alongside = [getattr(facts, name) for name in _ALONGSIDE.get(kind, ())]
        if left or any(answer not in (NOT_ASKED, (NOT_ASKED,)) for answer in alongside):
            steps.append(Step(kind, codes=left))
    return in_order(steps)


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Put steps into the order of time where it is certain, else into that of the pathway.

    One comes certainly before another when the last instant that it can mean lies not after the first one
    that the other can mean. One without a date follows the last one that the pathway has before it. The
    result does not depend on the order in which the steps are given.
    """
    ranked = sorted(steps, key=_rank)
    left = [(_span(step.when), step) for step in ranked if _is_dated(step)]
    ordered = []
    while left:
        first = next(one for one in left if not any(_precedes(other[0], one[0]) for other in left))
        left.remove(first)
        ordered.append(first[1])
    for step in ranked:
        if not _is_dated(step):
            before = [place for place, other in enumerate(ordered, 1) if _number(other) <= _number(step)]
            ordered.insert(max(before, default=0), step)
    return ordered


def _join(field: str, base: tuple[str, ...], codes: Sequence[str]) -> tuple[str, ...]:
    """Join answers and the codes of acts; "unknown" and the like stand only where nothing else does."""
    exclusive = FIELDS[field].codes.exclusive
    sure = [code for code in codes if code not in exclusive]
    if sure:
        return normalise_multi(field, [*(code for code in base if code not in exclusive), *sure])
    if not codes or base != (NOT_ASKED,):
        return base
    return (codes[0],) if len(set(codes)) == 1 else (UNKNOWN,)


def _rank(step: Step) -> tuple[int, dt.datetime, dt.datetime, str]:
    return _number(step), *_span(step.when), step.act.id.hex if step.act else ""


def _number(step: Step) -> int:
    return STEPS.index(step.kind)


def _is_dated(step: Step) -> bool:
    return step.when is not None and step.when.date.span() is not None


def _span(when: Moment | None) -> tuple[dt.datetime, dt.datetime]:
    """Give the first and last reading of a wall clock that it can mean; in UTC no clock is ever changed."""
    earliest, latest = (when.earliest(dt.UTC), when.latest(dt.UTC)) if when else (None, None)
    return earliest or _ALWAYS[0], latest or _ALWAYS[1]


def _precedes(one: tuple[dt.datetime, dt.datetime], other: tuple[dt.datetime, dt.datetime]) -> bool:
    return one[1] <= other[0] and not other[1] <= one[0]
