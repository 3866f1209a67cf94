"""The forms of the import: a file, and what its columns become."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from casework.domain.coded import FIELDS
from casework.domain.person import GIVEN
from casework.domain.vocabulary import NOT_ASKED, code_list
from casework.services.importing.headings import (
    DATE_TARGETS,
    GROUP,
    IDENTITY_TARGETS,
    KEY,
    NARRATIVE_TARGETS,
    NOTE,
    PERSON_TARGETS,
)
from casework.services.importing.people import MOST_PEOPLE, of_person, split_target
from casework.services.importing.plan import CONSTANTS, LONGEST_SOURCE, TARGETS, Plan, find_dated
from casework.services.importing.profiles import Column
from casework.services.importing.sentlist import Groups, Upload
from casework.services.importing.targets import (
    CONSENT_ALL,
    CONSENT_ANSWERS,
    CONSENT_HOW,
    CONSENT_ON,
    CONSENT_TARGETS,
)
from casework.services.importing.vaguedates import Order
from casework.web.forms.coded import Choices, choose, offer, select
from casework.web.forms.listfields import name_field
from casework.web.language import format_number, label, language

_NAMES: Mapping[str, Any] = {
    "": _l("leave out"),
    KEY: _l("Number or name that tells rows apart"),
    GROUP: _l("Number of the incident, which several rows may have"),
    "date": _l("Date"),
    "date_year": _l("Year"),
    "date_month": _l("Month"),
    "date_day": _l("Day of the month"),
    "name": _l("Name"),
    "phone": _l("Telephone"),
    "email": _l("E-mail"),
    "birth_date": _l("Date of birth"),
    "uci": _l("UCI"),
    "address": _l("Address"),
    "note_on_person": _l("Note on the person"),
    "text": _l("What happened, in words"),
    "exact_place": _l("Exact place"),
    NOTE: _l("A line of the narrative, under its heading"),
    CONSENT_ALL: _l("Consent to everything"),
    CONSENT_ON: _l("Day of the consent"),
    CONSENT_HOW: _l("How they answered about consent"),
}
_ONE, _EACH = "one", "each"
_PEOPLE: Mapping[int, Any] = {2: _l("second person"), 3: _l("third person"), 4: _l("fourth person")}
_FIELD_NAMES: Mapping[str, Any] = {"age_band": _l("Age or age band"), "languages": _l("Languages")}


class UploadForm(FlaskForm):
    """A list, with what cannot always be found out of it."""

    file = FileField(
        _l("List"),
        description=_l(
            "CSV or XLSX, up to 20 MB and 100,000 rows. It is kept sealed, for a day at the most."
        ),
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm", "required": True},
    )
    encoding = SelectField(_l("Letters of a CSV file"), default="", validate_choice=False)
    delimiter = SelectField(_l("Between the cells of a CSV file"), default="", validate_choice=False)

    def offer(self) -> None:
        """Fill the choices, in the reader's language."""
        found_out = choose("", _("find out"))
        self.encoding.choices = [
            found_out,
            choose("utf-8", "UTF-8"),
            choose("cp1252", "Windows-1252"),
            choose("mac_roman", "Macintosh"),
            choose("cp850", "DOS (850)"),
            choose("utf-16", "UTF-16"),
        ]
        self.delimiter.choices = [
            found_out,
            choose(",", _("a comma")),
            choose(";", _("a semicolon")),
            choose("\t", _("a tab")),
            choose("|", _("a bar")),
        ]


class RememberForm(FlaskForm):
    """The name that a mapping is remembered under."""

    name = StringField(_l("Name of the mapping"), render_kw={"maxlength": 80, "autocomplete": "off"})


class UndoForm(FlaskForm):
    """Whether what was changed since goes too."""

    bins_changed = BooleanField(_l("Move the changed cases to the bin too"))


class ColumnsForm(FlaskForm):
    """What is said of the list as a whole; `make_columns_form` adds a field for each column."""

    source = StringField(
        _l("Name of the list"),
        description=_l("Rows of a list of this name come in once, however often the file is sent."),
        render_kw={"maxlength": LONGEST_SOURCE, "autocomplete": "off"},
    )
    keeps_rest = BooleanField(_l("Keep the columns that are left out as lines of the narrative too"))
    contact_type = SelectField(_l("Contact type"), validate_choice=False)
    police_service = SelectField(_l("Police service"), validate_choice=False)
    place = SelectField(_l("Place"), validate_choice=False)
    joins = RadioField(_l("Rows with the same number are"), validate_choice=False)
    order = RadioField(_l("In dates such as 3/4/2021"), validate_choice=False)
    park_dates = BooleanField(
        _l("Take rows whose date cannot be read: the date becomes unknown, its words go into the narrative")
    )
    counted_days = BooleanField(_l("Read numbers such as 44259 as days, as Excel counts them: March 4, 2021"))
    vague_days = BooleanField()
    statistics = SelectField(_l("Consent to be counted in statistics"), validate_choice=False)
    how = select(_l("How they answered"), "consent_means")
    basis = TextAreaField(
        _l("What the consent rests on"),
        description=_l(
            "Who agreed, when, or why it is not needed. Without consent the rows count in no table."
        ),
    )

    made_of = HiddenField()
    draft = HiddenField()
    earlier = HiddenField()

    columns: Sequence[Column]
    sheet = 0
    has_vague_days = False
    groups: Groups | None = None
    """What is known of the numbers that rows have in common; none where no column is their number."""

    def column_fields(self) -> list[tuple[Column, Any]]:
        """Return each column with its field."""
        return [(one, self[name_column(self.sheet, one)]) for one in self.columns]

    def to_plan(self, plan: Plan) -> Plan:
        """Return the plan with what was entered."""
        chosen = {column.heading: field.data or "" for column, field in self.column_fields()}
        if self.keeps_rest.data:
            chosen |= {one.heading: NOTE for one in self.columns if one.filled and not chosen[one.heading]}
        targets = {heading: target for heading, target in chosen.items() if target in TARGETS}
        constants = {name: self[name].data for name in CONSTANTS if self[name].data}
        is_same = {heading for heading, target in targets.items() if plan.targets.get(heading) == target}
        return replace(
            plan,
            values={heading: codes for heading, codes in plan.values.items() if heading in is_same},
            others={heading: code for heading, code in plan.others.items() if heading in is_same},
            source=" ".join((self.source.data or "").split()),
            targets=targets,
            constants=constants,
            order=Order(self.order.data) if self.order.data in set(Order) else None,
            park_dates=bool(self.park_dates.data),
            counted_days=bool(self.counted_days.data),
            joins=self._find_joins(plan, targets),
            vague_day=self._find_vague_day(targets) if self.vague_days.data else 0,
            statistics=GIVEN if self.statistics.data == GIVEN else "",
            how=self.how.data if self.how.data in code_list("consent_means") else NOT_ASKED,
            basis=(self.basis.data or "").strip(),
        )

    def _find_joins(self, plan: Plan, targets: Mapping[str, str]) -> bool | None:
        """Return what was said of rows with one number; of another column than this nobody has said it."""
        if self.groups is None:
            return plan.joins if targets.get(plan.heading_of(GROUP)) == GROUP else None
        is_asked = self.groups is not None and targets.get(self.groups.heading) == GROUP
        return self.joins.data == _ONE if is_asked and self.joins.data in (_ONE, _EACH) else None

    def offer_joins(self, groups: Groups | None) -> None:
        """Ask what rows with one number are, with a guess where nobody has said it."""
        self.groups = groups
        self.joins.choices = [
            choose(_ONE, _("one incident with several people")),
            choose(_EACH, _("each its own case")),
        ]
        if groups is not None and self.joins.data not in (_ONE, _EACH):
            self.joins.data = _ONE if groups.agree else _EACH

    def _find_vague_day(self, targets: Mapping[str, str]) -> int:
        dated = find_dated(Plan(targets=targets), self.columns)
        return dated.usual_day[0] if dated is not None and dated.usual_day else 0

    def offer_vague_days(self, dated: Column | None) -> None:
        """Ask about the day of the month that stands for one that nobody knew."""
        if dated is not None and dated.usual_day is not None:
            day, count = dated.usual_day
            self.has_vague_days = True
            self.vague_days.label.text = _(
                "Take dates on day %(day)s of a month as the month alone: %(count)s have it, as if the "
                "day was not known",
                day=day,
                count=format_number(count),
            )


def name_column(sheet: int, column: Column) -> str:
    """Return the name of the field that asks what a column of a sheet becomes."""
    return name_field("column", sheet, column.heading)


def make_columns_form(
    upload: Upload, columns: Sequence[Column], entered: MultiDict[str, str] | None
) -> ColumnsForm:
    """Make the form of a list, filled from its plan; `entered` is what was posted, or kept, over that."""
    assert upload.plan is not None  # noqa: S101 - who asks has looked
    plan, sheet = upload.plan, upload.sheet
    people = max((split_target(target)[1] for target in plan.targets.values()), default=1) + 1
    targets = offer_targets(min(people, MOST_PEOPLE))
    fields = {
        name_column(sheet, column): SelectField(column.heading, choices=targets, validate_choice=False)
        for column in columns
    }
    made = type("ColumnsForm", (ColumnsForm,), fields)
    shown: dict[str, Any] = {
        "source": plan.source,
        "joins": None if plan.joins is None else _ONE if plan.joins else _EACH,
        "order": plan.order.value if plan.order else None,
        "park_dates": plan.park_dates,
        "counted_days": plan.counted_days,
        "vague_days": plan.vague_day > 0,
        "statistics": plan.statistics,
        "how": plan.how,
        "basis": plan.basis,
        **{name: plan.constants.get(name, "") for name in CONSTANTS},
        **{name_column(sheet, column): plan.targets.get(column.heading, "") for column in columns},
    }
    form: ColumnsForm = made(formdata=entered, data=shown)
    form.sheet, form.columns = sheet, columns
    form.offer_vague_days(find_dated(plan, columns))
    for name in CONSTANTS:
        form[name].choices = [choose("", _("from a column")), *offer(name, (NOT_ASKED,))]
    form.order.choices = [
        choose(Order.DAY_FIRST.value, _("3 April: the day comes first")),
        choose(Order.MONTH_FIRST.value, _("March 4: the month comes first")),
    ]
    form.statistics.choices = [
        choose("", _("nobody was asked: they count in no table")),
        choose(GIVEN, _("given by everybody in the list")),
    ]
    return form


def offer_targets(people: int) -> Choices:
    """List what a column can become, in groups; `people`: of how many one row may tell."""
    about_row, about_person = str(_("The row")), str(_("Who"))
    coded = str(_("Coded answers"))
    words = str(_("In words"))
    groups = [("", ("",)), (about_row, (KEY, GROUP, *DATE_TARGETS)), (coded, tuple(FIELDS))]
    groups += [
        (about_person, IDENTITY_TARGETS),
        (str(_("Consent")), CONSENT_TARGETS),
        (words, (*NARRATIVE_TARGETS, NOTE)),
    ]
    for number in range(2, people + 1):
        names = tuple(of_person(target, number) for target in PERSON_TARGETS)
        groups.append((str(_PEOPLE[number]), names))
    return [choose(name, name_target(name), group or None) for group, names in groups for name in names]


def name_target(target: str) -> str:
    """Say what a column becomes."""
    target, number = split_target(target)
    if number > 1:
        return f"{name_target(target)} · {_PEOPLE[number]}"
    if target in CONSENT_ANSWERS and target != CONSENT_ALL:
        [purpose] = CONSENT_ANSWERS[target]
        return str(_("Consent: %(purpose)s", purpose=label(purpose, "consent_purpose")))
    if target in _FIELD_NAMES:
        return str(_FIELD_NAMES[target])
    return code_list(FIELDS[target].list_name).labels[language()] if target in FIELDS else str(_NAMES[target])
