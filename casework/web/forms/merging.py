"""The form of a merge: for each answer in which two records differ, which one is kept."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SearchField
from wtforms.validators import DataRequired

from casework.domain.merging import (
    BOTH,
    CONSENT,
    EACH,
    LEFT,
    RIGHT,
    Side,
    list_differing,
    list_names,
    merge_people,
    offered_choices,
    propose_choice,
    read_field,
)
from casework.domain.person import IDENTITY_FIELDS, Consent, PersonFacts, PersonIdentity
from casework.domain.vocabulary import NOT_ASKED
from casework.services.merging.merging import MergeView
from casework.web.forms.coded import choose
from casework.web.forms.people import DetailsFields
from casework.web.forms.posted import read_version
from casework.web.language import label, write_day
from casework.web.ownwords import say_answer


class SearchPersonForm(FlaskForm):
    """Whom to look for."""

    text = SearchField(
        _l("Name, number or case"),
        [DataRequired(_l("Write a name, a phone or client number, or the reference of a case."))],
    )


class MergeForm(FlaskForm):
    """Two records. Each answer in which they differ has a field; `same` has what both say."""

    left_version = HiddenField()
    right_version = HiddenField()

    sides: tuple[Side, Side]
    of_two_cases: bool
    same: list[tuple[str, str]]

    @property
    def differing(self) -> list[RadioField]:
        """The fields to choose in, in the order in which a person is told."""
        return [self[name] for name in list_differing(*self.sides)]

    @property
    def asks_consent(self) -> bool:
        """Whether the two records differ in a consent."""
        return any(name.startswith(CONSENT) for name in list_differing(*self.sides))

    @property
    def versions(self) -> tuple[int, int]:
        """The versions of both records that the form was filled from."""
        return _posted(self.left_version), _posted(self.right_version)

    def merged(self) -> tuple[PersonFacts, PersonIdentity]:
        """Return the one record; raises Invalid naming each field in which nothing was chosen."""
        chosen = {field.short_name: field.data or "" for field in self.differing}
        terms = {name: str(gettext("%(what)s:", what=_ask(name))) for name in IDENTITY_FIELDS}
        return merge_people(*self.sides, chosen, terms, of_two_cases=self.of_two_cases)

    @property
    def own(self) -> list[str]:
        """Return the names of what each of two cases keeps as its own."""
        return [field.short_name for field in self.differing if field.data == EACH]

    def says(self, name: str, place: int) -> str:
        """Return what one of both records says, in words; "" where it says nothing."""
        return _tell(name, self.sides[place])


def merge_form(view: MergeView) -> MergeForm:
    """Return the form for these two records, as posted, or with what is proposed."""
    left, right = ((side.told.person.facts, side.told.person.identity) for side in (view.left, view.right))
    fields, of_two_cases = dict[str, Any](), not view.is_of_one_case
    for name in list_differing(left, right):
        offered = offered_choices(name, left, right, of_two_cases=of_two_cases)
        choices = [choose(code, _CHOICES[code]) for code in offered]
        proposed = propose_choice(name, left, right, of_two_cases=of_two_cases) or None
        fields[name] = RadioField(_ask(name), choices=choices, default=proposed, validate_choice=False)
    versions = {f"{side}_version": getattr(view, side).told.person.version for side in (LEFT, RIGHT)}
    form: MergeForm = type("MergeForm", (MergeForm,), fields)(data=versions)
    form.sides, form.of_two_cases = (left, right), of_two_cases
    told = {name: _tell(name, left) for name in list_names() if name not in fields}
    form.same = [(_ask(name), text) for name, text in told.items() if text]
    return form


def _posted(version: HiddenField) -> int:
    # Of the post alone: where the field is missing, its data is the version that stands now.
    return read_version(version.raw_data[0] if version.raw_data else "")


def _tell(name: str, side: Side) -> str:
    """Return what a record says, in words; "" where it says nothing."""
    value = read_field(side, name)
    if isinstance(value, Consent):
        day = f" ({write_day(value.on, 'medium')})" if value.on else ""
        how = "" if value.how == NOT_ASKED else f", {label(value.how, 'consent_means')}"
        return label(value.answer, "consent_answer") + day + how if value != Consent() else ""
    if name in IDENTITY_FIELDS:
        return str(value)
    return "" if value in (NOT_ASKED, (NOT_ASKED,)) else say_answer(side[0], name)


def _ask(name: str) -> str:
    if name.startswith(CONSENT):
        return str(
            gettext("Consent: %(purpose)s", purpose=label(name.removeprefix(CONSENT), "consent_purpose"))
        )
    return str(_TERMS.get(name) or DetailsFields()[name].label.text)


_TERMS: Mapping[str, Any] = {"name": _l("Name"), "note": _l("Note"), "racialised_identities": _l("Identity")}
_CHOICES: Mapping[str, Any] = {
    LEFT: _l("The first"),
    RIGHT: _l("The second"),
    BOTH: _l("Keep both"),
    EACH: _l("Each case keeps its own"),
}
