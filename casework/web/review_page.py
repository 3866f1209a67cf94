"""What the page of a proposal shows: what its rule needs beside what is logged, and how far one came."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.domain.coded import FIELDS
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.rules import RULE_FIELDS, Condition, answers
from casework.domain.vocabulary import code_list
from casework.errors import VaultError
from casework.services.context import Context
from casework.services.incidents import IncidentView, get_incident
from casework.services.patterns import PatternView
from casework.services.reviewing.waiting import Waiting, find_place, list_waiting
from casework.web.forms.reviewing import END, About, Round, read_about
from casework.web.language import labels
from casework.web.ownwords import say_answer
from casework.web.rules import rule_in_words


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition of a rule in words, and what the incident answers to its question."""

    sentences: Sequence[str]
    answer: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody has to decide about; `view` is None where its incident does not open."""

    waiting: Waiting
    view: IncidentView | None
    reasons: Sequence[Reason]
    following: str

    @property
    def about(self) -> About:
        """What is decided about."""
        return About(self.waiting.incident.id, self.waiting.pattern.id)

    @property
    def facts(self) -> IncidentFacts:
        """What is logged."""
        return self.view.facts if self.view else self.waiting.incident.facts

    @property
    def version(self) -> int:
        """The incident's version that is shown."""
        return self.view.version if self.view else self.waiting.incident.version

    @property
    def narrative(self) -> IncidentNarrative | None:
        """What happened, in words."""
        return self.view.narrative if self.view else None


@dataclass(frozen=True, slots=True)
class Queue:
    """How many proposals wait, how many of them one has passed, and the one in hand, if any."""

    waiting: int
    passed: int
    proposal: Proposal | None


def read_queue(context: Context, views: Sequence[PatternView], round_: Round) -> Queue:
    """Return where somebody stands; the incident in hand is read, and the audit log says so."""
    waiting = list_waiting(context, views, round_.of)
    about, at = read_about(round_.at), len(waiting) if round_.at == END else 0
    if about:
        place = find_place(context, views, *about)
        at = next((at for at, one in enumerate(waiting) if one.place <= place), len(waiting))
    proposal = _open(context, waiting[at], waiting[at + 1 : at + 2]) if at < len(waiting) else None
    return Queue(len(waiting), at, proposal)


def _open(context: Context, one: Waiting, following: Sequence[Waiting]) -> Proposal:
    try:
        view = get_incident(context, one.incident.id)
    except VaultError:
        view = None
    facts = view.facts if view else one.incident.facts
    reasons = [_explain(condition, facts) for condition in one.pattern.definition.rule]
    after = About(following[0].incident.id, following[0].pattern.id).write() if following else END
    return Proposal(one, view, reasons, after)


def _explain(condition: Condition, facts: IncidentFacts) -> Reason:
    field = condition.field
    if field in FIELDS and field != "roles":
        said = say_answer(facts, field)
    else:
        listed, given = code_list(RULE_FIELDS[field]).codes, answers(facts, field)
        said = labels(tuple(code for code in listed if code in given), RULE_FIELDS[field])
    return Reason(rule_in_words((condition,)), said)
