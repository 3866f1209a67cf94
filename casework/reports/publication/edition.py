"""An approved release in one language: everything that a renderer may know, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.domain.period import Period
from casework.reports.layout import Layout


@dataclass(frozen=True, slots=True)
class DataLine:
    """One cell: its codes, what these are called, and `status` "shown", "hidden" or "impossible".

    `count` is None where it is hidden.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    count: int | None
    status: str


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table for machines: every cell, zeros too. `name` is made of `dimensions`: "contact_group_year"."""

    name: str
    dimensions: tuple[str, ...]
    lines: tuple[DataLine, ...]


@dataclass(frozen=True, slots=True)
class OfficialCount:
    """What somebody else counted, in words: to stand beside ours, never to be added or averaged.

    `count` is the number as a reader gets it, "at least 3,500"; `number` is the bare one, and `precision` is
    a code of the list `official_bound`. `title`, `published` and `url` are empty where none is known, `note`
    where nothing is to be said.
    """

    what: str
    service: str
    period: str
    count: str
    number: int
    precision: str
    unit: str
    publisher: str
    title: str
    published: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a release since: `notice` says it in words, and is empty while it stands.

    `reasons` are by language, "" where it is not known. The release in its place, number `replaced_by`, may
    be withdrawn as well: `is_left_alone`, since the day `alone_since` where that is known.
    """

    is_withdrawn: bool
    reasons: Mapping[str, str]
    withdrawn_on: date | None
    replaced_by: int
    is_left_alone: bool = False
    alone_since: date | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One approved release in one language. All texts are plain; paragraphs are parted by line feeds.

    `languages` are those that the release was written in; where `title` or `summary` is not, they are in the
    first of these. `unit` is "incidents" or "people", `threshold` counts cases; a hidden number is never zero
    where `zeros_published`. `tables` are for the eye, the
    headline first, `data` the same tables for machines, in the same order. `notes` are (heading, text).
    `content` is what `checksum` covers, to the byte.
    """

    language: str
    languages: tuple[str, ...]
    number: int
    made_on: date
    organization: str
    checksum: str
    content: bytes
    title: str
    summary: str
    demands: str
    link: str
    question: str
    unit: str
    period: Period
    threshold: int
    zeros_published: bool
    tables: tuple[Layout, ...]
    data: tuple[DataTable, ...]
    sentences: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    official: tuple[OfficialCount, ...]
    standing: Standing

    @property
    def stem(self) -> str:
        """What the names of its files begin with: "release-7-fr"."""
        return f"release-{self.number}-{self.language}"

    def table_stem(self, at: int) -> str:
        """What the names of the files of a table begin with: "release-7-fr-contact_group_year"."""
        return f"{self.stem}-{self.data[at].name}"
