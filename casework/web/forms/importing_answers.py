"""The form of the import that asks what the values of a list mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField

from casework.domain.coded import FIELDS
from casework.errors import Invalid
from casework.services.importing.cells import UNKNOWN_WORD
from casework.services.importing.consentwords import reads_as_day
from casework.services.importing.finer import (
    LONGEST_WORDS,
    TermWords,
    answer_by_adding,
    is_adding,
    is_finer_answer,
    make_new_term,
    parent_of,
    takes_terms,
)
from casework.services.importing.guessing import guess_codes
from casework.services.importing.mapping import REFUSE
from casework.services.importing.people import split_target
from casework.services.importing.plan import PARK, Plan
from casework.services.importing.profiles import Column
from casework.services.importing.sentlist import Upload
from casework.services.importing.spellings import Spellings, join_spellings
from casework.services.importing.targets import CONSENT_ANSWERS, CONSENT_TARGETS, DAYS, get_list
from casework.web.forms.coded import Choices, SelectChoice, choose, offer
from casework.web.forms.finer import weave
from casework.web.forms.listfields import name_field
from casework.web.language import label, language
from casework.web.ownwords import term_book

MOST_VALUES_SHOWN = 100
"""Of one column; the others are answered together."""


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """A value that is asked about, with how many rows have it and the name of its field.

    `is_open`: nothing was recognised, and nobody has said yet what it means.
    """

    spellings: tuple[str, ...]
    count: int
    name: str
    is_open: bool

    @property
    def value(self) -> str:
        """The value as most rows spell it."""
        return self.spellings[0]


@dataclass(frozen=True, slots=True, repr=False)
class Section:
    """A coded column: what it becomes, its heading, its values, and the field of the others, if any."""

    target: str
    heading: str
    lines: Sequence[Line]
    others: str


class AnswersForm(FlaskForm):
    """What the values of the coded columns mean; `make_answers_form` adds a field for each."""

    made_of = HiddenField()
    draft = HiddenField()
    earlier = HiddenField()

    shown: Sequence[Section]

    adds_terms = False
    """Whether the member may add values to the organization's own terms."""

    @staticmethod
    def tell(value: str) -> str:
        """Say what is asked about: a value of the list, every cell with a day, or with words like "?"."""
        said = {DAYS: _("A day, such as 2021-05-03"), UNKNOWN_WORD: _("“?”, “unknown” and the like")}
        return str(said.get(value, value))

    def to_plan(self, plan: Plan) -> Plan:
        """Return the plan with what was entered; raises Invalid naming the field of what can be no term."""
        self._require_words()
        values, others = dict(plan.values), dict(plan.others)
        for section in self.shown:
            before = plan.values.get(section.heading, {})
            codes = {choice.value for choice in offer_answers(section.target)}
            chosen = {
                value: self[line.name].data
                for line in section.lines
                for value in line.spellings
                if self[line.name].data in codes.union(before.get(one) for one in line.spellings)
                or self._adds(section.target, self[line.name].data)
            }
            values[section.heading] = {**before, **chosen}
            offered = {choice.value for choice in offer_codes(section.target)}
            if section.others and self[section.others].data in offered:
                others[section.heading] = self[section.others].data
        return replace(plan, values=values, others=others)

    def _adds(self, target: str, answer: str) -> bool:
        is_term = is_adding(answer) and is_finer_answer(split_target(target)[0], answer)
        return self.adds_terms and is_term

    def _require_words(self) -> None:
        faults = {}
        for section in self.shown:
            for line in section.lines:
                answer = self[line.name].data
                try:
                    if self._adds(section.target, answer):
                        name = split_target(section.target)[0]
                        make_new_term(FIELDS[name].list_name, answer, line.value)
                except Invalid as invalid:
                    faults[line.name] = invalid.faults["answer"]
        if faults:
            raise Invalid(**faults)


def make_answers_form(
    upload: Upload,
    columns: Sequence[Column],
    entered: MultiDict[str, str] | None,
    adds_terms: bool = False,
) -> AnswersForm:
    """Make the form of the values, those that nothing was recognised in first, whatever was answered since.

    `entered` is what was posted, or kept, over what the plan says. `adds_terms`: the member may add values to
    the organization's own terms.
    """
    assert upload.plan is not None  # noqa: S101 - who asks has looked
    words, fields, shown = TermWords(term_book()), dict[str, Any](), []
    for column in columns:
        for target in (one for one, heading in upload.plan.coded().items() if heading == column.heading):
            section, its = _make_section(upload, target, column, words, adds_terms)
            shown.append(section)
            fields |= its
    form: AnswersForm = type("AnswersForm", (AnswersForm,), fields)(formdata=entered)
    form.shown, form.adds_terms = shown, adds_terms
    return form


def _make_section(
    upload: Upload, target: str, column: Column, words: TermWords, adds_terms: bool
) -> tuple[Section, dict[str, Any]]:
    """Ask what the values of a column mean; returns the fields too, by name."""
    assert upload.plan is not None  # noqa: S101 - who asks has looked
    heading, fields, lines = column.heading, dict[str, Any](), []
    asked = _list_asked(target, column, words)
    for one, is_known in asked[:MOST_VALUES_SHOWN]:
        name = name_field("answer", upload.sheet, heading, target, one.folded)
        said = _find_said(one, upload.plan.values.get(heading, {}))
        offered = offer_answers(target)
        if adds_terms:
            offered = _offer_adding(target, one.value, offered, words)
        fields[name] = _answer_field(one.value, offered, _settle(target, one.value, said, words))
        lines.append(Line(one.spellings, one.count, name, said == PARK and not is_known))
    others = ""
    if not column.values or len(asked) > MOST_VALUES_SHOWN:
        others = name_field("others", upload.sheet, heading, target)
        said = upload.plan.others.get(heading, PARK)
        fields[others] = _answer_field(_l("Every other value"), offer_codes(target), said)
    return Section(target, heading, lines, others), fields


def _find_said(asked: Spellings, answers: Mapping[str, str]) -> str:
    """Find what was said of a value, whichever spelling it was said of."""
    said = (answers.get(one, PARK) for one in asked.spellings)
    return next((answer for answer in said if answer != PARK), PARK)


def offer_answers(target: str) -> Choices:
    """List the answers that a value can mean, with the own terms in use."""
    name = split_target(target)[0]
    if not takes_terms(name):
        return offer_codes(target)
    listed = FIELDS[name].list_name
    return [*_offer_kept(name), *weave(offer(listed), listed)]


def offer_codes(target: str) -> Choices:
    """List the answers that values can mean, of those that ship."""
    name = split_target(target)[0]
    return [*_offer_kept(name), *offer(get_list(name).name)]


def _offer_kept(name: str) -> Choices:
    if name in CONSENT_TARGETS:
        return [choose(PARK, _offer_unclear(name))]
    return [
        choose(PARK, _("none of these: keep the words in the narrative")),
        choose(REFUSE, _("refuse these rows")),
    ]


def _offer_adding(target: str, value: str, answers: Choices, words: TermWords) -> Choices:
    """Offer, below what keeps the words, to add a value that has no name in its list yet."""
    name = split_target(target)[0]
    if not takes_terms(name) or name == "age_band" or len(value) > LONGEST_WORDS:
        return answers
    list_name = FIELDS[name].list_name
    if words.find(list_name, value) or get_list(name).has_word(value):
        return answers
    answer = answer_by_adding(name, value, language())
    retired = words.find_retired(list_name, value)
    parent = label(retired.parent if retired else parent_of(answer), list_name)
    text = str(_("Add to our own terms, under “%(parent)s”", parent=parent))
    if retired:
        text = str(_("Use our own term again, under “%(parent)s”", parent=parent))
    return [answers[0], choose(answer, text), *answers[1:]]


def _settle(target: str, value: str, answer: str, words: TermWords) -> str:
    """Give an answer as it is offered now: a term that was added since, or is to be in this language."""
    name = split_target(target)[0]
    if not is_adding(answer):
        return answer
    found = words.answer(FIELDS[name].list_name, value)
    return found or answer_by_adding(name, value, language())


def _answer_field(question: Any, answers: list[SelectChoice], chosen: str) -> Any:
    labels = {str(answer.value): str(answer.label) for answer in answers}
    if " " in chosen:  # several, as they were guessed
        several = " + ".join(labels[code] for code in chosen.split() if code in labels)
        answers = [choose(chosen, several), *answers]
    return SelectField(question, choices=answers, default=chosen, validate_choice=False)


def _offer_unclear(target: str) -> str:
    if target in CONSENT_ANSWERS:
        return str(_("not clear: not asked"))
    return str(_("none of these: Other"))


def _list_asked(target: str, column: Column, words: TermWords) -> list[tuple[Spellings, bool]]:
    """List the values that somebody has to say the meaning of, each with whether it was recognised.

    The others first, by what the file has, so that no answer moves a line. Days in a column of consents are
    asked about once.
    """
    base = split_target(target)[0]
    known = guess_codes(base, column, words).keys()
    values = [pair for pair in column.values if not _is_understood(target, pair[0])]
    if base in CONSENT_ANSWERS and column.dates:
        values.append((DAYS, column.dates))
    asked = [(one, not known.isdisjoint(one.spellings)) for one in join_spellings(values)]
    return sorted(asked, key=lambda pair: (pair[1], -pair[0].count))


def _is_understood(target: str, value: str) -> bool:
    base = split_target(target)[0]
    if base in CONSENT_ANSWERS:
        return reads_as_day(value)
    return base == "age_band" and value.isdecimal() and int(value) <= 120
