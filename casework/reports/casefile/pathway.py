"""The steps of an incident's pathway, as blocks of a case file."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from casework.domain.act import CODED, Act, ActTexts
from casework.domain.pathway import tell_pathway
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.reports.calendar import write_moment
from casework.reports.casefile.contents import FiledIncident

Rows = list[tuple[str, str]]


def list_steps(
    incident: FiledIncident, language: str, texts: Mapping[str, str], names: Mapping[UUID, str]
) -> list[dict[str, Any]]:
    """Return the acts in the order of time, each with its heading, what is known of it, and its words.

    `names` are those of the case's people. Answers of which no act tells stand among those of the incident.
    """
    acts = [step.act for step in tell_pathway(incident.facts) if step.act is not None]
    steps = []
    for act in acts:
        told = incident.narrative.of_act(act.id)
        what = code_list(act.list_name).label(act.code, language)
        when = write_moment(act.when, language, texts["no_date"])
        steps.append(
            {
                "heading": f"{when} · {texts[f'step_{act.kind}']} · {what}",
                "rows": list(_about(act, told, language, texts, names)),
                "text": [line for line in told.said.split("\n") if line.strip()],
            }
        )
    return steps


def _about(
    act: Act, told: ActTexts, language: str, texts: Mapping[str, str], names: Mapping[UUID, str]
) -> Iterator[tuple[str, str]]:
    """Give what is known, each with its term; what was not asked says nothing."""
    if concerned := "; ".join(names[person] for person in act.people if person in names):
        yield texts["concerned"], concerned
    coded = {name: getattr(act, name) for name in CODED}
    known = {
        name: code_list(CODED[name]).label(code, language)
        for name, code in coded.items()
        if code != NOT_ASKED
    }
    known |= {name: getattr(told, name) for name in ("officer", "badge", "unit", "plate")}
    for name in ("by", "officer", "badge", "unit", "plate", "source", "reliability"):
        if known.get(name):
            yield texts[f"act_{name}"], known[name]
