"""Sentences to quote: of published cells alone, with per cents that pin nothing."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.languages import LANGUAGES
from casework.reports.layout import Shown
from casework.reports.publication import words
from casework.reports.publication.grids import Grid
from casework.reports.publication.sentences import LEAST_DENOMINATOR, Phrasing, find_percent, write_sentences
from casework.services.releases.composing import REFUSED
from casework.services.statistics.dimensions import CATALOGUE
from tests.support.published import PERIOD

PHRASING = Phrasing("Traverse", "incidents", PERIOD, "en")


def grid(*cells: int | None) -> Grid:
    """A table of one dimension: a number or None, hidden, for each service, then the total."""
    rows = ("spvm", "sq", "tps", "other", "unknown", "total")
    shown = tuple((Shown("shown" if cell is not None else "hidden", cell),) for cell in cells)
    return Grid(("police_service",), rows, ("total",), shown)


def test_the_largest_come_first_and_what_is_hidden_or_no_answer_is_passed_over() -> None:
    said = write_sentences([grid(9, None, 31, 40, 50, 139)], PHRASING)
    assert said == (
        "Traverse counted 139 incidents (2024 to 2025) in which everybody agreed to be counted.",
        "In 31 of the 139 incidents counted (22%), the police service was “Toronto Police Service”.",
        "In 9 of the 139 incidents counted (6%), the police service was “SPVM Montréal”.",
    )


def test_nothing_is_said_of_a_hidden_or_empty_whole() -> None:
    assert write_sentences([grid(9, 9, 9, 9, 9, None)], PHRASING) == ()
    assert write_sentences([grid(0, 0, 0, 0, 0, 0)], PHRASING) == ()


def test_a_small_whole_gets_no_per_cent() -> None:
    said = write_sentences([grid(9, 8, 7, 0, 5, LEAST_DENOMINATOR - 1)], PHRASING)
    assert said[1] == "In 9 of the 29 incidents counted, the police service was “SPVM Montréal”."


@pytest.mark.parametrize(
    ("count", "whole", "percent"),
    [
        (1, 200, 1),
        (1, 201, None),
        (15, 30, 50),
        (15, 29, None),
        (30, 30, None),
        (199, 200, None),
        (5, 40, 13),
    ],
)
def test_per_cents_are_whole_halves_up(count: int, whole: int, percent: int | None) -> None:
    assert find_percent(count, whole) == percent


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=5, max_size=5), st.integers(30, 10**7))
def test_every_number_that_is_said_is_a_published_one_or_a_per_cent_of_two(
    cells: list[int | None], whole: int
) -> None:
    """Whatever is hidden, no sentence has another number."""
    known = {cell for cell in cells if cell is not None} | {whole}
    percents = {find_percent(count, of) for count, of in product(known, repeat=2)}
    for sentence in write_sentences([grid(*cells, whole)], PHRASING):
        numbers = {
            int(word.strip("(%),.").replace(",", ""))
            for word in sentence.split()
            if word[:1].isdigit() or word[:1] == "("
        }
        assert numbers <= known | percents | {2024, 2025}


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_dimension_that_can_be_released_has_its_words(language: str) -> None:
    """A clause for its sentences, and a definition for the codebook."""
    texts = words.read_texts(language)
    for name in (spec.name for spec in CATALOGUE if spec.name not in REFUSED):
        assert "{label}" in texts["clause"][name]
        assert texts["codebook"]["definition"][f"column_{name}"]


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_of_people_it_is_said_that_they_are_people(language: str) -> None:
    grid_of_people = Grid(
        ("gender",), ("woman", "total"), ("total",), ((Shown("shown", 40),), (Shown("shown", 90),))
    )
    said = write_sentences([grid_of_people], Phrasing("Traverse", "people", PERIOD, language))
    assert any(word in said[1] for word in ("people", "personnes", "personas"))
    assert "44" in said[1]
