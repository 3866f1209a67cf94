"""A person in a form: who they are, what they had to do with the incident, what they agreed to."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field, Form, HiddenField, StringField, TelField, TextAreaField

from casework.domain.coded import PERSON_FIELDS, normalise_multi
from casework.domain.messages import N_
from casework.domain.person import (
    IDENTITY_FIELDS,
    Consent,
    PersonFacts,
    PersonIdentity,
    validate_identity,
    validate_person,
)
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.errors import Invalid
from casework.services.incidents import PersonDraft
from casework.services.records import PersonView
from casework.web.faults import show_faults
from casework.web.forms.coded import DayField, radio, select, several
from casework.web.forms.finer import (
    finer_select,
    finer_several,
    read_code,
    read_codes,
    read_own_terms,
    show_code,
    show_codes,
)
from casework.web.forms.posted import read_id, read_version
from casework.web.identity import runtime

PURPOSES = ("statistics", "casework", "story", "litigation")
_ONE = tuple(field.name for field in PERSON_FIELDS if not field.multiple)
_MANY = tuple(field.name for field in PERSON_FIELDS if field.multiple)


class DetailsFields(Form):
    """Who somebody is, coded facts about them, and their consents."""

    name = StringField(_l("Name, or what to call them"))
    phone = TelField(_l("Phone"))
    email = EmailField(_l("E-mail"))
    birth_date = StringField(_l("Birth date"), description=_l("As far as it is known."))
    uci = StringField(_l("UCI"), description=_l("The client number on immigration papers."))
    address = TextAreaField(_l("Address"))
    note = TextAreaField(_l("Note, for example how to reach them safely"))
    age_band = finer_select(_l("Age"), "age_band")
    gender = finer_select(_l("Gender"), "gender")
    immigration_status = finer_select(_l("Immigration status"), "immigration_status")
    region_of_origin = finer_select(_l("Region of origin"), "region_of_origin")
    racialised_identities = finer_several(
        _l("Racialised identity, in their own words"), "racialised_identity"
    )
    languages = finer_several(_l("Languages"), "language")
    consent_statistics = radio(_l("May this count in our statistics?"), "consent_answer")
    consent_casework = select(_l("Casework"), "consent_answer")
    consent_story = select(_l("Anonymised story"), "consent_answer")
    consent_litigation = select(_l("Litigation"), "consent_answer")
    consent_statistics_on = DayField(_l("Statistics: answered on"))
    consent_casework_on = DayField(_l("Casework: answered on"))
    consent_story_on = DayField(_l("Story: answered on"))
    consent_litigation_on = DayField(_l("Litigation: answered on"))
    consent_statistics_how = select(_l("Statistics: how they answered"), "consent_means")
    consent_casework_how = select(_l("Casework: how they answered"), "consent_means")
    consent_story_how = select(_l("Story: how they answered"), "consent_means")
    consent_litigation_how = select(_l("Litigation: how they answered"), "consent_means")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and put the domain's faults onto the fields."""
        sound = bool(super().validate(extra_validators))
        found = faults_of(self.to_identity, self.to_facts)
        show_faults(self, Invalid(**found))
        return sound and not found

    def to_identity(self) -> PersonIdentity:
        """Return who they are; raises Invalid."""
        identity = PersonIdentity(**{name: self[name].data or "" for name in IDENTITY_FIELDS})
        validate_identity(identity, runtime().today())
        return identity

    def to_facts(self) -> PersonFacts:
        """Return the coded facts, consents included; raises Invalid."""
        answers: dict[str, Any] = {name: read_code(self[name]) for name in _ONE}
        answers |= {name: read_codes(self[name]) for name in _MANY}
        facts = PersonFacts(
            **answers,
            own_terms=read_own_terms(self[name] for name in (*_ONE, *_MANY)),
            consents={purpose: self._consent(purpose) for purpose in PURPOSES if self._was_asked(purpose)},
        )
        validate_person(facts, today=runtime().today())
        return facts

    def consents(self) -> list[Field]:
        """Return the fields of the consents beside statistics."""
        return [self[f"consent_{purpose}"] for purpose in PURPOSES[1:]]

    def answers_on(self) -> list[tuple[Field, Field]]:
        """Return for each purpose the fields of the day and of how they answered."""
        return [(self[f"consent_{purpose}_on"], self[f"consent_{purpose}_how"]) for purpose in PURPOSES]

    def each_consent(self) -> list[tuple[str, Field, Field, Field]]:
        """Return for each purpose the fields of the answer, of its day and of how it was given."""
        return [
            (purpose, self[f"consent_{purpose}"], *days)
            for purpose, days in zip(PURPOSES, self.answers_on(), strict=True)
        ]

    def _was_asked(self, purpose: str) -> bool:
        said = self[f"consent_{purpose}"].data, self[f"consent_{purpose}_how"].data
        return any((code or NOT_ASKED) != NOT_ASKED for code in said)

    def _consent(self, purpose: str) -> Consent:
        answer, day = self[f"consent_{purpose}"].data or NOT_ASKED, self[f"consent_{purpose}_on"]
        if answer not in code_list("consent_answer"):
            raise Invalid(**{f"consent_{purpose}": N_("Choose one of the listed answers.")})
        how = self[f"consent_{purpose}_how"].data or NOT_ASKED
        return Consent(answer, cast(DayField, day).read(), how)


class ParticipantForm(DetailsFields):
    """Somebody in an incident. Without `version` a person of the case is only named, not changed."""

    person_id = HiddenField()
    version = HiddenField()
    takes_part = BooleanField(_l("Was there, or is concerned"))
    roles = several(_l("Their part in it"), "role")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and put the domain's faults onto the fields."""
        sound = super().validate(extra_validators)
        found = faults_of(lambda: normalise_multi("roles", self.roles.data or ()))
        show_faults(self, Invalid(**found))
        return sound and not found

    @property
    def is_kept(self) -> bool:
        """Whether this is somebody whom the case has already."""
        return bool(self.person_id.data)

    @property
    def counts(self) -> bool:
        """Whether this is somebody of the incident: an empty row is nobody."""
        if self.is_kept:
            # Who was only named so far takes part as soon as they have a part.
            return bool(self.takes_part.data or (self.roles.data and not self.version.data))
        texts = (self[name].data for name in (*IDENTITY_FIELDS, *_MANY, "roles"))
        answers = [self[name].data for name in _ONE]
        answers += [self[f"consent_{purpose}{part}"].data for purpose in PURPOSES for part in ("", "_how")]
        return any(texts) or any(answer not in (None, "", NOT_ASKED) for answer in answers)

    def to_draft(self) -> PersonDraft:
        """Return the person; raises Invalid, and NotFound for an id that is none."""
        roles = normalise_multi("roles", self.roles.data or ())
        person_id = read_id(self.person_id.data, "person") if self.is_kept else None
        if self.is_kept and not self.version.data:
            return PersonDraft(person_id=person_id, roles=roles)
        return PersonDraft(
            person_id=person_id,
            version=read_version(self.version.data) if self.is_kept else 0,
            identity=self.to_identity(),
            facts=self.to_facts(),
            roles=roles,
        )


def details_of(person: PersonView, today: str = "") -> dict[str, Any]:
    """Return what the form shows of a person; a consent not asked so far would be answered today."""
    shown: dict[str, Any] = {name: getattr(person.identity, name) for name in IDENTITY_FIELDS}
    shown |= {name: show_code(person.facts, name) for name in _ONE}
    shown |= {name: show_codes(person.facts, name) for name in _MANY}
    for purpose in PURPOSES:
        consent = person.facts.consent(purpose)
        asked = consent.answer != NOT_ASKED
        shown[f"consent_{purpose}"] = consent.answer
        shown[f"consent_{purpose}_how"] = consent.how
        shown[f"consent_{purpose}_on"] = consent.on.isoformat() if consent.on else "" if asked else today
    return shown


def ticked(answers: tuple[str, ...]) -> list[str]:
    """Return several answers as boxes show them: what was not asked has no box."""
    return [answer for answer in answers if answer != NOT_ASKED]


def days_of_consent(today: str) -> Mapping[str, str]:
    """Return the day that a new person's consents are shown with, to be corrected where it was another."""
    return {f"consent_{purpose}_on": today for purpose in PURPOSES}


def faults_of(*makers: Callable[[], Any]) -> dict[str, str]:
    """Return every fault that making these raises, by field."""
    found: dict[str, str] = {}
    for make in makers:
        try:
            make()
        except Invalid as invalid:
            found.update(invalid.faults)
    return found
