"""The form of the import that asks what the values of a list mean."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

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
from casework.services.importing.mapping import REFUSE
from casework.services.importing.people import split_target
from casework.services.importing.plan import PARK, Plan
from casework.services.importing.profiles import Column
from casework.services.importing.targets import CONSENT_ANSWERS, CONSENT_TARGETS, DAYS, get_list
from casework.web.forms.coded import Choices, SelectChoice, choose, offer
from casework.web.forms.finer import weave
from casework.web.language import label, language
from casework.web.ownwords import term_book

MOST_VALUES_SHOWN = 100
"""Of one column; the others are answered together."""


class AnswersForm(FlaskForm):
    """What the values of the coded columns mean; `make_answers_form` adds a field for each."""

    shown: Sequence[tuple[str, str, Sequence[tuple[str, int, str]], str, bool]]
    """Target, heading, values with count and field, the field of the others, whether there are some."""

    adds_terms = False
    """Whether the member may add values to the organization's own terms."""

    @staticmethod
    def tell(value: str) -> str:
        """Say what is asked about: a value of the list, every cell with a day, or with words like "?"."""
        said = {DAYS: _("A day, such as 2021-05-03"), UNKNOWN_WORD: _("not known")}
        return str(said.get(value, value))

    def to_plan(self, plan: Plan) -> Plan:
        """Return the plan with what was entered; raises Invalid naming the field of what can be no term."""
        self._require_words()
        values, others = dict(plan.values), dict(plan.others)
        for target, heading, fields, other, _has_others in self.shown:
            codes = {choice.value for choice in offer_answers(target)}
            before = plan.values.get(heading, {})
            chosen = {
                value: self[name].data
                for value, _count, name in fields
                if self[name].data in codes
                or self[name].data == before.get(value)
                or self._adds(target, self[name].data)
            }
            values[heading] = {**before, **chosen}
            if self[other].data in {choice.value for choice in offer_codes(target)}:
                others[heading] = self[other].data
        return replace(plan, values=values, others=others)

    def _adds(self, target: str, answer: str) -> bool:
        is_term = is_adding(answer) and is_finer_answer(split_target(target)[0], answer)
        return self.adds_terms and is_term

    def _require_words(self) -> None:
        faults = {}
        for target, _heading, fields, _other, _has_others in self.shown:
            for value, _count, name in fields:
                try:
                    if self._adds(target, self[name].data):
                        make_new_term(FIELDS[split_target(target)[0]].list_name, self[name].data, value)
                except Invalid as invalid:
                    faults[name] = invalid.faults["answer"]
        if faults:
            raise Invalid(**faults)


def make_answers_form(
    plan: Plan, columns: Sequence[Column], is_posted: bool, adds_terms: bool = False
) -> AnswersForm:
    """Make the form of the values, those that nothing was guessed for first.

    `adds_terms`: the member may add values to the organization's own terms.
    """
    by_heading, words = {column.heading: column for column in columns}, TermWords(term_book())
    fields: dict[str, Any] = {}
    shown = []
    for at, (target, heading) in enumerate(plan.coded().items()):
        answers, chosen = offer_answers(target), plan.values.get(heading, {})
        asked = _list_asked(target, by_heading[heading])
        asked.sort(key=lambda pair: (chosen.get(pair[0], PARK) != PARK, -pair[1]))
        listed = []
        for number, (value, count) in enumerate(asked[:MOST_VALUES_SHOWN]):
            name = f"value_{at}_{number}"
            offered = _offer_adding(target, value, answers, words) if adds_terms else answers
            said = _settle(target, value, chosen.get(value, PARK), words)
            fields[name] = _answer_field(value, offered, said)
            listed.append((value, count, name))
        fields[f"others_{at}"] = _answer_field(
            _l("Every other value"), offer_codes(target), plan.others.get(heading, PARK)
        )
        has_others = len(asked) > MOST_VALUES_SHOWN or not by_heading[heading].values
        shown.append((target, heading, listed, f"others_{at}", has_others))
    made = type("AnswersForm", (AnswersForm,), fields)
    form: AnswersForm = made() if is_posted else made(formdata=None)
    form.shown, form.adds_terms = shown, adds_terms
    return form


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


def _list_asked(target: str, column: Column) -> list[tuple[str, int]]:
    """List the values that somebody has to say the meaning of; of days in a column of consents once."""
    asked = [pair for pair in column.values if not _is_understood(target, pair[0])]
    if split_target(target)[0] in CONSENT_ANSWERS and column.dates:
        asked.append((DAYS, column.dates))
    return asked


def _is_understood(target: str, value: str) -> bool:
    base = split_target(target)[0]
    if base in CONSENT_ANSWERS:
        return reads_as_day(value)
    return base == "age_band" and value.isdecimal() and int(value) <= 120
