"""Which files there are of a release: the one list of formats. A further one is one line here."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from casework.reports.publication.archive import write_archive
from casework.reports.publication.charts.files import write_png, write_svg
from casework.reports.publication.charts.frames import FRAMES, PRINTED
from casework.reports.publication.codebook import write_codebook
from casework.reports.publication.data_csv import write_official, write_table
from casework.reports.publication.datapackage import write_datapackage
from casework.reports.publication.documents.document import write_pdf
from casework.reports.publication.documents.page import write_page
from casework.reports.publication.edition import Edition
from casework.reports.publication.release_json import write_json
from casework.reports.publication.workbook import write_workbook

CSV = "text/csv; charset=utf-8"
HTML = "text/html; charset=utf-8"
JSON = "application/json"
PDF = "application/pdf"
PNG = "image/png"
SVG = "image/svg+xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
EVERYTHING = "zip"


def _always(_edition: Edition) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class EditionFormat:
    """A file of each edition, "release-7-fr" and `suffix`; `fits` tells whether an edition has one."""

    kind: str
    suffix: str
    media_type: str
    draw: Callable[[Edition], bytes]
    fits: Callable[[Edition], bool] = _always


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A file of each table of an edition, "release-7-fr-contact_group" and `suffix`; by its place, from 0."""

    kind: str
    suffix: str
    media_type: str
    draw: Callable[[Edition, int], bytes]


@dataclass(frozen=True, slots=True)
class ReleaseFormat:
    """A file of a release for all languages together; `name` may hold its {number}."""

    kind: str
    name: str
    media_type: str
    draw: Callable[[Sequence[Edition]], bytes]


EDITION_FORMATS = (
    EditionFormat("pdf", ".pdf", PDF, write_pdf),
    EditionFormat("html", ".html", HTML, write_page),
    EditionFormat("xlsx", ".xlsx", XLSX, write_workbook),
    EditionFormat("official", "-official_counts.csv", CSV, write_official, lambda one: bool(one.official)),
)
TABLE_FORMATS = (
    TableFormat("csv", ".csv", CSV, write_table),
    *(TableFormat(f"png-{size}", f"-{size}.png", PNG, partial(write_png, size=size)) for size in FRAMES),
    *(
        TableFormat(f"svg-{one.name}", f"-{one.name}.svg", SVG, partial(write_svg, size=one.name))
        for one in PRINTED
    ),
)
RELEASE_FORMATS = (
    ReleaseFormat("json", "release-{number}.json", JSON, lambda editions: write_json(editions[0])),
    ReleaseFormat(
        "codebook", "release-{number}-codebook.csv", CSV, lambda editions: write_codebook(editions[0])
    ),
    ReleaseFormat("datapackage", "datapackage.json", JSON, write_datapackage),
)


@dataclass(frozen=True, slots=True)
class File:
    """A file that can be drawn. `language` is empty where it is of all, `table` None where of no one."""

    name: str
    kind: str
    media_type: str
    language: str
    table: int | None
    draw: Callable[[], bytes]

    @property
    def is_chart(self) -> bool:
        """Whether it is a picture of a table."""
        return self.media_type.startswith("image/")


def list_files(editions: Sequence[Edition]) -> tuple[File, ...]:
    """List the files of a release, given all its editions; the last one holds all others. Draws none."""
    first = editions[0]
    files = (*_of_editions(editions), *_of_release(editions))

    def archive() -> bytes:
        return write_archive({file.name: file.draw() for file in files}, first.made_on)

    return (*files, File(f"release-{first.number}.zip", EVERYTHING, ZIP, "", None, archive))


def _of_editions(editions: Sequence[Edition]) -> Iterator[File]:
    for edition in editions:
        for one in EDITION_FORMATS:
            if one.fits(edition):
                draw = partial(one.draw, edition)
                name = edition.stem + one.suffix
                yield File(name, one.kind, one.media_type, edition.language, None, draw)
        for of_table in TABLE_FORMATS:
            for at in range(len(edition.data)):
                name, drawn = edition.table_stem(at) + of_table.suffix, partial(of_table.draw, edition, at)
                yield File(name, of_table.kind, of_table.media_type, edition.language, at, drawn)


def _of_release(editions: Sequence[Edition]) -> Iterator[File]:
    number = editions[0].number
    for one in RELEASE_FORMATS:
        draw = partial(one.draw, editions)
        yield File(one.name.format(number=number), one.kind, one.media_type, "", None, draw)
