"""An official count: who published what, of which service and days, and how the source puts it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from casework.domain.bounds import Amount, Bound
from casework.domain.dates import VagueDate
from casework.domain.messages import N_
from casework.domain.official import PER_CENT, OfficialCount, Quoted, QuotedAs, Source, is_service
from casework.domain.officialmaking import make_count
from casework.domain.officialreading import read_amount
from casework.domain.vocabulary import code_list
from casework.errors import Invalid
from casework.web.forms.coded import Choices, DayField, choose, offer
from casework.web.forms.kept import KeptRecordForm
from casework.web.language import language

QUOTED = {
    QuotedAs.PER_DAY: _l("so many a day"),
    QuotedAs.PER_WEEK: _l("so many a week"),
    QuotedAs.PER_YEAR: _l("so many a year"),
    QuotedAs.SHARE: _l("a share, in per cent"),
}
_TEXTS = ("service", "service_words", "measure", "measure_words")


def offer_services() -> Choices:
    """List the services, then several together; first that it is none of these."""
    services = str(code_list("police_service").labels[language()])
    together = str(code_list("official_group").labels[language()])
    offered = [
        choose(one.value, one.label, services) for one in offer("police_service") if is_service(one.value)
    ]
    groups = [choose(one.value, one.label, together) for one in offer("official_group")]
    return [choose("", str(gettext("Another one, named below"))), *offered, *groups]


def offer_measures() -> Choices:
    """List what is usually counted; first that it is none of these."""
    return [choose("", str(gettext("Something else, written below"))), *offer("official_measure")]


def offer_quoted() -> Choices:
    """List what a source may say besides."""
    none = choose("", str(gettext("nothing else")))
    return [none, *(choose(kind.value, str(text)) for kind, text in QUOTED.items())]


def _select(question: Any, choices: Any, **options: Any) -> SelectField:
    return SelectField(question, choices=choices, validate_choice=False, **options)


class OfficialCountForm(KeptRecordForm):
    """One published figure."""

    service = _select(_l("Police service"), offer_services)
    service_words = StringField(_l("Its name, if it is not listed"))
    first = DayField(_l("First day"))
    last = DayField(_l("Last day"))
    measure = _select(_l("What was counted"), offer_measures)
    measure_words = StringField(_l("In your words, if it is not listed"))
    bound = _select(_l("How the source puts it"), lambda: offer("official_bound"), default="exact")
    value = StringField(_l("Figure"))
    unit = _select(_l("Counting unit"), lambda: offer("official_unit"), default="call")
    additive = BooleanField(_l("It may be added to the other additive figures of this source"))
    publisher = StringField(_l("Published by"))
    title = StringField(_l("Title of the source"))
    published = StringField(_l("Published when"))
    url = StringField(_l("Address"))
    number = StringField(_l("Number of the request for access"))
    note = TextAreaField(_l("Note"))
    quoted = _select(_l("The source says besides"), offer_quoted)
    quoted_bound = _select(_l("How it puts that"), lambda: offer("official_bound"), default="exact")
    quoted_value = StringField(_l("Rate or share, as quoted"))
    quoted_whole = StringField(_l("A share of how many, by the source’s own counts"))

    def fill(self, count: OfficialCount, version: int) -> "OfficialCountForm":
        """Show a figure as it stands."""
        for name in ("service", "service_words", "measure", "measure_words", "unit", "additive", "note"):
            self[name].data = getattr(count, name)
        for name in ("publisher", "title", "url", "number"):
            self[name].data = getattr(count.source, name)
        self.first.data, self.last.data = count.first.isoformat(), count.last.isoformat()
        published = count.source.published.encode()
        self.published.data = "" if published == "unknown" else published
        self.bound.data, self.value.data = count.amount.bound.value, str(count.amount.value)
        for quoted in count.quotes[:1]:
            self.quoted.data, self.quoted_bound.data = quoted.kind.value, quoted.amount.bound.value
            self.quoted_value.data = str(quoted.amount.value)
            self.quoted_whole.data = str(quoted.whole.value) if quoted.whole else ""
        return self.at(version)

    def to_count(self) -> OfficialCount:
        """Return what was entered; raises Invalid naming every field that is wrong."""
        return make_count(
            (
                lambda: {name: self[name].data or "" for name in _TEXTS},
                lambda: {"unit": self.unit.data or "", "additive": bool(self.additive.data)},
                lambda: {"first": self._day("first")},
                lambda: {"last": self._day("last")},
                lambda: {"amount": self._amount("value", "bound", self.unit.data != PER_CENT)},
                lambda: {"source": self._source()},
                lambda: {"quotes": tuple(self._quotes()), "note": self.note.data or ""},
            )
        )

    def _day(self, name: str) -> date:
        day: date | None = self[name].read()
        if day is None:
            raise Invalid(**{name: N_("Choose the day. A year begins on January 1 and ends on December 31.")})
        return day

    def _amount(self, name: str, bound: str, whole: bool) -> Amount:
        """Read a number; words before it, as in "almost 3,275", win over what was chosen beside it."""
        try:
            read = read_amount(self[name].data or "", whole)
        except Invalid as invalid:
            raise Invalid(**{name: next(iter(invalid.faults.values()))}) from None
        chosen = self[bound].data if self[bound].data in list(Bound) else Bound.EXACT
        return read if read.bound is not Bound.EXACT else Amount(read.value, Bound(chosen))

    def _source(self) -> Source:
        text = (self.published.data or "").strip()
        try:
            published = VagueDate.parse(text) if text else VagueDate.unknown()
        except Invalid as invalid:
            raise Invalid(published=invalid.faults["date"]) from None
        names = ("publisher", "title", "url", "number")
        return Source(published=published, **{name: self[name].data or "" for name in names})

    def _quotes(self) -> Iterator[Quoted]:
        if not self.quoted.data:
            if (self.quoted_value.data or "").strip():
                raise Invalid(quoted=N_("Choose whether it is a rate or a share."))
            return
        if self.quoted.data not in list(QuotedAs):
            raise Invalid(quoted=N_("Choose one of the listed answers."))
        kind, whole = QuotedAs(self.quoted.data), (self.quoted_whole.data or "").strip()
        of = None
        if whole:
            try:
                of = read_amount(whole)
            except Invalid as invalid:
                raise Invalid(quoted_whole=next(iter(invalid.faults.values()))) from None
        amount = self._amount("quoted_value", "quoted_bound", kind is not QuotedAs.SHARE)
        yield Quoted(kind, amount, of)


class RetireCountForm(FlaskForm):
    """The version that was seen, and whether the figure is to be retired or brought back."""

    version = HiddenField()
    retired = HiddenField()
