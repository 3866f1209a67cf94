"""How a published figure is written: its period, its number as its source puts it, its rates, and remarks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from casework.domain.bounds import Amount, Bound, Computed
from casework.domain.official import OfficialCount, QuotedAs
from casework.domain.officialrates import Comparison, compare, places_of, rates
from casework.reports.calendar import write_decimal, write_vague
from casework.reports.publication.official import write_span
from casework.services.official.counts import OfficialCountView
from casework.web.language import label, language

_BOUNDS: Mapping[Bound, Any] = {
    Bound.ABOUT: _l("about %(number)s"),
    Bound.ALMOST: _l("almost %(number)s"),
    Bound.AT_LEAST: _l("at least %(number)s"),
    Bound.MORE_THAN: _l("more than %(number)s"),
    Bound.AT_MOST: _l("at most %(number)s"),
}
_DIFFERS: Mapping[QuotedAs, Any] = {
    QuotedAs.PER_DAY: _l("The source says %(quoted)s a day; by its own counts it is %(computed)s."),
    QuotedAs.PER_WEEK: _l("The source says %(quoted)s a week; by its own counts it is %(computed)s."),
    QuotedAs.PER_YEAR: _l("The source says %(quoted)s a year; by its own counts it is %(computed)s."),
    QuotedAs.SHARE: _l("The source says %(quoted)s%%; by its own counts it is %(computed)s%%."),
}
_QUOTED: Mapping[QuotedAs, Any] = {
    QuotedAs.PER_DAY: _l("The source says %(quoted)s a day."),
    QuotedAs.PER_WEEK: _l("The source says %(quoted)s a week."),
    QuotedAs.PER_YEAR: _l("The source says %(quoted)s a year."),
    QuotedAs.SHARE: _l("The source says %(quoted)s%%."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A figure in words. `averages` (a day, a week, a year) are empty of a share.

    `remarks` are (sentence, whether it disagrees); `note` is translated where it came with casework.
    """

    view: OfficialCountView
    period: str
    what: str
    number: str
    unit: str
    averages: tuple[str, ...]
    published: str
    remarks: tuple[tuple[str, bool], ...]
    note: str


def tell(view: OfficialCountView) -> Line:
    """Say what a figure says."""
    count, made = view.count, rates(view.count)
    averages = () if made is None else (made.per_day, made.per_week, made.per_year)
    return Line(
        view=view,
        period=period(count),
        what=count.measure_label(language()),
        number=say(count.amount),
        unit=_unit(count),
        averages=tuple(say_rate(one) for one in averages),
        published=write_vague(count.source.published, language(), ""),
        remarks=tuple(_remarks(count)),
        note=note_of(view),
    )


def period(count: OfficialCount) -> str:
    """Write the period of a figure: years, months or days, as whole as it is."""
    return write_span(count.first, count.last, language(), _("{first} to {last}"))


def say(amount: Amount) -> str:
    """Write a value as its source puts it."""
    return bound(amount.bound, write_decimal(amount.value, language()))


def say_rate(rate: Computed) -> str:
    """Write a rate: every one with as many decimals as one of its size has."""
    places = places_of(rate)
    return bound(rate.bound, write_decimal(rate.rounded(places), language(), places or None))


def say_per_cent(value: Computed) -> str:
    """Write a per cent with its minus, without its sign: "5.0"."""
    return bound(value.bound, write_per_cent(value.as_per_cent()))


def write_per_cent(number: Decimal) -> str:
    """Write the number of a per cent, with the decimals that it has."""
    return write_decimal(number, language(), -int(number.as_tuple().exponent))


def bound(of: Bound, number: str) -> str:
    """Put a number as its source does: "about 5.0"."""
    return str(_BOUNDS[of]) % {"number": number} if of in _BOUNDS else number


def note_of(view: OfficialCountView) -> str:
    """Return what is noted of a figure."""
    note = view.count.note
    return str(_(note)) if note and view.is_shipped else note  # what ships is marked where it is written


def _remarks(count: OfficialCount) -> Iterator[tuple[str, bool]]:
    for one in compare(count):
        yield _compared(one), one.differs


def _compared(one: Comparison) -> str:
    quoted = say(one.quoted.amount)
    if one.computed is None:
        return str(_QUOTED[one.quoted.kind]) % {"quoted": quoted}
    made = say_per_cent(one.computed) if one.quoted.kind is QuotedAs.SHARE else say_rate(one.computed)
    return str(_DIFFERS[one.quoted.kind]) % {"quoted": quoted, "computed": made}


def _unit(count: OfficialCount) -> str:
    return label(count.unit, "official_unit")
