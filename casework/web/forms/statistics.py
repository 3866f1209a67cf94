"""Asking one number, and the choices of what statistics can be broken down by."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from casework.domain.languages import LANGUAGES
from casework.domain.period import Period, read_quarter, write_quarter
from casework.domain.question import Question
from casework.domain.releasedraft import table_field
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN
from casework.errors import Invalid
from casework.reports.labels import label_dimension
from casework.services.releases.composing import REFUSED
from casework.services.statistics.dimensions import CATALOGUE, DimensionSpec, Unit
from casework.web.faults import show_faults
from casework.web.language import language

Groups = dict[str, list[tuple[str, str]]]

_TITLES = {
    "incidents": _l("One answer"),
    "people": _l("One answer, of people"),
    "several": _l("Several answers, alone in a table"),
}
_FIELD_OF = {"show": "what", "answer": "what", table_field(0): "by", "period": "last"}
_JOIN = ":"


class QuestionForm(FlaskForm):
    """One number: coded choices only. `what` is a question and one of its answers, or all of them."""

    unit = SelectField(_l("Count"), validate_choice=False)
    what = SelectField(_l("With"), validate_choice=False)
    by = SelectField(_l("By"), validate_choice=False)
    first = SelectField(_l("From"), validate_choice=False)
    last = SelectField(_l("To"), validate_choice=False)

    def offer(self, years: Sequence[int], unit: str = "") -> "QuestionForm":
        """Set the choices; `unit` is what all releases count, empty as long as that is open."""
        self.unit.choices = list_units(unit)
        units = [Unit(unit)] if unit else list(Unit)
        self.what.choices = {"": [("", _("any answer"))]} | _offer_answers(units)
        single = offer_dimensions(lambda spec: not spec.multiple and spec.units & set(units))
        self.by.choices = {"": [("", _("nothing else"))]} | single
        self.first.choices, self.last.choices = offer_quarters(years, 0), offer_quarters(years, 2)
        return self

    def fill(self, question: Question) -> "QuestionForm":
        """Show a question as it was asked."""
        for name, value in spell(question).items():
            self[name].data = value
        return self

    def to_question(self) -> Question:
        """Return what is asked; raises Invalid naming fields."""
        show, _joint, answer = (self.what.data or "").partition(_JOIN)
        period = Period(read_first_or_last(self, "first"), read_first_or_last(self, "last"))
        return Question(
            unit=self.unit.data or "", period=period, show=show, answer=answer, by=self.by.data or ""
        )

    def show(self, invalid: Invalid) -> None:
        """Put faults onto the fields that ask for them."""
        faults = {_FIELD_OF.get(name, name): fault for name, fault in invalid.faults.items()}
        if "by" in faults and not self.by.data:
            faults["what"] = faults.pop("by")
        show_faults(self, Invalid(**faults))


def spell(question: Question) -> dict[str, str]:
    """Return the fields of the form that asks a question."""
    return {
        "unit": question.unit,
        "what": f"{question.show}{_JOIN}{question.answer}" if question.show else "",
        "by": question.by,
        "first": write_quarter(question.period.first),
        "last": write_quarter(question.period.last),
    }


def list_units(unit: str) -> list[tuple[str, str]]:
    """Offer what can be counted: both, or the one that all releases count."""
    units = [(Unit.INCIDENTS.value, _("Incidents")), (Unit.PEOPLE.value, _("People"))]
    return [choice for choice in units if unit in ("", choice[0])]


def read_first_or_last(form: FlaskForm, name: str) -> tuple[int, int]:
    """Read a quarter from a field of this name; raises Invalid naming it."""
    try:
        return read_quarter(form[name].data or "")
    except Invalid as invalid:
        raise Invalid(**{name: invalid.faults["quarter"]}) from None


def offer_dimensions(wanted: Callable[[DimensionSpec], object]) -> Groups:
    """Return the catalogue as option groups, without those that are left empty."""
    groups: Groups = {str(title): [] for title in _TITLES.values()}
    for spec in filter(wanted, CATALOGUE):
        kind = "several" if spec.multiple else "people" if Unit.INCIDENTS not in spec.units else "incidents"
        groups[str(_TITLES[kind])].append((spec.name, label_dimension(spec.name, language())))
    return {title: choices for title, choices in groups.items() if choices}


def offer_quarters(years: Sequence[int], month: int) -> Groups:
    """Return by year, newest first, the first or the last month of each quarter."""
    return {
        f"{year:04d}": [
            (write_quarter((year, number)), _month(year, number * 3 - 2 + month)) for number in range(1, 5)
        ]
        for year in reversed(years)
    }


def _offer_answers(units: Sequence[Unit]) -> Groups:
    """By question what can be asked for, all of its answers first; times are asked for by the period."""
    asked = (spec for spec in CATALOGUE if spec.codes and spec.name not in REFUSED and spec.units & {*units})
    return {label_dimension(spec.name, language()): list(_answers(spec)) for spec in asked}


def _answers(spec: DimensionSpec) -> Iterator[tuple[str, str]]:
    yield f"{spec.name}{_JOIN}", _("each answer")
    if spec.codes:
        for code in spec.codes.codes:
            if code not in (UNKNOWN, NOT_ASKED):
                yield f"{spec.name}{_JOIN}{code}", spec.codes.label(code, language())


def _month(year: int, month: int) -> str:
    text = str(format_date(date(year, month, 1), "LLLL y", locale=LANGUAGES[language()].locale))
    return text[:1].upper() + text[1:]
