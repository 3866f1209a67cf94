"""What a member decided about a list: which column becomes what, which value which answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casework.domain.coded import FIELDS
from casework.domain.documents import Document
from casework.domain.messages import N_
from casework.domain.person import STATISTICS
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.errors import Invalid
from casework.services.importing.finer import NO_WORDS, TermWords, is_finer_answer
from casework.services.importing.guessing import guess_codes, guess_targets
from casework.services.importing.headings import (
    DATE_TARGETS,
    FURTHER_TARGETS,
    GROUP,
    IDENTITY_TARGETS,
    KEY,
    NARRATIVE_TARGETS,
    NOTE,
)
from casework.services.importing.mapping import REFUSE
from casework.services.importing.people import of_person, split_target
from casework.services.importing.profiles import Column
from casework.services.importing.targets import (
    CONSENT_ANSWERS,
    CONSENT_HOW,
    CONSENT_ON,
    CONSENT_TARGETS,
    find_list,
)
from casework.services.importing.vaguedates import Order

PARK = "park"
"""Instead of a code: keep the words in the narrative, and count the answer among the others."""

TARGETS = (
    *(KEY, GROUP, *DATE_TARGETS, *FIELDS, *IDENTITY_TARGETS, *NARRATIVE_TARGETS, NOTE),
    *(*CONSENT_TARGETS, *FURTHER_TARGETS),
)
SEVERAL = (KEY, NOTE, *IDENTITY_TARGETS, *NARRATIVE_TARGETS)
"""Targets that take more than one column."""

CONSTANTS = ("contact_type", "police_service", "place")
"""Fields that a list often leaves out because they are the same in every row."""

LONGEST_SOURCE = 80

_TWICE = N_("Two columns are to become this. Choose one of them, and something else for the other.")
_NO_YEAR = N_(
    "A month or a day is no date without its year. Say which column the year is in, or keep this one as a "
    "line of the narrative."
)
_NO_SOURCE = N_("Give the list a name: rows of a list of this name come in once.")
_LONG_SOURCE = N_("Write a shorter name.")
_CHOOSE = N_("Choose an answer for every row, or a column that has it.")
_NO_BASIS = N_("Say what the consent rests on: who agreed, when, or why it is not needed.")
_NO_ORDER = N_("These dates can be read in two ways. Say which number is the day.")
_NO_JOINS = N_("Say what rows with the same number are.")
_NO_ANSWER = N_(
    "This alone says nothing. Say which column holds what the person answered, or leave this one out."
)
_SAID_BY_COLUMN = N_(
    "A column says it of each person. Choose “nobody was asked” here, or leave that column out."
)


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """The decisions. `targets` names for each heading one of TARGETS; a heading left out is not brought in.

    `values` gives, by heading, the code of each value, several with blanks between, or PARK, or REFUSE, or
    an own term (`finer`);
    `others` the same for what `values` lacks. `constants` are codes for every row. `order` is None until
    somebody has said it, where the column of dates does not. `counted_days`: numbers among the dates are days
    as spreadsheets count them. Of dates on the `vague_day` of a month only the month is taken.
    `consent_order` is that of the days of consent, where they settle one themselves. `joins`: rows with the
    same number of an incident are one; None until somebody has said it.
    """

    source: str = ""
    targets: Mapping[str, str] = field(default_factory=dict)
    order: Order | None = None
    park_dates: bool = False
    counted_days: bool = False
    vague_day: int = 0
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    statistics: str = ""
    how: str = NOT_ASKED
    basis: str = ""
    consent_order: Order | None = None
    joins: bool | None = None

    @property
    def joined_by(self) -> str:
        """The heading of the number by which rows become one incident; empty where each is its own case."""
        return self.heading_of(GROUP) if self.joins else ""

    def heading_of(self, target: str) -> str:
        """Return the heading that becomes this; empty where none does."""
        return next((heading for heading, name in self.targets.items() if name == target), "")

    @property
    def has_date(self) -> bool:
        """Whether a column says when."""
        return bool(self.heading_of("date") or self.heading_of("date_year"))

    def coded(self) -> dict[str, str]:
        """Return what has a code list and comes from a column, of each person, with its heading."""
        coded = ((target, heading) for heading, target in self.targets.items())
        return {target: heading for target, heading in coded if find_list(split_target(target)[0])}

    def consented(self) -> dict[str, str]:
        """Return the columns about consent, with what each becomes."""
        return {
            heading: target
            for heading, target in self.targets.items()
            if split_target(target)[0] in CONSENT_TARGETS
        }

    @property
    def asks_each(self) -> bool:
        """Whether a column says who agreed to statistics."""
        bases = {split_target(target)[0] for target in self.targets.values()}
        return any(STATISTICS in CONSENT_ANSWERS.get(base, ()) for base in bases)

    def to_document(self) -> Document:
        """Give the plain form that is sealed."""
        return {
            "source": self.source,
            "targets": [list(pair) for pair in self.targets.items()],
            "order": self.order.value if self.order else "",
            "park_dates": self.park_dates,
            "counted_days": self.counted_days,
            "vague_day": self.vague_day,
            "constants": dict(self.constants),
            "values": {heading: dict(codes) for heading, codes in self.values.items()},
            "others": dict(self.others),
            "statistics": self.statistics,
            "how": self.how,
            "basis": self.basis,
            "joins": self.joins,
            "consent_order": self.consent_order.value if self.consent_order else "",
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Plan":
        """Read what `to_document` gave, without codes that are gone by now."""
        names = ("order", "consent_order")
        orders = {name: Order(document[name]) if document.get(name) else None for name in names}
        plan = cls(**{**document, "targets": dict(document["targets"]), **orders})
        values = {
            heading: {
                value: code for value, code in codes.items() if _is_answer(plan.targets.get(heading), code)
            }
            for heading, codes in plan.values.items()
        }
        return replace(plan, values=values)


def propose(columns: Sequence[Column], source: str, words: TermWords = NO_WORDS) -> Plan:
    """Guess a plan for a table."""
    plan = Plan(source, guess_targets(columns), constants={"place": "not_asked"})
    dated = find_dated(plan, columns)
    if dated is not None:
        vague_day = dated.usual_day[0] if dated.usual_day else 0
        plan = replace(plan, counted_days=dated.serials > 0, vague_day=vague_day)
    return add_guesses(settle_order(plan, columns), columns, words)


def find_dated(plan: Plan, columns: Sequence[Column]) -> Column | None:
    """Return the column that is to be the date."""
    return next((column for column in columns if plan.targets.get(column.heading) == "date"), None)


def settle_order(plan: Plan, columns: Sequence[Column], shown: Plan | None = None) -> Plan:
    """Return the plan with the order of day and month as its columns of dates decide.

    Where they leave it open the plan's stands, None for nothing said; where their dates read alike in either,
    any will do. What somebody said who was `shown` this column as that of the dates stands.
    """
    asked = [one for one in columns if one.heading in plan.consented()]
    own = next((one.order for one in asked if one.order), None)
    plan = replace(plan, consent_order=own)
    dated, heading = find_dated(plan, columns), plan.heading_of("date")
    was_said = shown is not None and shown.heading_of("date") == heading and plan.order is not None
    if was_said or (dated is None and not any(one.dates for one in asked)):
        return plan
    decided = (dated.order if dated else None) or plan.order
    is_open = (dated is not None and dated.is_ambiguous) or (
        own is None and any(one.is_ambiguous for one in asked)
    )
    return replace(plan, order=decided or (None if is_open else Order.DAY_FIRST))


def add_guesses(plan: Plan, columns: Sequence[Column], words: TermWords = NO_WORDS) -> Plan:
    """Return the plan with a guess for each value that it says nothing of; what stands there stays."""
    by_heading = {column.heading: column for column in columns}
    values = {
        heading: guess_codes(split_target(target)[0], by_heading[heading], words)
        | dict(plan.values.get(heading, {}))
        for target, heading in plan.coded().items()
    }
    others = {heading: plan.others.get(heading, PARK) for heading in plan.coded().values()}
    return replace(plan, values=values, others=others)


def check_plan(plan: Plan) -> None:
    """Raise Invalid naming each decision that is missing or contradicts another."""
    faults: dict[str, str] = {}
    if not plan.source:
        faults["source"] = _NO_SOURCE
    if len(plan.source) > LONGEST_SOURCE:
        faults["source"] = _LONG_SOURCE
    named = [target for target in plan.targets.values() if split_target(target)[0] not in SEVERAL]
    faults |= {f"target {target}": _TWICE for target in named if named.count(target) > 1}
    if "date_year" not in named:
        faults |= {f"target {target}": _NO_YEAR for target in ("date_month", "date_day") if target in named}
    for name in ("contact_type", "police_service"):
        if name not in named and plan.constants.get(name) not in code_list(name):
            faults[name] = _CHOOSE
    if plan.order is None and ("date" in named or _needs_order(plan)):
        faults["order"] = _NO_ORDER
    if GROUP in named and plan.joins is None:
        faults["joins"] = _NO_JOINS
    faults |= _check_consents(plan)
    if plan.statistics and plan.statistics != "not_asked" and not plan.basis:
        faults["basis"] = _NO_BASIS
    if faults:
        raise Invalid(**faults)


def _check_consents(plan: Plan) -> dict[str, str]:
    """Find a day or a way of an answer without the answer, and answers that a column and the list give."""
    targets = [split_target(target) for target in plan.targets.values()]
    answered = {number for base, number in targets if base in CONSENT_ANSWERS}
    spare = [pair for pair in targets if pair[0] in (CONSENT_ON, CONSENT_HOW) and pair[1] not in answered]
    faults = {f"target {of_person(base, number)}": _NO_ANSWER for base, number in spare}
    return faults | ({"statistics": _SAID_BY_COLUMN} if plan.statistics and plan.asks_each else {})


def _needs_order(plan: Plan) -> bool:
    has_days = any(split_target(target)[0] == CONSENT_ON for target in plan.targets.values())
    return has_days and plan.consent_order is None


def _is_answer(target: str | None, code: str) -> bool:
    if code in (PARK, REFUSE):
        return True
    name, _person = split_target(target or "")
    known = find_list(name)
    return (
        known is not None
        and bool(code)
        and all(one in known or is_finer_answer(name, one) for one in code.split())
    )
