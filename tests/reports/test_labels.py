"""Names of dimensions and codes in two languages."""

import pytest

from casework.reports.labels import LANGUAGES, read_texts
from casework.services.statistics.dimensions import CATALOGUE
from casework.services.statistics.tables import Setting, codes_of
from tests.reports.tables import PERIOD, labels


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_every_dimension_and_code_has_a_name(language: str, spec: object) -> None:
    """In English and in French, the margins too."""
    assert isinstance(spec, type(CATALOGUE[0]))
    words = labels(language, {"ab": "A pattern"})
    assert words.dimension(spec.name)
    for code in (*codes_of(spec, Setting(PERIOD, ("ab",))), "total", "with", "without"):
        assert words.code(spec.name, code)


def test_languages_have_the_same_texts() -> None:
    """Whatever is written in one is written in the other, with the same places to fill in."""
    texts = [read_texts(language) for language in LANGUAGES]
    assert texts[0].keys() == texts[1].keys()
    assert texts[0]["note"].keys() == texts[1]["note"].keys()


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("en", "2024", "2024: Apr–Dec"),
        ("en", "2025", "2025"),
        ("fr", "2024", "2024\u00a0: avr.–déc."),
        ("en", "unknown", "Date not that precise"),
    ],
)
def test_a_year_that_the_period_cuts_says_so(language: str, code: str, name: str) -> None:
    """Nobody takes nine months for a year."""
    assert labels(language).code("year", code) == name


def test_a_quarter_is_named_by_its_months() -> None:
    """No reader has to know when a third quarter is."""
    assert labels().code("quarter", "2024-Q3") == "Jul–Sep 2024"
    assert labels("fr").code("quarter", "2024-Q3") == "juil.–sept. 2024"


def test_names_inside_a_sentence_begin_small_unless_they_are_initials() -> None:
    """CBSA stays as it is."""
    assert labels().inner("contact_group") == "contact group"
    assert labels().inner("cbsa_actions") == "CBSA action"
