"""The official counts of a release's period, in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from casework.domain.languages import LANGUAGES
from casework.domain.official import Figure, find_official
from casework.domain.period import Period
from casework.domain.vocabulary import code_list
from casework.reports.calendar import write_day, write_month, write_number, write_vague
from casework.reports.publication import words
from casework.reports.publication.edition import OfficialCount


def list_official(period: Period, language: str) -> tuple[OfficialCount, ...]:
    """List what others published of a period, or of a part of it, as each source says it.

    What several say of one service stands side by side.
    """
    texts = words.read_texts(language)
    figures = sorted(find_official(period), key=lambda one: (one.service, one.days, one.measure))
    return tuple(_word(figure, language, texts) for figure in figures)


def _word(figure: Figure, language: str, texts: Mapping[str, Any]) -> OfficialCount:
    official, source = texts["official"], figure.source
    services = code_list("police_service")
    service = figure.service
    count = write_number(figure.count, language)
    return OfficialCount(
        what=official[figure.measure],
        service=services.label(service, language) if service in services else official[service],
        period=_write_days(figure, language, texts["span"]),
        count=texts[figure.precision].format(count=count),
        number=figure.count,
        precision=figure.precision,
        unit=official[figure.unit],
        publisher=source.publisher,
        title=source.title,
        published=write_vague(source.published, language, ""),
        url=source.url,
        note=_compare(figure, language, official["quoted"]),
    )


def _compare(figure: Figure, language: str, text: str) -> str:
    """Say where a source's per cent is not what its own counts make."""
    if figure.quoted is None or figure.computed is None or figure.quoted == figure.computed:
        return ""
    quoted, computed = (_write_percent(one, language) for one in (figure.quoted, figure.computed))
    return text.format(quoted=quoted, computed=computed)


def _write_days(figure: Figure, language: str, span: str) -> str:
    first, last = figure.days
    if figure.first.day is not None:
        return span.format(first=write_day(first, language), last=write_day(last, language))
    if (first.month, last.month) == (1, 12):
        years = str(first.year), str(last.year)
    else:
        years = write_month(first, language), write_month(last, language)
    return years[0] if years[0] == years[1] else span.format(first=years[0], last=years[1])


def _write_percent(percent: Decimal, language: str) -> str:
    return str(format_decimal(percent, "0.0", locale=LANGUAGES[language].locale))
