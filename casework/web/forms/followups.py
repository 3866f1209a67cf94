"""Forms of follow-ups: notes and calls, tasks and hearings, a detention, its reviews, its end."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from casework.domain.followup import (
    DATED,
    DETENTION,
    RELEASE,
    REVIEW,
    FollowUpFacts,
    FollowUpTexts,
    places_of_detention,
)
from casework.domain.messages import N_
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.errors import Invalid
from casework.services.cases import CaseView
from casework.services.followups.reading import FollowUpView
from casework.services.followups.writing import FollowUpDraft
from casework.services.membership.members import MemberView
from casework.web.faults import show_faults
from casework.web.forms.coded import Choices, DayField, choose, offer, radio
from casework.web.forms.moments import TimeField, WhenFields, parts_of, read_due
from casework.web.forms.people import faults_of
from casework.web.forms.posted import read_drafts, read_optional_id, read_version
from casework.web.language import label, vague_date
from casework.web.ownwords import say_answer

AHEAD = ("task", "hearing")
BEHIND = ("note", "call", "letter", "other")


class FollowUpForm(FlaskForm):
    """What every form of a follow-up has; `kind` says which it is."""

    kind_of_all = ""
    draft = HiddenField()
    earlier = HiddenField()
    once = HiddenField()
    version = HiddenField()
    base = HiddenField()
    words = TextAreaField(_l("Words, as many as you like"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and put the domain's faults onto the fields."""
        sound = bool(super().validate(extra_validators))
        found = faults_of(self.to_draft)
        self.show(Invalid(**found))
        return sound and not found

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""
        show_faults(self, self.place_faults(invalid) if isinstance(self, WhenFields) else invalid)

    def to_draft(self) -> FollowUpDraft:
        """Return what was entered; raises Invalid."""
        return FollowUpDraft(kind=self.kind_of_all, texts=FollowUpTexts(words=self.words.data or ""))

    def offer(self, case: CaseView, members: Iterable[MemberView]) -> None:
        """Give the form what it can choose among: the case's people, its incidents, the members."""
        lists: Mapping[str, Choices] = {
            "person": [
                choose("", str(gettext("Nobody in particular"))),
                *(
                    choose(one.id.hex, one.identity.name or str(gettext("Somebody without a name")))
                    for one in case.people
                ),
            ],
            "incident": [
                choose("", str(gettext("None of them"))),
                *name_incidents(case),
            ],
            "assigned_to": [
                choose("", str(gettext("Whoever accompanies the case"))),
                *(choose(one.id.hex, one.display_name) for one in members),
            ],
        }
        for name, choices in lists.items():
            if name in self:
                self[name].choices = choices

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


class NoteForm(WhenFields, FollowUpForm):
    """Something that was said or done."""

    kind = RadioField(
        _l("What is it?"), choices=lambda: _kinds(BEHIND), default="note", validate_choice=False
    )
    words = TextAreaField(_l("What was said or done"))
    person = SelectField(_l("Whom it is about"), choices=[], validate_choice=False)

    def to_draft(self) -> FollowUpDraft:
        """Return what was entered; raises Invalid."""
        texts = FollowUpTexts(words=self.words.data or "")
        person = _read_choice(self.person)
        return FollowUpDraft(kind=self.kind.data or "", when=self.read_when(), person=person, texts=texts)


class TaskForm(FollowUpForm):
    """Something to do, or to go to."""

    kind = RadioField(_l("What is it?"), choices=lambda: _kinds(AHEAD), default="task", validate_choice=False)
    title = StringField(_l("What has to be done"))
    due_day = DayField(_l("Due on"))
    due_time = TimeField(_l("At, if there is a time"))
    assigned_to = SelectField(_l("Who sees to it"), choices=[], validate_choice=False)
    person = SelectField(_l("Whom it is about"), choices=[], validate_choice=False)
    rule = StringField(
        _l("Rule that sets the date"), description=_l("If it is a legal deadline: for example, its section.")
    )

    def to_draft(self) -> FollowUpDraft:
        """Return what was entered; raises Invalid."""
        return FollowUpDraft(
            kind=self.kind.data or "",
            due=read_due(self.due_day, self.due_time),
            assigned_to=_read_choice(self.assigned_to),
            person=_read_choice(self.person),
            texts=FollowUpTexts(self.title.data or "", self.words.data or "", self.rule.data or ""),
        )


class DetentionForm(WhenFields, FollowUpForm):
    """Who is detained since when, and where."""

    kind_of_all = DETENTION
    person = SelectField(_l("Who is detained"), choices=[], validate_choice=False)
    place = RadioField(
        _l("Where are they held?"), choices=lambda: _places(), default=UNKNOWN, validate_choice=False
    )
    incident = SelectField(_l("Incident that led to it"), choices=[], validate_choice=False)

    def to_draft(self) -> FollowUpDraft:
        """Return what was entered; raises Invalid."""
        return FollowUpDraft(
            kind=DETENTION,
            when=self.read_when(),
            place=self.place.data or NOT_ASKED,
            person=_read_choice(self.person),
            incident=_read_choice(self.incident),
            texts=FollowUpTexts(words=self.words.data or ""),
        )


class ReviewForm(WhenFields, FollowUpForm):
    """When a review of detention was held, and how it ended; of which detention, the address says."""

    kind_of_all = REVIEW
    outcome = radio(_l("How did it end?"), "review_outcome", without=(NOT_ASKED,), default="")

    def to_draft(self, detention: UUID | None = None) -> FollowUpDraft:
        """Return what was entered; raises Invalid."""
        texts, outcome = FollowUpTexts(words=self.words.data or ""), self.outcome.data or NOT_ASKED
        return FollowUpDraft(
            kind=REVIEW, when=self.read_when(), outcome=outcome, detention=detention, texts=texts
        )


class ReleaseForm(WhenFields, FollowUpForm):
    """When a detention ended."""

    kind_of_all = RELEASE

    def to_draft(self, detention: UUID | None = None) -> FollowUpDraft:
        """Return what was entered; raises Invalid."""
        texts = FollowUpTexts(words=self.words.data or "")
        return FollowUpDraft(kind=RELEASE, when=self.read_when(), detention=detention, texts=texts)


_FORMS: Mapping[str, type[FollowUpForm]] = {
    DETENTION: DetentionForm,
    REVIEW: ReviewForm,
    RELEASE: ReleaseForm,
}


def form_of(kind: str) -> type[FollowUpForm]:
    """Return the form of a kind."""
    return _FORMS.get(kind) or (TaskForm if kind in DATED else NoteForm)


def shown_of(view: FollowUpView, today: date) -> dict[str, object]:
    """Return what a form shows of a follow-up."""
    facts, texts = view.facts, view.texts
    return {
        "version": view.version,
        "kind": facts.kind,
        "title": texts.title,
        "words": texts.words or (texts.title if facts.kind not in DATED else ""),
        "rule": texts.rule,
        "place": facts.place,
        "outcome": facts.outcome,
        **{name: _hex(getattr(facts, name)) for name in ("person", "incident", "assigned_to")},
        **parts_of(facts.when, today if facts.kind not in DATED else None),
        **_parts_of_due(facts),
    }


def _parts_of_due(facts: FollowUpFacts) -> dict[str, object]:
    if facts.due is None:
        return {}
    span, at = facts.due.date.span(), facts.due.time
    return {"due_day": span[0].isoformat() if span else "", "due_time": f"{at:%H:%M}" if at else ""}


def _kinds(codes: Iterable[str]) -> Choices:
    return [choose(code, label(code, "follow_up_kind")) for code in codes]


def _places() -> Choices:
    codes = (*places_of_detention(), UNKNOWN)
    return [one for one in offer("cbsa_action") if one.value in codes]


def _read_choice(field: SelectField) -> UUID | None:
    """Return the chosen id, None for nobody; raises Invalid naming the field for what is no id."""
    try:
        return UUID(hex=field.data) if field.data else None
    except ValueError:
        raise Invalid(**{field.short_name: N_("Choose one of the listed answers.")}) from None


def _hex(value: UUID | None) -> str:
    return value.hex if value else ""


def name_incidents(case: CaseView) -> Choices:
    """List the incidents of a case, by their date and how they began."""
    return [
        choose(one.id.hex, f"{vague_date(one.facts.date)}, {say_answer(one.facts, 'contact_type')}")
        for one in case.incidents
    ]
