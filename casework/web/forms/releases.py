"""Writing a release: what it asks, and its words in each language."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField

from casework.domain.languages import WRITTEN_IN
from casework.domain.messages import N_
from casework.domain.period import Period, write_quarter
from casework.domain.releasedraft import LEAST_THRESHOLD, Names, ReleaseDraft, ReleaseTexts, table_field
from casework.errors import Invalid
from casework.services.releases.composing import REFUSED
from casework.web.faults import show_faults
from casework.web.forms.posted import read_drafts, read_optional_id
from casework.web.forms.statistics import list_units, offer_dimensions, offer_quarters, read_first_or_last

TABLES = (1, 2, 3, 4)
KINDS = ("title", "summary", "demands", "link")

_TITLE, _SUMMARY = _l("Title"), _l("Summary")
_DEMANDS, _LINK = _l("What we demand"), _l("Where a reader can act (address)")
_UNIT_OPEN = _l("Choose with care: what your first approved release counts, all later ones count.")
_UNIT_FIXED = _l("All your releases count this, since the first one does.")
_SHOW, _BY = _l("Show"), _l("By")


class ReleaseForm(FlaskForm):
    """A draft; whatever is missing is asked for when it is submitted."""

    version = HiddenField()
    draft = HiddenField()
    earlier = HiddenField()
    once = HiddenField()
    unit = SelectField(_l("Count"), validate_choice=False)
    first = SelectField(_l("From"), validate_choice=False)
    last = SelectField(_l("To"), validate_choice=False)
    show_1 = SelectField(_SHOW, validate_choice=False)
    by_1 = SelectField(_BY, validate_choice=False)
    show_2 = SelectField(_SHOW, validate_choice=False)
    by_2 = SelectField(_BY, validate_choice=False)
    show_3 = SelectField(_SHOW, validate_choice=False)
    by_3 = SelectField(_BY, validate_choice=False)
    show_4 = SelectField(_SHOW, validate_choice=False)
    by_4 = SelectField(_BY, validate_choice=False)
    k = IntegerField(_l("Threshold, in cases"), default=LEAST_THRESHOLD)
    replaces = SelectField(_l("In the place of"), validate_choice=False)
    title_en = StringField(_TITLE)
    summary_en = TextAreaField(_SUMMARY)
    demands_en = TextAreaField(_DEMANDS)
    link_en = StringField(_LINK)
    title_fr = StringField(_TITLE)
    summary_fr = TextAreaField(_SUMMARY)
    demands_fr = TextAreaField(_DEMANDS)
    link_fr = StringField(_LINK)
    title_es = StringField(_TITLE)
    summary_es = TextAreaField(_SUMMARY)
    demands_es = TextAreaField(_DEMANDS)
    link_es = StringField(_LINK)

    told: Sequence[str] = ()
    """What stands above what it asks: whole sentences."""

    def offer(self, years: Sequence[int], numbers: Sequence[int], unit: str = "") -> "ReleaseForm":
        """Set the choices; `unit` is what all releases count, empty as long as that is open.

        The years of what the form holds are among them, offered or not: in the place of a choice that is not
        there a browser shows the first of all.
        """
        years = sorted({*years, *(self.period.years() if self.period else ())})
        self.unit.choices = list_units(unit)
        self.unit.description = _UNIT_FIXED if unit else _UNIT_OPEN
        self.first.choices, self.last.choices = offer_quarters(years, 0), offer_quarters(years, 2)
        single = offer_dimensions(lambda spec: not spec.multiple)
        shown = offer_dimensions(lambda spec: spec.name not in REFUSED)
        for number in TABLES:
            self[f"show_{number}"].choices = {"": [("", _("no table"))]} | shown
            self[f"by_{number}"].choices = {"": [("", _("nothing else"))]} | single
        earlier = [(str(number), _("Release %(number)s", number=number)) for number in numbers]
        self.replaces.choices = [("0", _("none")), *earlier]
        return self

    def fill(self, draft: ReleaseDraft, version: int = 0) -> "ReleaseForm":
        """Show a draft as it stands."""
        self.version.data = str(version)
        self.unit.data, self.k.data, self.replaces.data = draft.unit, draft.k, str(draft.replaces)
        self.first.data, self.last.data = write_quarter(draft.period.first), write_quarter(draft.period.last)
        for number, names in zip(TABLES, draft.tables, strict=False):
            self[f"show_{number}"].data = names[0]
            self[f"by_{number}"].data = names[1] if len(names) > 1 else ""
        for language, texts in draft.texts.items():
            for kind in KINDS:
                self[f"{kind}_{language}"].data = getattr(texts, kind)
        return self

    @property
    def period(self) -> Period | None:
        """What is chosen, None as long as that is no period."""
        try:
            return Period(read_first_or_last(self, "first"), read_first_or_last(self, "last"))
        except Invalid:
            return None

    @property
    def replaced(self) -> int:
        """The number of the release that is chosen to be replaced, 0 of none."""
        text = self.replaces.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    @property
    def kept_as(self) -> list[UUID]:
        """The drafts that this form was kept as."""
        return read_drafts(self)

    @property
    def form_id(self) -> UUID | None:
        """The id of this form."""
        return read_optional_id(self.once.data)

    def to_draft(self) -> ReleaseDraft:
        """Return what was written; raises Invalid naming fields."""
        if self.k.data is None:
            raise Invalid(k=N_("Choose a threshold of at least five cases."))
        return ReleaseDraft(
            unit=self.unit.data or "",
            period=Period(read_first_or_last(self, "first"), read_first_or_last(self, "last")),
            tables=tuple(names for number in TABLES if (names := self._table(number))),
            texts={
                language: ReleaseTexts(*(self[f"{kind}_{language}"].data or "" for kind in KINDS))
                for language in WRITTEN_IN
            },
            k=self.k.data,
            replaces=self.replaced,
        )

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them: of a table onto its last field that is filled."""
        asked = [number for number in TABLES if self._table(number)]
        faults = dict(invalid.faults)
        for at, number in enumerate(asked):
            fault = faults.pop(table_field(at), None)
            if fault:
                text = _("Table %(number)s: %(fault)s", number=number, fault=_(fault))
                field = self[f"by_{number}" if self[f"by_{number}"].data else f"show_{number}"]
                field.errors = [*field.errors, text]
        if "period" in faults:
            faults["last"] = faults.pop("period")
        show_faults(self, Invalid(**faults))

    def _table(self, number: int) -> Names:
        return tuple(name for field in ("show", "by") if (name := self[f"{field}_{number}"].data))


class NoteForm(FlaskForm):
    """Words to a release: why it is given back, or withdrawn."""

    version = HiddenField()
    note = TextAreaField(_l("What should be changed"))
    reason_en = TextAreaField(_l("Why it is withdrawn, in English"))
    reason_fr = TextAreaField(_l("Why it is withdrawn, in French"))
    reason_es = TextAreaField(_l("Why it is withdrawn, in Spanish"))

    def reasons(self) -> dict[str, str]:
        """Return the reasons of a withdrawal by language, empty ones too."""
        return {language: self[f"reason_{language}"].data or "" for language in WRITTEN_IN}
