"""Names of dimensions and codes, and the other words of reports, in each language."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest

from casework.domain.languages import ENGLISH, LANGUAGES
from casework.domain.period import Period
from casework.reports import texts as texts_module
from casework.reports.labels import Labels
from casework.reports.texts import read_texts
from casework.services.statistics.dimensions import CATALOGUE
from casework.services.statistics.reading import Setting, codes_of

PERIOD = Period((2024, 2), (2025, 4))
PACKAGES = ("casework.reports", "casework.reports.casefile", "casework.reports.sheets")


def labels(language: str = "en", patterns: Mapping[str, str] | None = None) -> Labels:
    """Return the names over a period that begins within a year."""
    return Labels(language, PERIOD, patterns or {})


def flat(texts: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Give the texts of every table under one name each."""
    found: dict[str, str] = {}
    for name, text in texts.items():
        found |= flat(text, f"{before}{name}.") if isinstance(text, dict) else {before + name: text}
    return found


def fields(text: str) -> set[str]:
    """Return the places that a text has to fill in."""
    return {field for _before, field, _form, _how in Formatter().parse(text) if field}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_every_dimension_and_code_has_a_name(language: str, spec: object) -> None:
    """In each language, the margins too."""
    assert isinstance(spec, type(CATALOGUE[0]))
    words = labels(language, {"ab": "A pattern"})
    assert words.dimension(spec.name)
    for code in (*codes_of(spec, Setting(PERIOD, ("ab",))), "total", "another"):
        assert words.code(spec.name, code)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", PACKAGES)
def test_languages_have_the_same_texts(package: str, language: str) -> None:
    """Whatever is written in English is written in each, with the same places to fill in."""
    texts = tomllib.loads((files(package) / "texts.toml").read_text(encoding="utf-8"))
    english, own = flat(texts[ENGLISH]), flat(texts[language])
    assert own.keys() == english.keys()
    assert {name: fields(text) for name, text in own.items()} == {
        name: fields(text) for name, text in english.items()
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_language_lacks_is_in_english(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that is new has a line in the list before it has every word."""
    monkeypatch.setattr(texts_module, "LANGUAGES", {**LANGUAGES, "pt": LANGUAGES[ENGLISH]})
    assert read_texts.__wrapped__(package, "pt") == read_texts(package, ENGLISH)
    with pytest.raises(KeyError):
        read_texts(package, "tlh")


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("en", "2024", "2024: Apr–Dec"),
        ("en", "2025", "2025"),
        ("fr", "2024", "2024\u00a0: avr.–déc."),
        ("es", "2024", "2024: abr–dic"),
        ("en", "unknown", "Date not that precise"),
    ],
)
def test_a_year_that_the_period_cuts_says_so(language: str, code: str, name: str) -> None:
    """Nobody takes nine months for a year."""
    assert labels(language).code("year", code) == name


def test_a_quarter_is_named_by_its_months() -> None:
    """No reader has to know when a third quarter is."""
    assert labels().code("quarter", "2024-Q3") == "Jul–Sep 2024"
    assert labels("fr").code("quarter", "2024-Q3") == "juill.–sept. 2024"
    assert labels("es").code("quarter", "2024-Q3") == "jul–sept 2024"


def test_names_inside_a_sentence_begin_small_unless_they_are_initials() -> None:
    """CBSA stays as it is."""
    assert labels().inner("contact_group") == "contact group"
    assert labels().inner("cbsa_actions") == "CBSA action"
