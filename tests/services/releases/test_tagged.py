"""A table of several answers at once, as it is published: its lines, its words, its picture and its data."""

from dataclasses import replace
from functools import cache

import pytest

from casework.disclosure.ledger.parts import protect_in_parts
from casework.domain.languages import LANGUAGES
from casework.domain.period import Period
from casework.reports.publication.charts.figures import read_figure
from casework.reports.publication.codebook import list_entries
from casework.reports.publication.edition import Edition
from casework.services.releases.composing import compose
from casework.services.releases.publishing import edit
from casework.services.releases.reading import Published
from tests.services.releases.tagged import ASKED, make_tagged
from tests.services.releases.written import draft
from tests.support.published import publish

ANOTHER = {"en": "Another answer", "fr": "Autre réponse", "es": "Otra respuesta"}
TABLES = (("province",), ("referral_types",))


@cache
def published() -> Published:
    """Return a release of sixty cases, three of which have none of the answers that have a line."""
    composed = compose(make_tagged(), draft(TABLES))
    rules = replace(composed.rules, most_hidden_percent=100)
    made = protect_in_parts(composed.records, composed.layouts, [], rules, time_limit_seconds=60)
    return replace(publish(), tables=TABLES, period=Period((2025, 1), (2025, 4)), protected=made.release)


@pytest.fixture(params=list(LANGUAGES))
def edition(request: pytest.FixtureRequest) -> Edition:
    """Return it in one of the languages."""
    return edit(published(), request.param)


def test_a_line_is_an_answer_and_never_its_absence(edition: Edition) -> None:
    """Neither for the eye nor for machines; all are there, and those of another answer."""
    labels = [row.label for row in edition.tables[1].rows]
    assert ANOTHER[edition.language] in labels
    assert len(edition.data[1].lines) == 12
    for line in edition.data[1].lines:
        assert not any("without" in part for part in (*line.codes, *line.labels))
    assert edition.data[1].lines[-1].count == 60


def test_it_is_said_that_the_lines_add_up_to_more(edition: Edition) -> None:
    """Once, with the question; of a table of one answer nothing is said."""
    notes = "\n".join(text for _heading, text in edition.notes)
    assert edition.tables[1].corner in notes
    assert ANOTHER[edition.language] in notes
    alone = edit(replace(publish(), tables=publish().tables), edition.language)
    assert ANOTHER[edition.language] not in "\n".join(text for _heading, text in alone.notes)


def test_a_sentence_says_an_answer_of_all_that_is_counted(edition: Edition) -> None:
    """The most frequent; not another answer, nor what was not asked."""
    label = next(row.label for row in edition.tables[1].rows if row.code in ASKED)
    said = "\n".join(edition.sentences)
    assert label in said
    assert ANOTHER[edition.language] not in said


def test_a_chart_has_a_bar_for_each_answer_on_one_scale(edition: Edition) -> None:
    """They are no parts of a whole; the other answers come last of those that are one."""
    figure = read_figure(edition.tables[1])
    (panel,) = figure.panels
    assert {bar.code for bar in panel.bars} == {row.code for row in edition.tables[1].rows} - {"total"}
    answers = [bar.code for bar in panel.bars if not bar.kind]
    assert answers[-1] == "another"


def test_the_codebook_explains_every_code(edition: Edition) -> None:
    """The question, and what stands for the others."""
    entries = {(entry.column, entry.code): entry for entry in list_entries(edition)}
    assert entries["referral_types", ""].definitions[edition.language]
    assert entries["referral_types", "another"].definitions[edition.language]
    assert entries["referral_types", "another"].labels == ANOTHER
