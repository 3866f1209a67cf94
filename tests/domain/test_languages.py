"""The list of languages, and how each sets days and times."""

import pytest
from babel import Locale
from mnemonic import Mnemonic

from casework.domain.languages import ENGLISH, LANGUAGES, in_each, set_wide
from casework.domain.pattern import PatternDefinition


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_is_known_to_the_cldr_and_has_words(code: str) -> None:
    """Its locale is one of that language, and its passphrases have a list."""
    language = LANGUAGES[code]
    assert Locale.parse(language.locale).language == code
    assert language.name.casefold() == str(Locale(code).get_language_name(code)).casefold()
    assert language.bip39 in Mnemonic.list_languages()


def test_days_and_times_are_set() -> None:
    """What the CLDR writes is set as each language is printed."""
    assert LANGUAGES["fr"].set_day("1 mars 2026") == "1er mars 2026"
    assert LANGUAGES["fr"].set_day("11 mars 2026") == "11 mars 2026"
    assert LANGUAGES["fr"].set_time("07\u202fh\u202f05") == "7\u00a0h\u00a005"
    assert LANGUAGES["es"].set_day("1 de marzo de 2026") == "1\u00a0de\u00a0marzo de\u00a02026"
    assert LANGUAGES["en"].set_day("March 1, 2026") == "March 1, 2026"
    assert set_wide("5\u202f226") == "5\u00a0226"


def test_what_a_language_lacks_is_in_english() -> None:
    """A label without translation, and the name of a pattern in a language that it has no field for."""
    assert in_each({ENGLISH: "Woman", "fr": "Femme"})["es"] == "Woman"
    assert PatternDefinition(name_en="Ferry", name_fr="Traversier").name("pt") == "Ferry"
