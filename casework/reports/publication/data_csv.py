"""The tables of an edition as CSV for machines: a heading, then one line a cell, zeros too.

UTF-8 with the mark that spreadsheets look for, commas, CRLF. Per dimension its code and its label, then
`count`, empty where hidden, and `status`. What columns and codes mean stands in the codebook. Only a release
that was withdrawn or replaced has lines before the heading, which begin with # and say so.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from casework.reports.publication.edition import Edition
from casework.reports.spreadsheets import harmless, remark

OFFICIAL_COLUMNS = (
    "what",
    "service",
    "period",
    "count",
    "precision",
    "unit",
    "publisher",
    "title",
    "published",
    "url",
    "note",
)


def write_table(edition: Edition, at: int) -> bytes:
    """Return the file of one table."""
    table = edition.data[at]
    heads = [head for name in table.dimensions for head in (name, f"{name}_label")]
    lines = [
        [
            *(text for pair in zip(line.codes, line.labels, strict=True) for text in pair),
            "" if line.count is None else str(line.count),
            line.status,
        ]
        for line in table.lines
    ]
    return write_lines([*heads, "count", "status"], lines, edition.standing.notice)


def write_official(edition: Edition) -> bytes:
    """Return the file of the official counts of the same period."""
    lines = [
        [
            one.what,
            one.service,
            one.period,
            str(one.number),
            one.precision,
            one.unit,
            one.publisher,
            one.title,
            one.published,
            one.url,
            one.note,
        ]
        for one in edition.official
    ]
    return write_lines(OFFICIAL_COLUMNS, lines, edition.standing.notice)


def write_lines(heads: Sequence[str], lines: Iterable[Sequence[str]], notice: str = "") -> bytes:
    """Return a CSV file in which nothing runs as a formula; lines of `notice` stand before the heading."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerows([remark(line)] for line in notice.splitlines() if line.strip())
    writer.writerow(heads)
    writer.writerows([harmless(text) for text in line] for line in lines)
    return buffer.getvalue().encode("utf-8-sig")
