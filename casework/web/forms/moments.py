"""When something was: a date as well as it is known, and a time of day that may be left out."""

from datetime import date, time

from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField
from wtforms.widgets import TimeInput

from casework.domain.dates import Precision, VagueDate
from casework.domain.messages import N_
from casework.domain.moments import Moment
from casework.domain.vocabulary import code_list
from casework.errors import Invalid
from casework.web.forms.coded import DayField, radio
from casework.web.forms.offers import offer_months, offer_seasons


class TimeField(StringField):
    """A time of day as the browser's own picker gives it; what somebody typed stays as it was typed."""

    widget = TimeInput()

    def read(self) -> time | None:
        """Return the time, None when nothing is there; raises Invalid naming the field."""
        text = (self.data or "").strip()
        try:
            return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if text else None
        except ValueError:
            raise Invalid(**{self.short_name: N_("Write the time as 14:05.")}) from None


class WhenFields(Form):
    """The parts of a moment that lies behind."""

    precision = radio(_l("How well is the date known?"), "date_precision", default=Precision.DAY.value)
    day = DayField(_l("Date"))
    month = SelectField(_l("Month"), choices=lambda: offer_months(), validate_choice=False)
    season = SelectField(_l("Season"), choices=lambda: offer_seasons(), validate_choice=False)
    year = StringField(_l("Year"))
    time = TimeField(_l("Time, if it is known"))

    def read_when(self) -> Moment:
        """Return the moment; raises Invalid naming the part that is wrong."""
        known = self.precision.data or Precision.DAY.value
        if known == Precision.DAY:
            day = self.day.read()
            if day is None:
                raise Invalid(day=N_("Choose the day, or say that only the month is known."))
            return Moment.on(day, self.time.read())
        season = self.season.data if self.season.data in code_list("season") else None
        try:
            vague = VagueDate.from_parts(known, _number(self.year.data), _number(self.month.data), season)
        except Invalid as invalid:
            raise Invalid(**{self._part(known): invalid.faults["date"]}) from None
        return Moment(vague)

    def place_faults(self, invalid: Invalid) -> Invalid:
        """Return the faults under the parts of the date that are in sight."""
        found, known = dict(invalid.faults), self.precision.data or Precision.DAY.value
        for name in ("date", "day"):
            if name in found and (name == "date" or known != Precision.DAY):
                fault = found.pop(name)
                found["day" if known == Precision.DAY else self._part(known)] = fault
        return Invalid(**found)

    def _part(self, known: str) -> str:
        if known == Precision.MONTH and (_number(self.month.data) or 0) not in range(1, 13):
            return "month"
        if known == Precision.SEASON and self.season.data not in code_list("season"):
            return "season"
        return "year" if known in (Precision.MONTH, Precision.SEASON, Precision.YEAR) else "precision"


def parts_of(moment: Moment, today: date | None = None) -> dict[str, object]:
    """Return what `WhenFields` shows of a moment; of an unknown one, `today` where that is given."""
    known = moment.date
    if known.precision is Precision.UNKNOWN and today is not None:
        return {"precision": Precision.DAY.value, "day": today.isoformat()}
    span = known.span()
    return {
        "precision": known.precision.value,
        "day": span[0].isoformat() if span and known.precision is Precision.DAY else "",
        "month": str(known.month or ""),
        "season": known.season.value if known.season else "",
        "year": str(known.year) if known.year and known.precision is not Precision.DAY else "",
        "time": f"{moment.time:%H:%M}" if moment.time else "",
    }


def read_due(day: DayField, at: TimeField) -> Moment | None:
    """Return when something is due; raises Invalid naming the field, for a time without a day too."""
    on, hour = day.read(), at.read()
    if on is None:
        if hour is not None:
            raise Invalid(**{day.short_name: N_("Give the day as well, or leave the time out.")})
        return None
    return Moment(VagueDate.on(on), hour)


def _number(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 5 else None
