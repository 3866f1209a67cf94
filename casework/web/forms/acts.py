"""The form of one step of a pathway: what, when, whom it concerned, who did it, how it is known."""

from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from casework.domain.act import KINDS, LIST_OF
from casework.domain.messages import N_
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.errors import Invalid
from casework.services.acts import ActDraft, ActView
from casework.services.incidents import IncidentView
from casework.web.faults import show_faults
from casework.web.forms.coded import Choices, choose, radio
from casework.web.forms.moments import WhenFields, parts_of
from casework.web.forms.officers import OFFICER_TEXTS, OfficerFields
from casework.web.forms.people import faults_of
from casework.web.forms.posted import read_drafts, read_ids, read_optional_id, read_version
from casework.web.language import label


class ActForm(OfficerFields, WhenFields, FlaskForm):
    """One step. `what` is its kind and its code in one answer, so that one list offers every step."""

    draft = HiddenField()
    earlier = HiddenField()
    once = HiddenField()
    version = HiddenField()
    base = HiddenField()
    what = SelectField(
        _l("What happened?"),
        [InputRequired(_l("Choose what happened, or “Unknown” in its group."))],
        choices=lambda: _offer_steps(),
        validate_choice=False,
    )
    people = SelectMultipleField(_l("Whom did it concern?"), choices=[], validate_choice=False)
    by = radio(_l("Who did it?"), "actor")
    source = radio(_l("Who or what tells of it?"), "source_kind")
    reliability = radio(_l("How reliable is that?"), "source_reliability")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and put the domain's faults onto the fields."""
        sound = bool(super().validate(extra_validators))
        what = [self._what] if self.what.data else []
        found = faults_of(self.read_when, self.read_texts, self._people, *what)
        self.show(Invalid(**found))
        return sound and not found

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""
        show_faults(self, self.place_faults(invalid))

    def offer(self, incident: IncidentView) -> None:
        """Give the form the people of the incident's case to choose among."""
        nameless = str(gettext("Somebody without a name"))
        self.people.choices = [choose(one.id.hex, one.identity.name or nameless) for one in incident.people]

    def to_draft(self) -> ActDraft:
        """Return what was entered; raises Invalid."""
        kind, code = self._what()
        return ActDraft(
            kind=kind,
            code=code,
            when=self.read_when(),
            people=self._people(),
            by=self.by.data or NOT_ASKED,
            source=self.source.data or NOT_ASKED,
            reliability=self.reliability.data or NOT_ASKED,
            texts=self.read_texts(),
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
    def read_version(self) -> int:
        """The version that the form was filled from, of the post alone."""
        return read_version(self.version.raw_data[0] if self.version.raw_data else "")

    def _what(self) -> tuple[str, str]:
        kind, _colon, code = (self.what.data or "").partition(":")
        if kind not in LIST_OF or code not in code_list(LIST_OF[kind]):
            raise Invalid(what=N_("Choose one of the listed answers."))
        return kind, code

    def _people(self) -> tuple[UUID, ...]:
        return tuple(sorted(read_ids(self.people), key=str))


def shown_of(view: ActView) -> dict[str, object]:
    """Return what the form shows of an act."""
    act = view.act
    return {
        "version": act.version,
        "what": f"{act.kind}:{act.code}",
        "people": [person.hex for person in act.people],
        **{name: getattr(act, name) for name in ("by", "source", "reliability")},
        **{name: getattr(view.texts, name) for name in OFFICER_TEXTS},
        **parts_of(act.when),
    }


def shown_of_new(incident: IncidentView) -> dict[str, object]:
    """Return what a new form shows: somebody alone in the incident is whom it concerned."""
    there = [part.person_id.hex for part in incident.facts.participations]
    return {"people": there if len(there) == 1 else []}


def name_kind(kind: str) -> str:
    """Name a kind of step."""
    return {
        "contact": str(gettext("Contact with police")),
        "status_surfaced": str(gettext("Status came up")),
        "referral": str(gettext("Police turned to the CBSA")),
        "cbsa_action": str(gettext("What the CBSA did")),
        "consequence": str(gettext("What followed")),
    }[kind]


def _offer_steps() -> Choices:
    listed = [choose("", str(gettext("Choose")))]
    for kind in KINDS:
        codes = [code for code in code_list(LIST_OF[kind]).codes if code != NOT_ASKED]
        listed += [choose(f"{kind}:{code}", label(code, LIST_OF[kind]), name_kind(kind)) for code in codes]
    return listed
