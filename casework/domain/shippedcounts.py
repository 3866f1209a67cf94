"""The published figures that ship: facts, each with its source, in `data/official_counts.toml`."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from .bounds import Amount, Bound, add
from .dates import VagueDate
from .messages import N_
from .official import OfficialCount, Quoted, QuotedAs, Source
from .period import Period
from .vocabulary import code_list, read_data

_LIKE = ("source", "service", "first", "last")
_NOTES = {
    "among_others": N_(
        "Not additive: the source does not say whether these calls are also counted under “Other police"
        " services”, and adding them could count them twice."
    ),
    "on_report": N_("The newspaper reports on “Often Asking, Always Telling”."),
}
"""What is noted of figures that ship: in English, to be said in the reader's language."""


@cache
def list_shipped() -> tuple[OfficialCount, ...]:
    """List all, in the order of the file."""
    data = read_data("official_counts")
    sources = {key: _read_source(entry) for key, entry in data["sources"].items()}
    return tuple(_read_figure(entry, sources, data["figures"]) for entry in data["figures"])


def find_shipped(period: Period) -> Iterator[OfficialCount]:
    """Find those of which some day lies in a period; each says of what days it is."""
    for count in list_shipped():
        if count.first <= period.last_day and period.first_day <= count.last:
            yield count


def _read_source(entry: Mapping[str, str]) -> Source:
    return Source(
        publisher=entry["publisher"],
        title=entry["title"],
        published=VagueDate.parse(entry["published"]),
        url=entry.get("url", ""),
    )


def _read_figure(
    entry: Mapping[str, Any], sources: Mapping[str, Source], entries: list[Mapping[str, Any]]
) -> OfficialCount:
    unit = code_list("official_measure").term(entry["measure"]).attributes["unit"]
    return OfficialCount(
        service=entry["service"],
        first=_read_days(entry["first"])[0],
        last=_read_days(entry["last"])[1],
        measure=entry["measure"],
        unit=entry.get("unit", unit),
        amount=_read_amount(entry),
        source=sources[entry["source"]],
        additive=entry.get("additive", False),
        note=_NOTES[entry["note"]] if "note" in entry else "",
        quotes=tuple(_read_quoted(quoted, entry, entries) for quoted in entry.get("quoted", ())),
    )


def _read_days(text: str) -> tuple[date, date]:
    days = VagueDate.parse(text).span()
    assert days is not None  # noqa: S101 - no shipped date is unknown
    return days


def _read_amount(entry: Mapping[str, Any]) -> Amount:
    return Amount(Decimal(str(entry["value"])), Bound(entry.get("bound", Bound.EXACT)))


def _read_quoted(
    quoted: Mapping[str, Any], entry: Mapping[str, Any], entries: list[Mapping[str, Any]]
) -> Quoted:
    """Read what a source quotes; `among` are the measures of that source that a share is of."""
    whole = add(
        _read_amount(other)
        for other in entries
        if other["measure"] in quoted.get("among", ()) and all(other[key] == entry[key] for key in _LIKE)
    )
    of = Amount(Decimal(int(whole.value)), whole.bound) if whole and whole.value else None
    return Quoted(QuotedAs(quoted["kind"]), _read_amount(quoted), of)
