"""The form of the rules of retention."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField

from casework.domain.messages import N_
from casework.domain.retention import RetentionRules
from casework.errors import Invalid
from casework.web.forms.posted import read_version


class RetentionForm(FlaskForm):
    """After how many months, which cases, with how many days of grace."""

    version = HiddenField()
    months = StringField(
        _l("Months without new content"),
        description=_l(
            "After so many, a case is due: from 6 to 240. Leave it empty and no case goes by itself."
        ),
    )
    closed_only = BooleanField(_l("Only closed cases"))
    grace_days = StringField(
        _l("Days of grace"),
        description=_l(
            "For so many days a case that is due is announced before it goes to the bin: from 7 to 365."
        ),
    )

    def rules(self, today: date) -> RetentionRules:
        """Give what was entered, as decided today; raises Invalid naming the field."""
        months = (self.months.data or "").strip()
        return RetentionRules(
            months=_whole("months", months) if months else None,
            closed_only=bool(self.closed_only.data),
            grace_days=_whole("grace_days", (self.grace_days.data or "").strip()),
            since=today,
        )

    def fill(self, rules: RetentionRules, version: int) -> None:
        """Show the rules as they are."""
        self.version.data = str(version)
        self.months.data = str(rules.months) if rules.months else ""
        self.closed_only.data, self.grace_days.data = rules.closed_only, str(rules.grace_days)

    @property
    def read_version(self) -> int:
        """The version of the rules that the form was filled from."""
        return read_version(self.version.data)


def _whole(field: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Invalid(**{field: N_("Write a whole number.")})
    return int(text)
