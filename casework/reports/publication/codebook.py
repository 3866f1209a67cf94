"""The codebook of a release: what its columns and codes mean, in every language, as CSV."""

from collections.abc import Iterator
from dataclasses import dataclass

from casework.domain.languages import LANGUAGES
from casework.domain.vocabulary import ANOTHER, NOT_ASKED, OTHER, UNKNOWN
from casework.reports.labels import Labels
from casework.reports.layout import TOTAL
from casework.reports.publication import words
from casework.reports.publication.data_csv import write_lines
from casework.reports.publication.edition import Edition

STATUSES = ("shown", "hidden", "impossible")
_TIMES = ("year", "quarter")
_DEFINED = (TOTAL, UNKNOWN, NOT_ASKED, OTHER, ANOTHER)


@dataclass(frozen=True, slots=True)
class Entry:
    """A column (`code` is empty) or one of its codes, with label and definition by language."""

    column: str
    code: str
    labels: dict[str, str]
    definitions: dict[str, str]


def write_codebook(edition: Edition) -> bytes:
    """Return the file; it is alike for every edition of a release."""
    heads = [
        "column",
        "code",
        *(f"label_{code}" for code in LANGUAGES),
        *(f"definition_{code}" for code in LANGUAGES),
    ]
    lines = [
        [
            entry.column,
            entry.code,
            *(entry.labels[code] for code in LANGUAGES),
            *(entry.definitions[code] for code in LANGUAGES),
        ]
        for entry in list_entries(edition)
    ]
    return write_lines(heads, lines)


def list_entries(edition: Edition) -> Iterator[Entry]:
    """List the columns of the tables, each followed by its codes, in the order in which they come."""
    found: dict[str, dict[str, None]] = {}
    for table in edition.data:
        for line in table.lines:
            for name, code in zip(table.dimensions, line.codes, strict=True):
                found.setdefault(name, {})[code] = None
    labels = {code: Labels(code, edition.period, {}) for code in LANGUAGES}
    for name, codes in found.items():
        yield _entry(name, "", {code: one.dimension(name) for code, one in labels.items()}, f"column_{name}")
        for code in codes:
            named = {language: one.code(name, code) for language, one in labels.items()}
            yield _entry(name, code, named, _define(name, code))
    for name in ("count", "status"):
        yield _entry(name, "", _say(name), f"column_{name}")
    for status in STATUSES:
        yield _entry("status", status, _say(status), _hidden(edition) if status == "hidden" else status)


def _entry(column: str, code: str, labels: dict[str, str], definition: str) -> Entry:
    return Entry(column, code, labels, _say(definition, "definition"))


def _define(name: str, code: str) -> str:
    """Name the definition of an answer; most say what they are themselves."""
    if code == UNKNOWN and name in _TIMES:
        return "undated"
    return code if code in _DEFINED else ""


def _hidden(edition: Edition) -> str:
    return "hidden" if edition.zeros_published else "hidden_zero"


def _say(text: str, kind: str = "label") -> dict[str, str]:
    return {code: words.read_texts(code)["codebook"][kind].get(text, "") for code in LANGUAGES}
