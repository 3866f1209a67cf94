"""What a member decided about a list: which column becomes what, which value which answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casework.domain.coded import FIELDS
from casework.domain.dates import Precision
from casework.domain.documents import Document
from casework.domain.messages import N_
from casework.domain.person import STATISTICS
from casework.domain.vocabulary import NOT_ASKED, OTHER, UNKNOWN, code_list
from casework.errors import Invalid
from casework.services.importing.cells import UNKNOWN_WORD
from casework.services.importing.countries import find_region
from casework.services.importing.guessing import guess_codes, guess_targets
from casework.services.importing.headings import (
    DATE_TARGETS,
    FURTHER_TARGETS,
    IDENTITY_TARGETS,
    KEY,
    NARRATIVE_TARGETS,
    NOTE,
)
from casework.services.importing.mapping import (
    EVERY_OTHER,
    REFUSE,
    ROW_CONTENT,
    CodedColumn,
    DateColumns,
    ImportMapping,
    make_consent,
)
from casework.services.importing.people import FURTHER, PersonColumns, of_person, split_target
from casework.services.importing.profiles import Column
from casework.services.importing.vaguedates import Order

PARK = "park"
"""Instead of a code: keep the words in the narrative, and count the answer among the others."""

TARGETS = (KEY, *DATE_TARGETS, *FIELDS, *IDENTITY_TARGETS, *NARRATIVE_TARGETS, NOTE, *FURTHER_TARGETS)
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
_IDENTITY_NAMES = {"note_on_person": "note"}


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """The decisions. `targets` names for each heading one of TARGETS; a heading left out is not brought in.

    `values` gives, by heading, the code of each value, several with blanks between, or PARK, or REFUSE;
    `others` the same for what `values` lacks. `constants` are codes for every row. `order` is None until
    somebody has said it, where the column of dates does not. `counted_days`: numbers among the dates are days
    as spreadsheets count them. Of dates on the `vague_day` of a month only the month is taken.
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

    def heading_of(self, target: str) -> str:
        """Return the heading that becomes this; empty where none does."""
        return next((heading for heading, name in self.targets.items() if name == target), "")

    @property
    def has_date(self) -> bool:
        """Whether a column says when."""
        return bool(self.heading_of("date") or self.heading_of("date_year"))

    def coded(self) -> dict[str, str]:
        """Return the coded fields that come from a column, of each person, with its heading."""
        coded = ((target, heading) for heading, target in self.targets.items())
        return {target: heading for target, heading in coded if split_target(target)[0] in FIELDS}

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
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Plan":
        """Read what `to_document` gave, without codes that are gone by now."""
        order = Order(document["order"]) if document["order"] else None
        plan = cls(**{**document, "targets": dict(document["targets"]), "order": order})
        values = {
            heading: {
                value: code for value, code in codes.items() if _is_answer(plan.targets.get(heading), code)
            }
            for heading, codes in plan.values.items()
        }
        return replace(plan, values=values)


def propose(columns: Sequence[Column], source: str) -> Plan:
    """Guess a plan for a table."""
    plan = Plan(source, guess_targets(columns), constants={"place": "not_asked"})
    dated = find_dated(plan, columns)
    if dated is not None:
        vague_day = dated.usual_day[0] if dated.usual_day else 0
        plan = replace(plan, counted_days=dated.serials > 0, vague_day=vague_day)
    return add_guesses(settle_order(plan, columns), columns)


def find_dated(plan: Plan, columns: Sequence[Column]) -> Column | None:
    """Return the column that is to be the date."""
    return next((column for column in columns if plan.targets.get(column.heading) == "date"), None)


def settle_order(plan: Plan, columns: Sequence[Column], shown: Plan | None = None) -> Plan:
    """Return the plan with the order of day and month as its column of dates decides.

    Where the column leaves it open the plan's stands, None for nothing said; where its dates read alike in
    either, any will do. What somebody said who was `shown` this column as that of the dates stands.
    """
    dated, heading = find_dated(plan, columns), plan.heading_of("date")
    was_said = shown is not None and shown.heading_of("date") == heading and plan.order is not None
    if dated is None or was_said:
        return plan
    return replace(plan, order=dated.order or plan.order or (None if dated.is_ambiguous else Order.DAY_FIRST))


def add_guesses(plan: Plan, columns: Sequence[Column]) -> Plan:
    """Return the plan with a guess for each value that it says nothing of; what stands there stays."""
    by_heading = {column.heading: column for column in columns}
    values = {
        heading: guess_codes(split_target(target)[0], by_heading[heading])
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
    if plan.order is None and "date" in named:
        faults["order"] = _NO_ORDER
    if plan.statistics and plan.statistics != "not_asked" and not plan.basis:
        faults["basis"] = _NO_BASIS
    if faults:
        raise Invalid(**faults)


def make_mapping(plan: Plan) -> ImportMapping:
    """Return the mapping that a plan comes to; raises Invalid as `check_plan`."""
    check_plan(plan)
    coded = _coded_of(plan, 1)
    coded += [
        CodedColumn(name, constant=code)
        for name, code in plan.constants.items()
        if name not in plan.coded() and name in FIELDS and code in FIELDS[name].codes
    ]
    keys = tuple(heading for heading, target in plan.targets.items() if target == KEY)
    return ImportMapping(
        source=plan.source,
        key=keys or (ROW_CONTENT,),
        coded=tuple(coded),
        date=_date(plan),
        consents={STATISTICS: make_consent(plan.statistics, plan.how)} if plan.statistics else {},
        basis=plan.basis,
        identity=_identity_of(plan, 1),
        others=tuple(
            PersonColumns(tuple(_coded_of(plan, number)), _identity_of(plan, number))
            for number in FURTHER
            if any(split_target(target)[1] == number for target in plan.targets.values())
        ),
        narrative={name: _all_of(plan, name) for name in NARRATIVE_TARGETS},
        nulls=frozenset({"", UNKNOWN_WORD}),
        delimiter="",
        encoding="",
        notes=_all_of(plan, NOTE),
    )


def parked_code(field_name: str) -> str:
    """Return the code beside which the words of a value are parked; no age is another than there is."""
    return OTHER if OTHER in FIELDS[field_name].codes and field_name != "age_band" else UNKNOWN


def _date(plan: Plan) -> DateColumns:
    column, year, month, day = (plan.heading_of(target) for target in DATE_TARGETS)
    order = (plan.order or Order.DAY_FIRST) if column or year else None
    said = (plan.park_dates, plan.counted_days, plan.vague_day)
    return DateColumns(Precision.UNKNOWN, column, "", year, month, day, order, *said)


def _identity_of(plan: Plan, number: int) -> dict[str, tuple[str, ...]]:
    named = {name: _all_of(plan, of_person(name, number)) for name in IDENTITY_TARGETS}
    return {_IDENTITY_NAMES.get(name, name): headings for name, headings in named.items()}


def _coded_of(plan: Plan, number: int) -> list[CodedColumn]:
    targets = ((*split_target(target), heading) for target, heading in plan.coded().items())
    return [_coded(plan, name, heading) for name, person, heading in targets if person == number]


def _coded(plan: Plan, name: str, heading: str) -> CodedColumn:
    chosen = plan.values.get(heading, {})
    parked = {value for value, code in chosen.items() if code == PARK}
    other = plan.others.get(heading, PARK)
    if name == "region_of_origin":  # the country itself says more than its region
        parked |= {value for value in chosen if find_region(value) is not None}
    if other == PARK:
        parked.add(EVERY_OTHER)
    return CodedColumn(
        name,
        column=heading,
        kind="age" if name == "age_band" else "codes",
        values={
            value: (parked_code(name),) if code == PARK else tuple(code.split())
            for value, code in chosen.items()
            if code != REFUSE
        },
        otherwise=parked_code(name) if other == PARK else other,
        null=UNKNOWN if name in ("contact_type", "police_service") else "not_asked",
        parked=frozenset(parked),
        refused=frozenset(value for value, code in chosen.items() if code == REFUSE),
    )


def _all_of(plan: Plan, target: str) -> tuple[str, ...]:
    return tuple(heading for heading, name in plan.targets.items() if name == target)


def _is_answer(target: str | None, code: str) -> bool:
    if code in (PARK, REFUSE):
        return True
    name = split_target(target or "")[0]
    return name in FIELDS and bool(code) and all(one in FIELDS[name].codes for one in code.split())
