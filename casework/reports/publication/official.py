"""The official counts of a release's period, in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from casework.domain.official import PER_CENT, OfficialCount, QuotedAs
from casework.domain.officialrates import Comparison, compare, places_of, whole_months, whole_years
from casework.reports.calendar import write_day, write_decimal, write_month, write_number, write_vague
from casework.reports.publication import edition, words


def list_official(found: Iterable[OfficialCount], language: str) -> tuple[edition.OfficialCount, ...]:
    """List what others published, as each source says it.

    What several say of one service stands side by side. Shares are no counts, and are left out.
    """
    texts = words.read_texts(language)
    counts = [one for one in found if one.unit != PER_CENT]
    counts.sort(key=lambda one: (one.who, one.first, one.last, one.measure or one.measure_words))
    return tuple(_word(one, language, texts) for one in counts)


def write_span(first: date, last: date, language: str, span: str) -> str:
    """Write from when to when: years where it is whole ones, months where it is whole ones, or days."""
    if whole_years(first, last):
        ends = str(first.year), str(last.year)
    elif whole_months(first, last):
        ends = write_month(first, language), write_month(last, language)
    else:
        ends = write_day(first, language), write_day(last, language)
    return ends[0] if ends[0] == ends[1] else span.format(first=ends[0], last=ends[1])


def _word(one: OfficialCount, language: str, texts: Mapping[str, Any]) -> edition.OfficialCount:
    official, source, bound = texts["official"], one.source, one.amount.bound
    number = int(one.amount.value)
    return edition.OfficialCount(
        what=one.measure_label(language),
        service=one.service_label(language),
        period=write_span(one.first, one.last, language, texts["span"]),
        count=texts["bound"][bound].format(count=write_number(number, language)),
        number=number,
        precision=bound.value,
        unit=official[one.unit],
        publisher=source.publisher,
        title=source.title,
        published=write_vague(source.published, language, ""),
        url=source.url,
        note=" ".join(_compare(each, language, texts) for each in compare(one) if each.differs),
    )


def _compare(compared: Comparison, language: str, texts: Mapping[str, Any]) -> str:
    """Say where a source's rate or per cent is not what its own counts make."""
    quoted, computed = compared.quoted, compared.computed
    if computed is None:
        return ""
    is_share = quoted.kind is QuotedAs.SHARE
    made = computed.as_per_cent() if is_share else computed.rounded(places_of(computed))
    said = [
        texts["bound"][quoted.amount.bound].format(count=write_decimal(quoted.amount.value, language)),
        texts["bound"][computed.bound].format(
            count=write_decimal(made, language, -int(made.as_tuple().exponent) or None)
        ),
    ]
    kind = "quoted" if is_share else f"quoted_{quoted.kind}"
    return str(texts["official"][kind].format(quoted=said[0], computed=said[1]))
