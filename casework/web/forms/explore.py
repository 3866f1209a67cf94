"""What is asked of the explorer: coded choices only, so that an address may hold them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField

from casework.domain.messages import N_
from casework.errors import Invalid
from casework.services.exploring.facets import FACETS, Unit
from casework.services.exploring.funnels import GROUPED_BY
from casework.services.exploring.questions import Question, Share, read_cell, read_filters
from casework.services.exploring.views import LONGEST_NAME
from casework.web.explore_words import NAMES_OF_SHARES, NAMES_OF_UNITS, name_facet
from casework.web.forms.coded import Choices, DayField, choose

CELL = "in."
"""What begins the name of a facet in an address that leads to one cell."""

Fields = MultiDict[str, str]


class QuestionForm(FlaskForm):
    """The question but for its filters, which are boxes to tick."""

    class Meta:
        """A question changes nothing."""

        csrf = False

    show = SelectField(_l("Show"), validate_choice=False)
    by = SelectField(_l("By"), validate_choice=False)
    panels = SelectField(_l("Side by side"), validate_choice=False)
    unit = SelectField(_l("Count"), validate_choice=False)
    share = SelectField(_l("Per cents"), validate_choice=False)
    first = DayField(_l("From"))
    last = DayField(_l("To"))
    agreed = BooleanField(_l("Only who agreed to statistics"))

    @classmethod
    def read(cls, fields: Fields, of_pathway: bool = False) -> tuple["QuestionForm", Question]:
        """Return the form of these fields and its question; what is wrong is a fault of its field."""
        form = cls(formdata=fields)
        try:
            question = read_question(fields, of_pathway)
        except Invalid as invalid:
            form.show_faults(invalid)
            # What could be read still holds: who agreed alone, above all.
            kept = _filters_of(fields), None, None, bool(fields.get("agreed")), _cell_of(fields)
            question = Question(Unit.INCIDENTS, "contact_group", "", "", Share.NONE, *kept)
        form.offer(question, of_pathway)
        return form, question

    def show_faults(self, invalid: Invalid) -> None:
        """Show each fault at its field."""
        for name, fault in invalid.faults.items():
            self[name].errors = [str(_l(fault))]

    def offer(self, question: Question, of_pathway: bool) -> None:
        """Set the choices, and show the answered question as the chosen one."""
        facets = GROUPED_BY if of_pathway else tuple(FACETS)
        listed = [choose(name, name_facet(name)) for name in facets]
        self.show.choices = listed
        self.by.choices = self.panels.choices = [choose("", str(_l("nothing else"))), *listed]
        self.unit.choices = _offer(NAMES_OF_UNITS)
        self.share.choices = _offer(NAMES_OF_SHARES)
        for name in ("show", "by", "panels", "unit", "share"):
            if not self[name].errors:
                self[name].data = str(getattr(question, name))

    @property
    def has_faults(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.errors)


class ViewForm(FlaskForm):
    """The name of a view, and for whom it is; the question comes along in hidden fields."""

    name = StringField(_l("Name"))
    whose = RadioField(
        _l("For whom"),
        choices=lambda: [
            choose("own", str(_l("For me"))),
            choose("shared", str(_l("For everybody who opens cases"))),
        ],
        default="own",
        validate_choice=False,
    )
    view = HiddenField()
    version = HiddenField()

    longest_name = LONGEST_NAME

    @property
    def is_shared(self) -> bool:
        """Whether it is for everybody."""
        return bool(self.whose.data == "shared")


def read_question(fields: Fields, of_pathway: bool = False) -> Question:
    """Make a question of the fields of an address; raises Invalid naming those that are wrong.

    Without any the explorer shows contact groups by year, the pathway contact groups.
    """
    form = QuestionForm(formdata=fields)
    is_asked = "show" in fields
    return Question(
        _read_unit(fields.get("unit", "")),
        _read_show(fields.get("show", "contact_group"), of_pathway),
        (fields.get("by", "") if is_asked else "year") if not of_pathway else "",
        fields.get("panels", "") if not of_pathway else "",
        _read_share(fields.get("share", "")),
        _filters_of(fields),
        form.first.read(),
        form.last.read(),
        bool(fields.get("agreed")),
        _cell_of(fields),
    )


def write_question(question: Question) -> list[tuple[str, str]]:
    """Return the fields of an address that `read_question` reads as this question."""
    fields = [("show", question.show), ("by", question.by), ("panels", question.panels)]
    fields += [("unit", question.unit.value), ("share", question.share.value)]
    fields += [("first", question.first.isoformat() if question.first else "")]
    fields += [("last", question.last.isoformat() if question.last else "")]
    fields += [("agreed", "1" if question.agreed else "")]
    fields += [(name, code) for name, codes in question.filters.items() for code in codes]
    fields += [(CELL + name, code) for name, code in question.cell.items()]
    return [(name, value) for name, value in fields if value or name == "show"] or [("show", question.show)]


def _offer(names: Mapping[Any, Any]) -> Choices:
    return [choose(value.value, str(name)) for value, name in names.items()]


def _cell_of(fields: Fields) -> Mapping[str, str]:
    return read_cell({name: fields[CELL + name] for name in FACETS if CELL + name in fields})


def _filters_of(fields: Fields) -> Mapping[str, tuple[str, ...]]:
    given: dict[str, Sequence[str]] = {name: fields.getlist(name) for name in FACETS}
    return read_filters(given)


def _read_unit(text: str) -> Unit:
    if text and text not in list(Unit):
        raise Invalid(unit=N_("Choose one of the listed answers."))
    return Unit(text or Unit.INCIDENTS)


def _read_share(text: str) -> Share:
    if text and text not in list(Share):
        raise Invalid(share=N_("Choose one of the listed answers."))
    return Share(text or Share.NONE)


def _read_show(text: str, of_pathway: bool) -> str:
    if of_pathway and text not in GROUPED_BY:
        raise Invalid(show=N_("Choose one of the listed answers."))
    return text
