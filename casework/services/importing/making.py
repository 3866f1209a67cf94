"""The mapping that a member's decisions come to."""

from casework.domain.coded import FIELDS
from casework.domain.dates import Precision
from casework.domain.person import STATISTICS
from casework.domain.vocabulary import NOT_ASKED, OTHER, UNKNOWN
from casework.services.importing.cells import UNKNOWN_WORD
from casework.services.importing.countries import find_region
from casework.services.importing.finer import NO_WORDS, TermWords, is_finer_answer
from casework.services.importing.headings import (
    DATE_TARGETS,
    GROUP,
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
    ConsentColumns,
    DateColumns,
    ImportMapping,
    PersonColumns,
    make_consent,
)
from casework.services.importing.people import (
    FURTHER,
    of_person,
    split_target,
)
from casework.services.importing.plan import PARK, Plan, check_plan
from casework.services.importing.targets import (
    CONSENT_ANSWERS,
    CONSENT_HOW,
    CONSENT_ON,
    get_list,
)
from casework.services.importing.vaguedates import Order

_IDENTITY_NAMES = {"note_on_person": "note"}


def make_mapping(plan: Plan, words: TermWords = NO_WORDS) -> ImportMapping:
    """Return the mapping that a plan comes to; raises Invalid as `check_plan`.

    An own term that is not among `words` is no answer any more: its value's words are kept in the narrative.
    """
    check_plan(plan)
    coded = _coded_of(plan, 1, words)
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
            PersonColumns(
                tuple(_coded_of(plan, number, words)), _identity_of(plan, number), _consents_of(plan, number)
            )
            for number in FURTHER
            if any(split_target(target)[1] == number for target in plan.targets.values())
        ),
        narrative={name: _all_of(plan, name) for name in NARRATIVE_TARGETS},
        nulls=frozenset({"", UNKNOWN_WORD}),
        delimiter="",
        encoding="",
        notes=(*_all_of(plan, KEY), *_all_of(plan, GROUP), *_all_of(plan, NOTE)),
        group=plan.joined_by,
        consent_columns=_consents_of(plan, 1),
    )


def parked_code(field_name: str) -> str:
    """Return the code beside which the words of a value are parked; no age is another than there is.

    Of what is not plainly consent nobody was asked.
    """
    if field_name in CONSENT_ANSWERS:
        return NOT_ASKED
    return OTHER if OTHER in get_list(field_name) and field_name != "age_band" else UNKNOWN


def _date(plan: Plan) -> DateColumns:
    column, year, month, day = (plan.heading_of(target) for target in DATE_TARGETS)
    order = (plan.order or Order.DAY_FIRST) if column or year else None
    said = (plan.park_dates, plan.counted_days, plan.vague_day)
    return DateColumns(Precision.UNKNOWN, column, "", year, month, day, order, *said)


def _identity_of(plan: Plan, number: int) -> dict[str, tuple[str, ...]]:
    named = {name: _all_of(plan, of_person(name, number)) for name in IDENTITY_TARGETS}
    return {_IDENTITY_NAMES.get(name, name): headings for name, headings in named.items()}


def _coded_of(plan: Plan, number: int, words: TermWords) -> list[CodedColumn]:
    targets = ((*split_target(target), heading) for target, heading in plan.coded().items())
    return [
        _coded(plan, name, heading, words)
        for name, person, heading in targets
        if person == number and name in FIELDS
    ]


def _consents_of(plan: Plan, number: int) -> ConsentColumns:
    """Return where a person's consents stand; a column about one purpose goes before one about all."""
    answers: dict[str, CodedColumn] = {}
    for target, purposes in CONSENT_ANSWERS.items():
        if heading := plan.heading_of(of_person(target, number)):
            answers |= dict.fromkeys(purposes, _consent(plan, target, heading))
    how = plan.heading_of(of_person(CONSENT_HOW, number))
    return ConsentColumns(
        answers,
        plan.heading_of(of_person(CONSENT_ON, number)),
        plan.consent_order or plan.order,
        _consent(plan, CONSENT_HOW, how) if how else None,
        plan.how,
    )


def _consent(plan: Plan, target: str, heading: str) -> CodedColumn:
    """Map the values of a column of consents: for none of them a row is refused."""
    known, chosen = get_list(target), plan.values.get(heading, {})
    other, parked = plan.others.get(heading, PARK), parked_code(target)
    kept = {value for value, code in chosen.items() if code not in known}
    return CodedColumn(
        target,
        column=heading,
        values={value: (code if code in known else parked,) for value, code in chosen.items()},
        otherwise=other if other in known else parked,
        parked=frozenset(kept | (set() if other in known else {EVERY_OTHER})),
    )


def _coded(plan: Plan, name: str, heading: str, words: TermWords) -> CodedColumn:
    chosen = plan.values.get(heading, {})
    parked = {value for value, code in chosen.items() if code == PARK}
    other = plan.others.get(heading, PARK)
    read = {
        value: [words.read(FIELDS[name].list_name, value, one) for one in code.split()]
        for value, code in chosen.items()
        if code not in (PARK, REFUSE)
    }
    terms = {value: tuple(one for _code, one in answers if one) for value, answers in read.items()}
    for value in read:  # of a term that is gone the words are left
        named = sum(is_finer_answer(name, one) for one in chosen[value].split())
        parked |= {value} if len(terms[value]) < named else set()
    if name == "region_of_origin":  # the country itself says more than its region
        parked |= {value for value in chosen if find_region(value) is not None and not terms.get(value)}
    if other == PARK:
        parked.add(EVERY_OTHER)
    return CodedColumn(
        name,
        column=heading,
        kind="age" if name == "age_band" else "codes",
        values={value: (parked_code(name),) for value, code in chosen.items() if code == PARK}
        | {value: tuple(code for code, _term in answers) for value, answers in read.items()},
        otherwise=parked_code(name) if other == PARK else other,
        null=UNKNOWN if name in ("contact_type", "police_service") else "not_asked",
        parked=frozenset(parked),
        refused=frozenset(value for value, code in chosen.items() if code == REFUSE),
        terms={value: ids for value, ids in terms.items() if ids},
    )


def _all_of(plan: Plan, target: str) -> tuple[str, ...]:
    return tuple(heading for heading, name in plan.targets.items() if name == target)
