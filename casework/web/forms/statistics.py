"""The question that the statistics page asks, and the form that exports its answer."""

from collections.abc import Callable, Sequence
from datetime import date

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField

from casework.domain.languages import LANGUAGES
from casework.domain.messages import N_
from casework.domain.period import Period, read_quarter, write_quarter
from casework.errors import Invalid
from casework.reports.labels import label_dimension
from casework.services.statistics.dimensions import CATALOGUE, DimensionSpec, Unit, find_dimension
from casework.services.statistics.selection import Selection
from casework.web.forms.coded import choose
from casework.web.language import SCREEN_LANGUAGES, language

Groups = dict[str, list[tuple[str, str]]]

_TITLES = {
    "incidents": _l("One answer"),
    "people": _l("One answer, of people"),
    "several": _l("Several answers, alone in a table"),
}
QUESTION = ("unit", "show", "by", "first", "last")


class ComposeForm(FlaskForm):
    """What to count, by what, from when to when: coded choices only, so the address may hold them."""

    class Meta:
        """A question changes nothing."""

        csrf = False

    show = SelectField(_l("Show"), validate_choice=False)
    by = SelectField(_l("By"), validate_choice=False)
    unit = SelectField(_l("Count"), validate_choice=False)
    first = SelectField(_l("From"), validate_choice=False)
    last = SelectField(_l("To"), validate_choice=False)
    stands_alone = False

    def draft(self) -> Selection | None:
        """Return what is asked, None when nothing is yet; raises Invalid naming fields.

        What can have several answers stands alone: then `by` is left out, and `stands_alone` says so.
        """
        if not any(self[name].data for name in QUESTION):
            return None
        return read_selection({name: self[name].data or "" for name in QUESTION} | {"by": self._second()})

    def offer(self, years: Sequence[int], selection: Selection | None) -> None:
        """Set the choices, and show the answered question as the chosen one."""
        self.show.choices = offer_dimensions(lambda _spec: True)
        self.by.choices = {"": [("", _("nothing else"))]} | offer_dimensions(lambda spec: not spec.multiple)
        self.unit.choices = [(Unit.INCIDENTS.value, _("Incidents")), (Unit.PEOPLE.value, _("People"))]
        self.first.choices = offer_quarters(years, 0)
        self.last.choices = offer_quarters(years, 2)
        if selection is not None:
            for name, value in selection.to_document().items():
                self[name].data = value

    def _second(self) -> str:
        show = find_dimension(self.show.data or "")
        self.stands_alone = bool(show and show.multiple and self.by.data)
        return "" if self.stands_alone else self.by.data or ""


class ExportForm(FlaskForm):
    """The same question, and the language of the file."""

    show = HiddenField()
    by = HiddenField()
    unit = HiddenField()
    first = HiddenField()
    last = HiddenField()
    language = SelectField(
        _l("Language of the file"), choices=[choose(*one) for one in SCREEN_LANGUAGES.items()]
    )

    def draft(self) -> Selection:
        """Return what is asked; raises Invalid naming fields."""
        return read_selection({name: self[name].data or "" for name in QUESTION})

    def fill(self, selection: Selection) -> "ExportForm":
        """Put the question into the form."""
        for name, value in selection.to_document().items():
            self[name].data = value
        self.language.data = language()
        return self


def read_selection(fields: dict[str, str]) -> Selection:
    """Make a question of its five parts; raises Invalid naming those that are wrong."""
    if fields["unit"] not in list(Unit):
        raise Invalid(unit=N_("Choose one of the listed answers."))
    quarters = {}
    for name in ("first", "last"):
        try:
            quarters[name] = read_quarter(fields[name])
        except Invalid as invalid:
            raise Invalid(**{name: invalid.faults["quarter"]}) from None
    period = Period(quarters["first"], quarters["last"])
    return Selection(Unit(fields["unit"]), fields["show"], fields["by"], period)


def offer_dimensions(wanted: Callable[[DimensionSpec], bool]) -> Groups:
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


def _month(year: int, month: int) -> str:
    text = str(format_date(date(year, month, 1), "LLLL y", locale=LANGUAGES[language()].locale))
    return text[:1].upper() + text[1:]
