"""Single steps of the pathway in some of the demonstration's incidents, true to what these answer."""

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from typing import Any

from casework.domain.act import ActTexts
from casework.domain.case import OPEN
from casework.domain.dates import Precision
from casework.domain.moments import Moment
from casework.domain.permissions import Role
from casework.services.acts import ActDraft, record_act
from casework.services.books import OpenedIncident
from casework.services.context import Context
from casework.services.demonstration.dating import answered
from casework.services.demonstration.sources import steps

_INCIDENTS = 4
"""In how many incidents of each member single steps are told."""
_LANGUAGES = {Role.CASEWORKER: "fr", Role.COORDINATOR: "en"}
_TEXTS = ("officer", "badge", "unit", "plate", "said")


def tell_steps(contexts: Mapping[Role, Context]) -> None:
    """Record the steps that are not there yet, each as the member who accompanies the case."""
    for role, context in contexts.items():
        told = steps()[_LANGUAGES[role]]
        for incident in _choose(context):
            there = {act.kind for act in incident.facts.acts}
            for draft in _steps_of(context, incident, told):
                if draft.kind not in there:
                    record_act(context, incident.id, draft)


def _choose(context: Context) -> list[OpenedIncident]:
    """Choose the newest incidents of the member of which the day and at least three steps are known."""
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    chosen: list[OpenedIncident] = []
    for incident in facts.incidents_by_date:
        case = facts.cases.get(incident.case_id)
        mine = case is not None and case.facts.responsible == context.member_id
        if mine and case is not None and case.facts.status == OPEN and not case.team_only:
            if len(_firsts(incident)) >= 3 and incident.facts.date.precision is Precision.DAY:
                chosen.append(incident)
    return chosen[:_INCIDENTS]


def _firsts(incident: OpenedIncident) -> dict[str, str]:
    """Give the first answer of each step that says something."""
    firsts: dict[str, str] = {}
    for kind, code in answered(incident.facts):
        firsts.setdefault(kind, code)
    return firsts


def _steps_of(
    context: Context, incident: OpenedIncident, told: Mapping[str, Mapping[str, Any]]
) -> Iterator[ActDraft]:
    span = incident.facts.date.span()
    for kind, code in _firsts(incident).items():
        step = told[kind]
        day = span[0] + timedelta(days=step["days"]) if span else context.runtime.today()
        if day >= context.runtime.today():
            continue
        yield ActDraft(
            kind=kind,
            code=code,
            when=Moment.on(day, time(step["hour"], 10) if "hour" in step else None),
            people=tuple(sorted((part.person_id for part in incident.facts.participations[:1]), key=str)),
            by=step["by"],
            source=step["source"],
            reliability=step["reliability"],
            texts=ActTexts(**{name: step.get(name, "") for name in _TEXTS}),
        )
