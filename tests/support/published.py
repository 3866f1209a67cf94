"""Approved releases without a database: any counts, protected in earnest."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from casework.disclosure.ledger.protecting import protect_release
from casework.disclosure.ledger.records import Records
from casework.disclosure.ledger.release import ProtectedRelease
from casework.disclosure.ledger.rules import Rules
from casework.domain.coded import FIELDS
from casework.domain.languages import WRITTEN_IN
from casework.domain.period import Period
from casework.domain.release import Frozen, Release
from casework.domain.releasedraft import Names, ReleaseDraft, ReleaseTexts
from casework.reports.publication.edition import Edition
from casework.services.releases import timescale
from casework.services.releases.composing import lay_out
from casework.services.releases.publishing import edit
from casework.services.releases.reading import Published, Successor, checksum_of, public_content
from casework.services.statistics.dimensions import Unit
from casework.vault import documents

PERIOD = Period((2024, 1), (2025, 4))
TABLES: tuple[Names, ...] = (("police_service",), ("police_service", "year"))
ORGANIZATION = "Traverse & Collectif"
TEXTS = {
    "en": ReleaseTexts("Who calls", "Police called.\nWe counted.", "Stop it.", "https://example.org/act"),
    "fr": ReleaseTexts("Qui appelle", "La police a appelé.\nNous avons compté.", "Cela doit cesser."),
    "es": ReleaseTexts("Quién llama", "La policía llamó.", "Que pare."),
}
COUNTS = {
    ("spvm", "2024-Q2"): 9_241,
    ("spvm", "2025-Q1"): 8_123,
    ("sq", "2024-Q2"): 6_211,
    ("sq", "2025-Q1"): 7_877,
    ("spal", "2024-Q2"): 4_273,
    ("spal", "2025-Q1"): 4_391,
    ("tps", "2024-Q3"): 3_947,
    ("tps", "2025-Q1"): 9_539,
    ("spvq", "2024-Q2"): 9_697,
    ("spvq", "2025-Q3"): 7_649,
    ("opp", "2025-Q3"): 8_747,
    ("opp", "2024-Q3"): 8_581,
}
"""Incidents by police service and quarter. At 5,000 cases three are too few, no number is like another."""

Counts = Mapping[tuple[str, str], int]


def publish(counts: Counts = COUNTS, k: int = 5_000, tables: Sequence[Names] = TABLES) -> Published:
    """Return a release of these counts, each incident a case of its own."""
    frozen_counts = tuple(sorted(counts.items()))
    return _assemble(protect(frozen_counts, k, tuple(tables)), k, tuple(tables))


def make_editions(published: Published) -> tuple[Edition, ...]:
    """Return its edition in each language."""
    return tuple(edit(published, language) for language in WRITTEN_IN)


def withdraw(published: Published) -> Published:
    """Return it as it is once it was withdrawn, and another came in its place."""
    return replace(
        published,
        is_withdrawn=True,
        reasons={"en": "=A city, was wrong."},
        withdrawn_on=date(2026, 3, 1),
        successors=(Successor(8),),
    )


@cache
def protect(
    counts: tuple[tuple[tuple[str, str], int], ...], k: int, tables: tuple[Names, ...]
) -> ProtectedRelease:
    """Protect what is counted; once for all tests of a process."""
    services, times = FIELDS["police_service"].codes.codes, timescale.list_codes(PERIOD)
    columns: dict[str, list[int]] = {"date": [], "police_service": []}
    for (service, when), count in counts:
        columns["date"] += [times.index(when)] * count
        columns["police_service"] += [services.index(service)] * count
    arrays = {name: np.array(column, dtype=np.int64) for name, column in columns.items()}
    records = Records(
        "incidents",
        {"date": times, "police_service": services},
        arrays,
        np.arange(len(arrays["date"])),
    )
    layouts = [lay_out(names, PERIOD) for names in tables]
    return protect_release(records, layouts, [], Rules(k), time_limit_seconds=120.0).release


def _assemble(protected: ProtectedRelease, k: int, tables: tuple[Names, ...]) -> Published:
    draft = ReleaseDraft(unit="incidents", period=PERIOD, tables=tables, texts=TEXTS, k=k)
    frozen = Frozen(7, "2026-02-01", "2026-02-01T10:00:00+00:00", ORGANIZATION, protected.document())
    release = Release(draft=draft, writers=(), frozen=frozen)
    return Published(
        number=7,
        made_on=date(2026, 2, 1),
        organization=ORGANIZATION,
        texts=draft.texts,
        unit=Unit.INCIDENTS,
        period=PERIOD,
        tables=tables,
        protected=protected,
        content=documents.encode(public_content(release)),
        checksum=checksum_of(release),
        is_withdrawn=False,
        reasons={},
        withdrawn_on=None,
    )
