"""The form of the import that asks what the values of a list mean."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from casework.services.importing.consentwords import reads_as_day
from casework.services.importing.mapping import REFUSE
from casework.services.importing.people import split_target
from casework.services.importing.plan import PARK, Plan
from casework.services.importing.profiles import Column
from casework.services.importing.targets import CONSENT_ANSWERS, CONSENT_TARGETS, DAYS, get_list
from casework.web.forms.coded import Choices, SelectChoice, choose, offer

MOST_VALUES_SHOWN = 100
"""Of one column; the others are answered together."""


class AnswersForm(FlaskForm):
    """What the values of the coded columns mean; `make_answers_form` adds a field for each."""

    shown: Sequence[tuple[str, str, Sequence[tuple[str, int, str]], str, bool]]
    """Target, heading, values with count and field, the field of the others, whether there are some."""

    @staticmethod
    def tell(value: str) -> str:
        """Say what is asked about: a value as it stands in the list, or every cell that holds a day."""
        return str(_("A day, such as 2021-05-03")) if value == DAYS else value

    def to_plan(self, plan: Plan) -> Plan:
        """Return the plan with what was entered."""
        values, others = dict(plan.values), dict(plan.others)
        for target, heading, fields, other, _has_others in self.shown:
            codes = {choice.value for choice in offer_answers(target)}
            before = plan.values.get(heading, {})
            chosen = {
                value: self[name].data
                for value, _count, name in fields
                if self[name].data in codes or self[name].data == before.get(value)
            }
            values[heading] = {**before, **chosen}
            if self[other].data in codes:
                others[heading] = self[other].data
        return replace(plan, values=values, others=others)


def make_answers_form(plan: Plan, columns: Sequence[Column], is_posted: bool) -> AnswersForm:
    """Make the form of the values, those that nothing was guessed for first."""
    by_heading = {column.heading: column for column in columns}
    fields: dict[str, Any] = {}
    shown = []
    for at, (target, heading) in enumerate(plan.coded().items()):
        answers, chosen = offer_answers(target), plan.values.get(heading, {})
        asked = _list_asked(target, by_heading[heading])
        asked.sort(key=lambda pair: (chosen.get(pair[0], PARK) != PARK, -pair[1]))
        listed = []
        for number, (value, count) in enumerate(asked[:MOST_VALUES_SHOWN]):
            name = f"value_{at}_{number}"
            fields[name] = _answer_field(value, answers, chosen.get(value, PARK))
            listed.append((value, count, name))
        fields[f"others_{at}"] = _answer_field(
            _l("Every other value"), answers, plan.others.get(heading, PARK)
        )
        has_others = len(asked) > MOST_VALUES_SHOWN or not by_heading[heading].values
        shown.append((target, heading, listed, f"others_{at}", has_others))
    made = type("AnswersForm", (AnswersForm,), fields)
    form: AnswersForm = made() if is_posted else made(formdata=None)
    form.shown = shown
    return form


def offer_answers(target: str) -> Choices:
    """List the answers that a value can mean."""
    target, _number = split_target(target)
    if target in CONSENT_TARGETS:
        kept = [choose(PARK, _offer_unclear(target))]
        return [*kept, *offer(get_list(target).name)]
    kept = [
        choose(PARK, _("none of these: keep the words in the narrative")),
        choose(REFUSE, _("refuse these rows")),
    ]
    return [*kept, *offer(get_list(target).name)]


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
