"""The one screen that logs a case, its people and the incident; also for changing an incident."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from casework.domain.coded import INCIDENT_FIELDS
from casework.domain.dates import Precision, VagueDate
from casework.domain.incident import IncidentNarrative
from casework.domain.messages import N_
from casework.domain.ownterm import Chosen
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.errors import Invalid
from casework.services.accounts.reviewing import LikelyAccounts
from casework.services.duplicates.reviewing import Somebody
from casework.services.incidents import IncidentDraft
from casework.web.faults import show_faults
from casework.web.forms.access import ALL, read_access
from casework.web.forms.coded import DayField, radio
from casework.web.forms.finer import (
    finer,
    finer_radio,
    finer_several,
    read_code,
    read_codes,
    read_own_terms,
)
from casework.web.forms.offers import offer_asked, offer_contacts, offer_months, offer_seasons
from casework.web.forms.officers import OFFICER_TEXTS, OfficerFields
from casework.web.forms.people import ParticipantForm, faults_of
from casework.web.forms.posted import read_drafts, read_ids, read_optional_id, read_version

ONE = ("raised_by", "place", "police_service", "contact_type")
MANY = tuple(field.name for field in INCIDENT_FIELDS if field.multiple)
MAX_PEOPLE = 40
QUICK = "quick"


class IncidentForm(OfficerFields, FlaskForm):
    """What happened, when, where, to whom, and who may read it.

    `view` is "quick" where the page shows the questions of a call; the form is the same. `asked` are those of
    them that were asked: a note for the length of the call, kept in its draft and not with the incident.
    """

    likely: Sequence[tuple[int, Somebody]] = ()
    """Who in other cases somebody new probably is, each with the place of the new one."""

    told_before: Sequence[LikelyAccounts] = ()
    """Which incidents that are logged already this one probably is."""

    newcomers: Mapping[int, str] = MappingProxyType({})
    """The names of the new ones who were found, by their places."""

    settled: Mapping[str, str] = MappingProxyType({})
    """What was answered to each question about these, by its name."""

    unsettled: Sequence[str] = ()
    """Which of these questions are still open."""

    is_unsettled = False
    """Whether they were asked before, and are open still."""

    lacks_somebody = False
    """Whether it named somebody who has no record any more, since a merge was taken back."""

    draft = HiddenField()
    earlier = HiddenField()
    once = HiddenField()
    view = HiddenField()
    version = HiddenField()
    base = HiddenField()
    precision = radio(_l("How well is the date known?"), "date_precision", default=Precision.DAY.value)
    day = DayField(_l("Date"))
    month = SelectField(_l("Month"), choices=lambda: offer_months(), validate_choice=False)
    season = SelectField(_l("Season"), choices=lambda: offer_seasons(), validate_choice=False)
    year = StringField(_l("Year"))
    place = SelectField(_l("Borough, city or region"), default=NOT_ASKED, validate_choice=False)
    police_service = SelectField(
        _l("Police service"),
        [InputRequired(_l("Choose the police service, or “Unknown”."))],
        validate_choice=False,
    )
    contact_type = RadioField(
        _l("How did it begin?"),
        [InputRequired(_l("Choose how the contact began, or “Unknown”."))],
        choices=finer(offer_contacts, "contact_type"),
        validate_choice=False,
    )
    status_surfaced = finer_several(_l("How did status come up?"), "status_surfaced")
    raised_by = finer_radio(_l("Who raised it?"), "raised_by")
    reasons = finer_several(_l("What reason did police give?"), "reason_given")
    text = TextAreaField(_l("What happened, in their words or yours"))
    exact_place = StringField(_l("Where exactly"))
    asked = SelectMultipleField(_l("Asked"), choices=lambda: offer_asked(), validate_choice=False)
    officer = StringField(_l("How many officers, and who: names, looks"))
    badge = StringField(_l("Badge numbers"))
    plate = StringField(_l("Numbers or plates of the cars"))
    said = TextAreaField(_l("What police said, and who of them"))
    people = FieldList(FormField(ParticipantForm), max_entries=MAX_PEOPLE)
    referral_types = finer_several(_l("What did police ask of the CBSA?"), "referral_type")
    cbsa_actions = finer_several(_l("What did the CBSA do?"), "cbsa_action")
    detention_grounds = finer_several(_l("On what grounds were they detained?"), "detention_ground")
    consequences = finer_several(_l("What followed for them?"), "consequence")
    patterns = SelectMultipleField(_l("Patterns"), choices=[], validate_choice=False)
    access = RadioField(_l("Who may open this case?"), choices=[], default=ALL, validate_choice=False)
    team = SelectMultipleField(_l("Who else is in the team or named?"), choices=[], validate_choice=False)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and put the domain's faults onto the fields."""
        sound = bool(super().validate(extra_validators))
        found = faults_of(self._date, self._narrative, self.read_texts, self._patterns, self._team)
        found |= faults_of(self._own_terms)
        for name in MANY:
            found |= faults_of(lambda name=name: read_codes(self[name]))  # type: ignore[misc]
        for name in ONE:
            if read_code(self[name]) not in code_list(name):
                found[name] = N_("Choose one of the listed answers.")
        self.show(Invalid(**found))
        return sound and not found

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them; a date is asked for in parts."""
        found = dict(invalid.faults)
        if "date" in found:
            found[self._part_of_date()] = found.pop("date")
        show_faults(self, Invalid(**found))

    def to_draft(self) -> IncidentDraft:
        """Return what was entered; raises Invalid."""
        answers: dict[str, str | tuple[str, ...]] = {name: read_code(self[name]) for name in ONE}
        access = read_access(self.access)
        return IncidentDraft(
            date=self._date(),
            answers=answers | {name: read_codes(self[name]) for name in MANY},
            own_terms=self._own_terms(),
            patterns=self._patterns(),
            narrative=self._narrative(),
            officers=self.read_texts(),
            people=tuple(entry.form.to_draft() for entry in self.people if entry.form.counts),
            team=self._team(),
            team_only=access["team_only"],
            restricted=access["restricted"],
        )

    @property
    def kept_as(self) -> list[UUID]:
        """The drafts that this form was kept as."""
        return read_drafts(self)

    @property
    def form_id(self) -> UUID | None:
        """The id of this form, by which it is saved once."""
        return read_optional_id(self.once.data)

    @property
    def is_quick(self) -> bool:
        """Whether the page shows only what is asked during a call."""
        return self.view.data == QUICK

    @property
    def tells_of_officers(self) -> bool:
        """Whether something was entered about the officers."""
        return any(self[name].data or self[name].errors for name in OFFICER_TEXTS)

    @property
    def read_version(self) -> int:
        """The version of the incident that the form was filled from."""
        return read_version(self.version.data)

    def _date(self) -> VagueDate:
        known = self.precision.data or ""
        if known == Precision.DAY:
            day = self.day.read()
            if day is None:
                raise Invalid(day=N_("Choose the day, or say that only the month is known."))
            return VagueDate.on(day)
        season = self.season.data if self.season.data in code_list("season") else None
        return VagueDate.from_parts(known, _number(self.year.data), _number(self.month.data), season)

    def _part_of_date(self) -> str:
        known = self.precision.data
        if known == Precision.MONTH:
            return "year" if (_number(self.month.data) or 0) in range(1, 13) else "month"
        if known == Precision.SEASON:
            return "year" if self.season.data in code_list("season") else "season"
        return str(known) if known in (Precision.DAY, Precision.YEAR) else "precision"

    def _narrative(self) -> IncidentNarrative:
        return IncidentNarrative(self.text.data or "", self.exact_place.data or "")

    def _patterns(self) -> tuple[UUID, ...]:
        return tuple(sorted(read_ids(self.patterns), key=str))

    def _own_terms(self) -> Chosen:
        return read_own_terms(self[name] for name in (*ONE, *MANY))

    def _team(self) -> frozenset[UUID]:
        return frozenset(read_ids(self.team)) if any(read_access(self.access).values()) else frozenset()


def _number(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 5 else None
