"""Choosing cases in their list, and what each deed on many of them asks."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField

from casework.domain.messages import N_
from casework.domain.person import Consent
from casework.domain.vocabulary import NOT_ASKED
from casework.errors import Invalid
from casework.services.bundles.binning import Binning
from casework.services.bundles.consenting import ANSWERS, Consenting
from casework.services.bundles.deeds import Deed
from casework.services.bundles.handing import Handing
from casework.services.bundles.tagging import Tagging
from casework.services.context import Context
from casework.services.membership.members import MemberView
from casework.web.forms.coded import Choices, DayField, choose, offer, select
from casework.web.forms.posted import read_ids, read_optional_id

_SET, _OFF = "add", "remove"


class ChoosingForm(FlaskForm):
    """The ticked cases of a page, or all that the list shows on every page."""

    case = SelectMultipleField(choices=[], validate_choice=False)
    every = BooleanField()

    def cases(self) -> Sequence[UUID]:
        """Return the ticked ones; raises Invalid."""
        return sorted(read_ids(self.case))


class DeedForm(FlaskForm):
    """What a deed asks before it is counted."""

    def to_deed(self, context: Context) -> Deed:
        """Return what is to be done; raises Invalid."""
        raise NotImplementedError

    def answered(self) -> Mapping[str, str]:
        """Return what was answered, as hidden fields of the form that does what was counted."""
        fields = {field.short_name: field for field in self if field.short_name != "csrf_token"}
        return {name: str(field.raw_data[0]) for name, field in fields.items() if field.raw_data}

    def chosen_label(self, name: str) -> str:
        """Return the words of the choice in one field."""
        return next(
            (str(choice.label) for choice in self[name].iter_choices() if choice.value == self[name].data), ""
        )


class BinningForm(DeedForm):
    """Nothing is asked before the bin."""

    def to_deed(self, context: Context) -> Deed:
        """Return the deed."""
        return Binning()


class HandingForm(DeedForm):
    """Who accompanies the cases from now on."""

    to = RadioField(_l("Who accompanies these cases from now on?"), choices=[], validate_choice=False)

    def offer(self, members: Iterable[MemberView]) -> None:
        """Give the form the members who may accompany cases."""
        self.to.choices = [choose(member.id.hex, member.display_name) for member in members]

    def to_deed(self, context: Context) -> Deed:
        """Return the deed; raises Invalid."""
        member_id = read_optional_id(self.to.data)
        if member_id is None:
            raise Invalid(to=N_("Choose who accompanies these cases from now on."))
        return Handing(member_id, context.roster)


class ConsentingForm(DeedForm):
    """What everybody in the cases answered, to what, and when."""

    purpose = RadioField(
        _l("What is the consent for?"), choices=lambda: offer("consent_purpose"), validate_choice=False
    )
    answer = RadioField(_l("What did they answer?"), choices=lambda: offer_answers(), validate_choice=False)
    on = DayField(_l("Answered on"))
    how = select(_l("How they answered"), "consent_means")
    replaces = BooleanField(
        _l("Also replace answers that are there"),
        description=_l("A later answer always stays, and so does a refusal or withdrawal before a yes."),
    )

    def to_deed(self, context: Context) -> Deed:
        """Return the deed; raises Invalid."""
        return Consenting(self.purpose.data or "", self.to_consent(), bool(self.replaces.data))

    def to_consent(self) -> Consent:
        """Return the answer, whole: what else a consent says is asked and put in here."""
        return Consent(self.answer.data or "", self.on.read(), self.how.data or NOT_ASKED)


class TaggingForm(DeedForm):
    """A pattern for every incident of the cases: set it, or take it off."""

    pattern = SelectField(_l("Pattern"), choices=[], validate_choice=False)
    deed = RadioField(
        _l("Set it or take it off"), choices=lambda: offer_tagging(), default=_SET, validate_choice=False
    )

    def offer(self, patterns: Choices) -> None:
        """Give the form the patterns that are in use."""
        self.pattern.choices = [choose("", str(_l("Choose"))), *patterns]

    def to_deed(self, context: Context) -> Deed:
        """Return the deed; raises Invalid."""
        pattern_id = read_optional_id(self.pattern.data)
        if pattern_id is None:
            raise Invalid(pattern=N_("Choose a pattern."))
        return Tagging(pattern_id, self.deed.data != _OFF)


def offer_answers() -> Choices:
    """List the answers that can be recorded for many: not that somebody was not asked."""
    return [choice for choice in offer("consent_answer") if choice.value in ANSWERS]


def offer_tagging() -> Choices:
    """List setting and taking off."""
    return [choose(_SET, str(_l("Set it"))), choose(_OFF, str(_l("Take it off")))]
