"""Charts of the official counts: each of one source, so that one scale is honest."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from casework.domain.bounds import Bound
from casework.domain.official import PER_CENT, OfficialCount
from casework.domain.officialrates import whole_years
from casework.reports.calendar import write_vague
from casework.reports.layout import Layout
from casework.services.official.counts import OfficialCountView
from casework.web.language import format_number, label, language
from casework.web.official_page import period, say

Bars = list[tuple[str, float, str]]

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as the macro of charts draws it: panels of (label, bars) on one scale, and where it comes from.

    `rows` are the same as a table: what, when, how many.
    """

    publisher: str
    published: str
    title: str
    panels: Sequence[tuple[str, Bars]]
    source: str
    rows: Sequence[tuple[str, str, str]]


def draw_charts(views: Iterable[OfficialCountView]) -> list[Chart]:
    """Return services by year, then measures by service; none of a single bar."""
    counts = [view.count for view in views if view.count.unit != PER_CENT]
    return [*_by_year(counts), *_by_measure(counts)]


def draw_beside(views: Iterable[OfficialCountView]) -> Chart | None:
    """Return the year of one source that has the most services, the latest of such: to stand beside ours.

    On a scale of its own: what others counted is no measure of what we were told.
    """
    counts = [view.count for view in views if view.count.unit != PER_CENT]
    yearly = (one for one in counts if whole_years(one.first, one.last) == 1 and one.service)
    found = _group(yearly, lambda one: (_source_key(one), one.measure, one.unit, one.first))
    told = max(found, key=lambda of: (len(of), of[0].first), default=[])
    if len(told) < _FEWEST:
        return None
    what, when = told[0].measure_label(language()), period(told[0])
    bars = [
        _bar(one.service_label(language()), one) for one in sorted(told, key=lambda one: -one.amount.value)
    ]
    return Chart(
        publisher=told[0].source.publisher,
        published=_write_published(told[0]),
        title=_("Theirs: %(what)s, %(period)s", what=what, period=when),
        panels=[("", bars)],
        source=_write_source(told),
        rows=[(name, when, number) for name, _value, number in bars],
    )


def draw_ours(layout: Layout) -> list[tuple[str, int | None, str]]:
    """Return a bar for each line but the sum, the longest first; what is hidden has none, and says so."""
    told = [(line.label, line.cells[-1]) for line in layout.rows[:-1]]
    told.sort(key=lambda one: -(one[1].value or 0))
    return [
        (name, cell.value, format_number(cell.value) if cell.value is not None else _("hidden"))
        for name, cell in told
    ]


def _by_year(counts: Iterable[OfficialCount]) -> Iterator[Chart]:
    """Draw the services of a source, by year: whole calendar years alone."""
    yearly = (one for one in counts if whole_years(one.first, one.last) == 1)
    for told in _group(yearly, lambda one: (_source_key(one), one.measure or one.measure_words, one.unit)):
        services = _group(told, lambda one: one.who)
        if len(told) < _FEWEST:
            continue
        panels = [
            (of[0].service_label(language()), [_bar(period(one), one) for one in sorted(of, key=_by_time)])
            for of in sorted(services, key=lambda of: -max(one.amount.value for one in of))
        ]
        yield Chart(
            publisher=told[0].source.publisher,
            published=_write_published(told[0]),
            title=_("%(what)s, by service and year", what=told[0].measure_label(language())),
            panels=panels,
            source=_write_source(told),
            rows=[(name, when, number) for name, bars in panels for when, _value, number in bars],
        )


def _by_measure(counts: Iterable[OfficialCount]) -> Iterator[Chart]:
    """Draw what a source counted of one service over the same days, measure by measure."""
    for told in _group(counts, lambda one: (_source_key(one), one.who, one.first, one.last)):
        if len(told) < _FEWEST:
            continue
        name, when = told[0].service_label(language()), period(told[0])
        bars = [
            _bar(one.measure_label(language()), one)
            for one in sorted(told, key=lambda one: -one.amount.value)
        ]
        yield Chart(
            publisher=told[0].source.publisher,
            published=_write_published(told[0]),
            title=_("What was counted of %(service)s, %(period)s", service=name, period=when),
            panels=[("", bars)],
            source=_write_source(told),
            rows=[(what, when, number) for what, _value, number in bars],
        )


def _group(
    counts: Iterable[OfficialCount], key: Callable[[OfficialCount], Hashable]
) -> list[list[OfficialCount]]:
    groups: dict[Hashable, list[OfficialCount]] = {}
    for one in counts:
        groups.setdefault(key(one), []).append(one)
    return list(groups.values())


def _bar(name: str, count: OfficialCount) -> tuple[str, float, str]:
    return name, float(count.amount.value), say(count.amount)


def _source_key(count: OfficialCount) -> tuple[str, str, str]:
    return count.source.publisher, count.source.title, count.source.published.encode()


def _by_time(count: OfficialCount) -> tuple[object, object]:
    return count.first, count.last


def _write_published(count: OfficialCount) -> str:
    return write_vague(count.source.published, language(), "")


def _write_source(told: Sequence[OfficialCount]) -> str:
    """Say where it comes from, and in which unit; a bar of a bound is as long as the number that is said."""
    source = told[0].source
    unit = ", ".join(dict.fromkeys(label(one.unit, "official_unit") for one in told))
    is_bound = any(one.amount.bound is not Bound.EXACT for one in told)
    named = ", ".join(filter(None, (source.publisher, source.title)))
    said = _("Source: %(source)s. Unit: %(unit)s. One scale.", source=named, unit=unit)
    near = _("Where a number is a bound, its bar is as long as that number.")
    return f"{said} {near}" if is_bound else said
