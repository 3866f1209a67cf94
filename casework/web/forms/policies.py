"""Adding and changing a policy event."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from casework.domain.moments import Moment
from casework.domain.policy import TEXTS, PolicyEvent
from casework.domain.vocabulary import PSEUDO_CODES, code_list
from casework.errors import Invalid
from casework.services.policies.reading import PolicyView
from casework.web.faults import show_faults
from casework.web.forms.coded import Choices, choose, offer
from casework.web.forms.moments import WhenFields, parts_of
from casework.web.forms.rules import RuleFields

_NAME = _l("Name")
_TEXT = _l("What the policy says")


def offer_cities() -> Choices:
    """List the cities, none of them first."""
    return [choose("", str(gettext("None"))), *offer("city", PSEUDO_CODES)]


class PolicyForm(RuleFields, WhenFields):
    """A policy event: what, whose, since when, where it is written, and what contradicts it."""

    once = HiddenField()
    version = HiddenField()
    name_en = StringField(_NAME)
    text_en = TextAreaField(_TEXT)
    name_fr = StringField(_NAME)
    text_fr = TextAreaField(_TEXT)
    name_es = StringField(_NAME)
    text_es = TextAreaField(_TEXT)
    services = SelectMultipleField(
        _l("Police services"), choices=lambda: offer("police_service", PSEUDO_CODES), validate_choice=False
    )
    city = SelectField(_l("City"), choices=offer_cities, validate_choice=False)
    source = StringField(_l("Where it is written"))
    url = StringField(_l("Address of the source"))

    def fill(self, view: PolicyView) -> "PolicyForm":
        """Show an event as it stands."""
        event = view.event
        self.version.data = str(view.version)
        for name in (*TEXTS, "city", "source", "url"):
            self[name].data = getattr(event, name)
        self.services.data = list(event.services)
        for name, value in parts_of(Moment(event.date)).items():
            self[name].data = value
        self.fill_rule(event.rule)
        return self

    def read(self) -> PolicyEvent:
        """Return the event; raises Invalid."""
        texts: dict[str, Any] = {name: self[name].data or "" for name in (*TEXTS, "city", "source", "url")}
        chosen = set(self.services.data or ())
        services = tuple(code for code in code_list("police_service").codes if code in chosen)
        return PolicyEvent(**texts, services=services, date=self.read_when().date, rule=self.read_rule())

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""
        show_faults(self, self.place_faults(invalid))


class RetirePolicyForm(FlaskForm):
    """The version that was seen, and whether the event is to be retired or brought back."""

    version = HiddenField()
    retired = HiddenField()
