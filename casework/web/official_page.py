"""What the page of the official counts says: by service, those that tell of one thing side by side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from casework.domain.bounds import Amount, Bound, Computed
from casework.domain.folding import fold
from casework.domain.official import OfficialCount, QuotedAs
from casework.domain.officialrates import (
    Change,
    Comparison,
    Sum,
    compare,
    list_changes,
    list_shares,
    list_sums,
    rates,
)
from casework.domain.sidebyside import side_by_side
from casework.reports.calendar import write_decimal, write_vague
from casework.reports.publication.official import write_span
from casework.services.official.counts import OfficialCountView
from casework.web.language import label, language

_LARGE = 1000
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
    """A figure in words. `averages` is empty of a share; `remarks` are (sentence, whether it disagrees)."""

    view: OfficialCountView
    period: str
    what: str
    number: str
    unit: str
    averages: tuple[str, str, str] | None
    published: str
    remarks: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Figures that tell of one thing; `agree` where all say the same."""

    lines: tuple[Line, ...]
    agree: bool


@dataclass(frozen=True, slots=True)
class Service:
    """A service with its figures, those of them that stand side by side, and changes in words."""

    name: str
    lines: tuple[Line, ...]
    beside: tuple[Beside, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What one source counts of several services without overlap: the sum, and each part with its share."""

    title: str
    parts: tuple[tuple[str, str, str], ...]


def list_totals(views: Iterable[OfficialCountView]) -> list[Total]:
    """Return the sums that sources allow, in words; a share is empty where nothing can be said."""
    return [_tell_total(total) for total in list_sums(view.count for view in views)]


def list_services(views: Iterable[OfficialCountView]) -> list[Service]:
    """Return the services with their figures, by name; those of several together last."""
    groups: dict[str, list[OfficialCountView]] = {}
    for view in views:
        groups.setdefault(view.count.who, []).append(view)
    made = [(_is_group(told[0].count), _tell_service(told)) for told in groups.values()]
    made.sort(key=lambda item: (item[0], fold(item[1].name)))
    return [service for _late, service in made]


def tell(view: OfficialCountView) -> Line:
    """Say what a figure says."""
    count, made = view.count, rates(view.count)
    averages = None
    if made is not None:
        averages = tuple(_computed(one) for one in (made.per_day, made.per_week, made.per_year))
    return Line(
        view=view,
        period=period(count),
        what=count.measure_label(language()),
        number=_bounded(count.amount.bound, write_decimal(count.amount.value, language())),
        unit=_unit(count),
        averages=averages,  # type: ignore[arg-type]  # three of them
        published=write_vague(count.source.published, language(), ""),
        remarks=tuple(_remarks(count)),
    )


def period(count: OfficialCount) -> str:
    """Write the period of a figure: years, months or days, as whole as it is."""
    return write_span(count.first, count.last, language(), _("{first} to {last}"))


def say(amount: Amount) -> str:
    """Write a value as its source puts it."""
    return _bounded(amount.bound, write_decimal(amount.value, language()))


def _tell_service(told: list[OfficialCountView]) -> Service:
    counts = [view.count for view in told]
    lines = {id(view.count): tell(view) for view in sorted(told, key=_by_time)}
    return Service(
        name=counts[0].service_label(language()),
        lines=tuple(lines.values()),
        beside=tuple(
            Beside(tuple(lines[id(one)] for one in group.counts), group.agree)
            for group in side_by_side(counts)
        ),
        changes=tuple(_change(one) for one in list_changes(counts)),
    )


def _tell_total(total: Sum) -> Total:
    one, shares = total.parts[0], list_shares(total)
    return Total(
        title=_(
            "%(what)s, %(period)s: %(sum)s together (%(publisher)s)",
            what=one.measure_label(language()),
            period=period(one),
            sum=_computed(total.whole),
            publisher=one.source.publisher,
        ),
        parts=tuple(
            (
                part.service_label(language()),
                say(part.amount),
                _("%(number)s%%", number=write_decimal(shares[part.who], language(), 1))
                if part.who in shares
                else "",
            )
            for part in sorted(total.parts, key=lambda part: -part.amount.value)
        ),
    )


def _by_time(view: OfficialCountView) -> tuple[object, ...]:
    return view.count.first, view.count.last, not view.is_shipped, view.anchor


def _is_group(count: OfficialCount) -> bool:
    return count.service in ("six_services", "other_services", "all_services")


def _remarks(count: OfficialCount) -> Iterator[tuple[str, bool]]:
    for one in compare(count):
        yield _compared(one), one.differs


def _compared(one: Comparison) -> str:
    quoted = say(one.quoted.amount)
    if one.computed is None:
        return str(_QUOTED[one.quoted.kind]) % {"quoted": quoted}
    return str(_DIFFERS[one.quoted.kind]) % {"quoted": quoted, "computed": _computed(one.computed)}


def _change(change: Change) -> str:
    """Say how a count went on to the next of its source."""
    value = change.per_cent.rounded()
    said = {
        "what": change.after.measure_label(language()),
        "before": period(change.before),
        "after": period(change.after),
        "percent": _bounded(change.per_cent.bound, _signed(value)),
        "publisher": change.after.source.publisher,
    }
    if change.by_day:
        return str(_("%(what)s, %(before)s and %(after)s: %(percent)s%% by the day (%(publisher)s)", **said))
    return str(_("%(what)s, %(before)s and %(after)s: %(percent)s%% (%(publisher)s)", **said))


def _signed(value: Any) -> str:
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return sign + write_decimal(abs(value), language(), 1)


def _computed(computed: Computed) -> str:
    places = 0 if computed.value >= _LARGE or computed.value.denominator == 1 else 1
    return _bounded(computed.bound, write_decimal(computed.rounded(places), language(), places or None))


def _bounded(bound: Bound, number: str) -> str:
    return str(_BOUNDS[bound]) % {"number": number} if bound in _BOUNDS else number


def _unit(count: OfficialCount) -> str:
    return label(count.unit, "official_unit")
