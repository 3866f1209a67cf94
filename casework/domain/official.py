"""Counts that others published of contacts between police and the CBSA, each with its source: shipped facts.

Two sources of one thing stand side by side. Nothing here adds or averages them, and our counts are no share
of theirs: they count calls and checks, we count incidents that somebody told us of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from .dates import VagueDate
from .period import Period
from .vocabulary import read_data


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was published; `title` is empty where none is known, `published` a vague date."""

    publisher: str
    title: str
    published: VagueDate
    url: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One published count.

    `service` is a code of the list `police_service`, or a name of several of them together. `first` and
    `last` are a day or a month each. `unit` is "call", "check" or "request", `precision` "exact", "at_least"
    or "almost". `quoted` is a per cent that the source itself gives for it, `among` the sum of the figures of
    that source that it should be a part of, 0 where it gives none.
    """

    source: Source
    service: str
    first: VagueDate
    last: VagueDate
    measure: str
    count: int
    unit: str
    precision: str
    quoted: Decimal | None
    among: int

    @property
    def days(self) -> tuple[date, date]:
        """Give its first and its last day."""
        first, last = self.first.span(), self.last.span()
        assert first is not None and last is not None  # noqa: S101 - no shipped date is unknown
        return first[0], last[1]

    @property
    def computed(self) -> Decimal | None:
        """Give the per cent that the source's own counts make of it, to one decimal; None without any."""
        if not self.among:
            return None
        return (100 * Decimal(self.count) / Decimal(self.among)).quantize(Decimal("0.1"))


@cache
def list_official() -> tuple[Figure, ...]:
    """List all figures, in the order of the file."""
    data = read_data("official_counts")
    sources = {key: _read_source(entry) for key, entry in data["sources"].items()}
    return tuple(_read_figure(entry, sources, data["figures"]) for entry in data["figures"])


def find_official(period: Period) -> Iterator[Figure]:
    """Find the figures of which some day lies in a period; each says of what days it is."""
    for figure in list_official():
        first, last = figure.days
        if first <= period.last_day and period.first_day <= last:
            yield figure


def _read_source(entry: Mapping[str, str]) -> Source:
    published = VagueDate.parse(entry["published"])
    return Source(entry["publisher"], entry["title"], published, entry.get("url", ""))


def _read_figure(
    entry: Mapping[str, Any], sources: Mapping[str, Source], entries: list[Mapping[str, Any]]
) -> Figure:
    like = ("source", "service", "first", "last")
    among = [
        other["count"]
        for other in entries
        if other["measure"] in entry.get("among", ()) and all(other[key] == entry[key] for key in like)
    ]
    return Figure(
        source=sources[entry["source"]],
        service=entry["service"],
        first=VagueDate.parse(entry["first"]),
        last=VagueDate.parse(entry["last"]),
        measure=entry["measure"],
        count=entry["count"],
        unit=entry["unit"],
        precision=entry["precision"],
        quoted=Decimal(entry["quoted"]) if "quoted" in entry else None,
        among=sum(among),
    )
