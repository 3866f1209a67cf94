"""Numbers in words: English, French, Spanish, flat as `flatten` gives a text."""

from collections.abc import Iterator, Mapping, Sequence

from .flat import flatten
from .words import read_words

_ROUND = 10
_LAST_DAY = 31


def _flat(language: str, key: str) -> Sequence[str]:
    return [flatten(word) for word in read_words("numerals")[language][key]]


_ENGLISH, _FRENCH, _SPANISH = (_flat(language, "small") for language in ("en", "fr", "es"))
_ENGLISH_TENS, _FRENCH_TENS, _SPANISH_TENS = (_flat(language, "tens") for language in ("en", "fr", "es"))


def spell(number: int) -> Iterator[str]:
    """Give the words of a number from 0 to 99 in each language, as they are hyphenated."""
    yield _spell_english(number)
    yield _spell_french(number)
    yield _spell_spanish(number)


def spell_days() -> dict[str, int]:
    """Give the words of the days of a month, in each language, with the days."""
    found = {words: day for day in range(1, _LAST_DAY + 1) for words in spell(day)}
    for language in ("en", "fr", "es"):
        rounds: Mapping[str, str] = read_words("numerals")[language]["round_ordinals"]
        ordinals = dict(enumerate(_flat(language, "ordinals"), 1))
        found |= {words: day for day, words in ordinals.items()}
        found |= {flatten(words): int(day) for day, words in rounds.items()}
    ordinals = dict(enumerate(_flat("en", "ordinals"), 1))
    return found | {f"{_ENGLISH_TENS[0]}-{ordinals[unit]}": 20 + unit for unit in range(1, _ROUND)}


def list_tens(language: str) -> Sequence[str]:
    """List the tens of a language in words, from the first that has a word of its own, twenty or thirty."""
    return {"en": _ENGLISH_TENS, "fr": _FRENCH_TENS, "es": _SPANISH_TENS}[language]


def _spell_english(number: int) -> str:
    if number < len(_ENGLISH):
        return _ENGLISH[number]
    tens, unit = divmod(number, _ROUND)
    return _ENGLISH_TENS[tens - 2] + (f"-{_ENGLISH[unit]}" if unit else "")


def _spell_french(number: int) -> str:
    if number < len(_FRENCH):
        return _FRENCH[number]
    tens, unit = divmod(number, _ROUND)
    word = _FRENCH_TENS[tens - 2]
    if tens in (7, 9):
        unit += _ROUND
    if number == 80:
        return f"{word}s"
    if not unit:
        return word
    return f"{word}-et-{_FRENCH[unit]}" if unit in (1, 11) and tens < 8 else f"{word}-{_FRENCH[unit]}"


def _spell_spanish(number: int) -> str:
    if number < len(_SPANISH):
        return _SPANISH[number]
    tens, unit = divmod(number, _ROUND)
    return _SPANISH_TENS[tens - 3] + (f" y {_SPANISH[unit]}" if unit else "")


def pattern_of(words: str) -> str:
    """Give a pattern of a number's words: with hyphens or blanks between them."""
    return words.replace("-", "[- ]").replace(" y ", " {1,2}y {1,2}")
