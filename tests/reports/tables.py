"""Protected tables to be drawn, and the words for them."""

from datetime import date

import numpy as np

from casework.disclosure import Dimension, ProtectedTable, count_table, protect, tabulate
from casework.domain.period import Period
from casework.domain.vocabulary import code_list
from casework.reports.labels import Labels
from casework.reports.spreadsheets import Imprint

PERIOD = Period((2024, 2), (2025, 4))
EVIL = '=HYPERLINK("http://x"),+1'


def labels(language: str = "en", patterns: dict[str, str] | None = None) -> Labels:
    """Return names in a language."""
    return Labels(language, PERIOD, patterns or {})


def imprint(
    asked: tuple[str, ...] = ("gender", "year"), organization_name: str = 'Traverse, "Nord"'
) -> Imprint:
    """Return what the note says of a table."""
    return Imprint(7, date(2026, 3, 1), organization_name, asked, PERIOD)


def gender_by_year() -> ProtectedTable:
    """Return a table with hidden cells, zeros and an empty answer."""
    genders = code_list("gender").codes
    counts = np.zeros((len(genders), 3), dtype=np.int64)
    for at, line in enumerate([(3, 20, 0), (9, 8, 0), (7, 6, 0), (30, 40, 0)]):
        counts[at] = line
    return protect(
        count_table(
            [Dimension("gender", genders), Dimension("year", ("2024", "2025", "unknown"))],
            counts,
            unit="people",
        )
    )


def pattern_tags() -> ProtectedTable:
    """Return a table of tags: a pattern on 12 of 20 incidents."""
    members = np.array([[at < 12, at >= 12] for at in range(20)])
    dimension = Dimension("patterns", ("ab", "none"), multi_valued=True, exclusive=frozenset({"none"}))
    return protect(tabulate([dimension], [members], np.arange(20), unit="incidents"))
