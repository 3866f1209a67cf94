"""Writing a story, going through what could identify, and the words to it."""

from collections.abc import Mapping
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from casework.domain.languages import WRITTEN_IN
from casework.domain.messages import N_
from casework.domain.story import Story
from casework.domain.storychecks import ITEMS
from casework.domain.storydraft import DETAILS, Details, Offer, StoryDraft, StoryTexts
from casework.domain.vocabulary import code_list
from casework.errors import Invalid
from casework.reports.stories.contents import name_season
from casework.services.stories.telling import Asked
from casework.web.faults import show_faults
from casework.web.forms.coded import SelectChoice
from casework.web.forms.posted import read_drafts, read_optional_id
from casework.web.language import language
from casework.web.story_words import (
    DECISIONS_IN_WORDS,
    ITEMS_IN_WORDS,
    REASONS_IN_WORDS,
    name_asked,
    why_in_words,
)

_TITLE, _ACCOUNT = _l("Title"), _l("What happened")
_WHY = "why_"


class StoryForm(FlaskForm):
    """A story; whatever is missing is asked for when it is submitted."""

    version = HiddenField()
    draft = HiddenField()
    earlier = HiddenField()
    once = HiddenField()
    title_en = StringField(_TITLE)
    account_en = TextAreaField(_ACCOUNT)
    title_fr = StringField(_TITLE)
    account_fr = TextAreaField(_ACCOUNT)
    title_es = StringField(_TITLE)
    account_es = TextAreaField(_ACCOUNT)
    age_band = SelectField(_l("Age"), validate_choice=False)
    region = SelectField(_l("Part of the world they come from"), validate_choice=False)
    contact_group = SelectField(_l("Contact with the police"), validate_choice=False)
    province = SelectField(_l("Province or territory"), validate_choice=False)
    season = SelectField(_l("Season or year"), validate_choice=False)

    def offer(self, offer: Offer) -> "StoryForm":
        """Set the choices: what the case says, made coarser."""
        none = [("", _("left out"))]
        for name in DETAILS:
            labels = code_list(name)
            self[name].choices = none + [(code, labels.label(code, language())) for code in offer[name]]
        self.season.choices = none + [(code, name_season(code, language())) for code in offer["season"]]
        return self

    def fill(self, draft: StoryDraft, version: int) -> "StoryForm":
        """Show a story as it stands."""
        self.version.data = str(version)
        for code, texts in draft.texts.items():
            self[f"title_{code}"].data, self[f"account_{code}"].data = texts.title, texts.account
        for name in (*DETAILS, "season"):
            self[name].data = getattr(draft.details, name)
        return self

    @property
    def kept_as(self) -> list[UUID]:
        """The drafts that this form was kept as."""
        return read_drafts(self)

    @property
    def form_id(self) -> UUID | None:
        """The id of this form."""
        return read_optional_id(self.once.data)

    def to_draft(self) -> StoryDraft:
        """Return what was written; raises Invalid naming fields."""
        return StoryDraft(
            texts={
                code: StoryTexts(self[f"title_{code}"].data or "", self[f"account_{code}"].data or "")
                for code in WRITTEN_IN
            },
            details=Details(**{name: self[name].data or "" for name in (*DETAILS, "season")}),
        )

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""
        show_faults(self, invalid)


class ChecksForm(FlaskForm):
    """The writer's decision about each kind of what could identify."""

    version = HiddenField()
    check_names = SelectField(validate_choice=False)
    check_places = SelectField(validate_choice=False)
    check_dates = SelectField(validate_choice=False)
    check_work = SelectField(validate_choice=False)
    check_family = SelectField(validate_choice=False)
    check_origin = SelectField(validate_choice=False)
    check_injuries = SelectField(validate_choice=False)
    check_officers = SelectField(validate_choice=False)
    check_media = SelectField(validate_choice=False)
    check_quotations = SelectField(validate_choice=False)
    check_photos = SelectField(validate_choice=False)

    @classmethod
    def of(cls, story: Story, asked: Mapping[str, Asked]) -> "ChecksForm":
        """Make it with labels and choices, and of each word `asked` about the question why it may stay.

        Shown for the first time, what was decided earlier is chosen.
        """
        reasons = [
            SelectChoice("", _("Has to be changed")),
            *(SelectChoice(code, str(said)) for code, said in REASONS_IN_WORDS.items()),
        ]
        earlier = {key: kept.reason for key, kept in story.stays.items()}
        fields = {
            _WHY + key: SelectField(
                said, choices=reasons, validate_choice=False, default=earlier.get(key, "")
            )
            for key, said in name_asked(asked)
        }
        form: ChecksForm = type(cls.__name__, (cls,), fields)()
        for item in ITEMS:
            field = form[f"check_{item}"]
            field.label.text, field.description = ITEMS_IN_WORDS[item]
            decisions = [(code, str(said)) for code, said in DECISIONS_IN_WORDS.items()]
            if item == "names":
                decisions.pop()
            field.choices = [("", _("Decide…")), *decisions]
            if not form.is_submitted():
                field.data = story.checks.get(item, "")
        return form

    @property
    def words(self) -> list[Field]:
        """The fields that ask why a word may stay."""
        return [field for field in self if field.name.startswith(_WHY)]

    @property
    def reasons(self) -> dict[str, str]:
        """Why words stay, by their keys, as it was posted."""
        return {
            name.removeprefix(_WHY): reason for name, reason in request.form.items() if name.startswith(_WHY)
        }

    @property
    def checks(self) -> dict[str, str]:
        """What was decided, by kind."""
        return {item: self[f"check_{item}"].data or "" for item in ITEMS}

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them; that of words onto each without a reason."""
        faults = dict(invalid.faults)
        undecided = [field.name for field in self.words if not field.data]
        if "stays" in faults and undecided:
            del faults["stays"]
            faults |= dict.fromkeys(undecided, N_("Change it in the text, or say why it may stay."))
        show_faults(self, Invalid(**faults))


class LookedForm(FlaskForm):
    """The approver’s own look at each kind."""

    version = HiddenField()
    mark = HiddenField()
    looked = SelectMultipleField(_l("I went through it, and agree"), validate_choice=False)

    def ask(self, story: Story, asked: Mapping[str, Asked], names: Mapping[UUID, str]) -> "LookedForm":
        """Set the choices: each kind with what the writer decided, each word that stays with who said why."""
        kinds = [
            (item, _("%(kind)s: %(decision)s", kind=said[0], decision=DECISIONS_IN_WORDS[story.checks[item]]))
            for item, said in ITEMS_IN_WORDS.items()
            if item in story.checks
        ]
        words = [
            (
                key,
                _(
                    "It may stay: %(words)s. %(why)s",
                    words=said,
                    why=why_in_words(story.stays.get(key), names),
                ),
            )
            for key, said in name_asked(asked)
        ]
        self.looked.choices = kinds + words
        return self

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""
        show_faults(self, invalid)


class WordsForm(FlaskForm):
    """Words to a story: why it is given back, or withdrawn."""

    version = HiddenField()
    note = TextAreaField(_l("What should be changed"))
    reason = TextAreaField(_l("Why the story is withdrawn"))

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""
        show_faults(self, invalid)
