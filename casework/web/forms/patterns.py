"""Naming and defining a pattern, and merging it into another one."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from casework.domain.pattern import ACTIVE, PatternDefinition
from casework.services.patterns import PatternView
from casework.web.forms.coded import choose
from casework.web.forms.offers import sort_names
from casework.web.forms.posted import read_optional_id
from casework.web.forms.rules import RuleFields

TEXTS = ("name_en", "definition_en", "name_fr", "definition_fr", "name_es", "definition_es")

_NAME = _l("Name")
_DEFINITION = _l("What it means")


class PatternForm(RuleFields):
    """What a pattern is called and means, in one language at least, and the rule that proposes it."""

    version = HiddenField()
    name_en = StringField(_NAME)
    definition_en = TextAreaField(_DEFINITION)
    name_fr = StringField(_NAME)
    definition_fr = TextAreaField(_DEFINITION)
    name_es = StringField(_NAME)
    definition_es = TextAreaField(_DEFINITION)

    def fill(self, view: PatternView) -> "PatternForm":
        """Show a pattern as it stands."""
        self.version.data = str(view.version)
        for name in TEXTS:
            self[name].data = getattr(view.definition, name)
        self.fill_rule(view.definition.rule)
        return self

    def draft(self, before: PatternDefinition | None = None) -> PatternDefinition:
        """Return the definition, with what the form does not ask about as it was; raises Invalid."""
        texts: dict[str, Any] = {name: self[name].data or "" for name in TEXTS}
        if self.asks_rule:
            texts["rule"] = self.read_rule()
        return replace(before, **texts) if before else PatternDefinition(**texts)


class RetireForm(FlaskForm):
    """The version that was seen, and whether the pattern is to be retired or brought back."""

    version = HiddenField()
    retired = HiddenField()


class MergeForm(FlaskForm):
    """Which pattern takes this one's incidents."""

    version = HiddenField()
    into = SelectField(
        _l("Merge into"), [InputRequired(_l("Choose another pattern that is in use."))], validate_choice=False
    )

    def offer(self, merged: PatternView, views: list[PatternView], language: str) -> None:
        """Set the choices: every other pattern that is in use."""
        self.version.data = self.version.data or str(merged.version)
        others = [view for view in views if view.id != merged.id and view.definition.status == ACTIVE]
        names = sort_names({view.id.hex: view.definition.name(language) for view in others})
        self.into.choices = [
            choose("", str(gettext("Choose"))),
            *(choose(value, name) for value, name in names),
        ]

    @property
    def into_id(self) -> UUID:
        """Return the chosen one; nobody's id when it is none."""
        return read_optional_id(self.into.data) or UUID(int=0)
