"""A rule as conditions to be read and changed: a question, its answers, whether one or none is needed."""

from collections.abc import Callable

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, SelectField, SelectMultipleField

from casework.domain.coded import FIELDS
from casework.domain.rules import RULE_FIELDS, Condition, Rule
from casework.domain.vocabulary import code_list
from casework.errors import Invalid
from casework.web.faults import show_faults
from casework.web.forms.coded import Choices, choose, offer
from casework.web.language import language

MOST_CONDITIONS = 8
ANY, NONE = "any", "none"


def name_question(field: str) -> str:
    """Return what a field of a rule asks, in the reader's language."""
    name = FIELDS[field].list_name if field in FIELDS else RULE_FIELDS[field]
    return code_list(name).labels[language()]


def offer_questions() -> Choices:
    """List the fields that a condition may ask about."""
    return [
        choose("", str(gettext("Choose"))),
        *(choose(field, name_question(field)) for field in RULE_FIELDS),
    ]


class ConditionForm(Form):
    """One condition. Its answers are those of the list that its field takes its codes from."""

    field = HiddenField()
    kind = RadioField(
        _l("What is needed"),
        choices=lambda: [
            choose(ANY, str(gettext("one of these"))),
            choose(NONE, str(gettext("none of these"))),
        ],
        default=ANY,
        validate_choice=False,
    )
    codes = SelectMultipleField(_l("Answers"), choices=[], validate_choice=False)

    @property
    def question(self) -> str:
        """What it asks about."""
        return name_question(self.field.data or "") if self.is_known else ""

    @property
    def is_known(self) -> bool:
        """Whether its field is one that a rule may ask about."""
        return self.field.data in RULE_FIELDS

    def read(self) -> Condition:
        """Return the condition; raises Invalid naming `rule`."""
        codes = tuple(self.codes.data or ())
        chosen = (codes, ()) if self.kind.data != NONE else ((), codes)
        return Condition(self.field.data or "", *chosen)


class RuleFields(FlaskForm):
    """The conditions of a rule: buttons add and take away one, without a script."""

    rule_shown = HiddenField(default="1")
    conditions = FieldList(FormField(ConditionForm), max_entries=MOST_CONDITIONS)
    new_field = SelectField(_l("Another condition"), choices=lambda: offer_questions(), validate_choice=False)

    @property
    def asks_rule(self) -> bool:
        """Whether the form that was posted had conditions on it: one from before there were any has not."""
        return bool(self.rule_shown.data)

    def fill_rule(self, rule: Rule) -> None:
        """Show a rule: of a condition with both kinds of answers, two."""
        for condition in rule:
            for kind, codes in ((ANY, condition.any_of), (NONE, condition.none_of)):
                if codes:
                    self.conditions.append_entry(
                        {"field": condition.field, "kind": kind, "codes": list(codes)}
                    )

    def offer_answers(self) -> None:
        """Set the choices of each condition; one whose field nobody knows goes."""
        self.conditions.entries = [one for one in self.conditions.entries if one.form.is_known]
        for one in self.conditions.entries:
            one.form.codes.choices = offer(RULE_FIELDS[one.form.field.data or ""])

    def change_conditions(self) -> bool:
        """Do what a button for conditions asks; return whether one was pressed: then nothing is saved."""
        taken = request.form.get("remove_condition", "")
        if taken:
            self.conditions.entries = [one for one in self.conditions.entries if one.name != taken]
        if "add_condition" in request.form and self.new_field.data in RULE_FIELDS:
            if len(self.conditions.entries) < MOST_CONDITIONS:
                self.conditions.append_entry({"field": self.new_field.data, "kind": ANY, "codes": []})
            self.new_field.data = ""
        pressed = ("add_condition", "remove_condition", "count_rule")
        return any(button in request.form for button in pressed)

    def read_rule(self) -> Rule:
        """Return the rule; raises Invalid naming `conditions`."""
        try:
            return tuple(one.form.read() for one in self.conditions.entries)
        except Invalid as invalid:
            raise Invalid(conditions=invalid.faults["rule"]) from None

    def count_fitting(self, count: Callable[[Rule], int]) -> int | None:
        """Return what `count` counts of the rule, where its button was pressed; None otherwise.

        Before, each condition gets its answers to choose from. A rule that is none says so on the form.
        """
        self.offer_answers()
        if "count_rule" not in request.form:
            return None
        try:
            return count(self.read_rule())
        except Invalid as invalid:
            show_faults(self, invalid)
            return None

    def posted_conditions(self) -> list[tuple[str, str]]:
        """Return the conditions as they were posted, to be posted again."""
        posted = request.form.items(multi=True)
        return [(name, value) for name, value in posted if name.startswith(("conditions-", "rule_shown"))]
