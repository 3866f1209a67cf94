"""Numbers in words: English, French, Spanish, flat as `flatten` gives a text."""

from collections.abc import Iterator

_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_FRENCH = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept"
    " dix-huit dix-neuf"
).split()
_FRENCH_TENS = "vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt".split()
_SPANISH = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
    " diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco"
    " veintiseis veintisiete veintiocho veintinueve"
).split()
_SPANISH_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_ORDINALS = {
    **dict(enumerate("first second third fourth fifth sixth seventh eighth ninth tenth eleventh".split(), 1)),
    **{12: "twelfth", 20: "twentieth", 30: "thirtieth", 31: "thirty-first"},
    **{at: f"{_ENGLISH[at]}th" for at in (13, 14, 15, 16, 17, 18, 19)},
}
_ROUND = 10
_LAST_DAY = 31


def spell(number: int) -> Iterator[str]:
    """Give the words of a number from 0 to 99 in each language, as they are hyphenated."""
    yield _spell_english(number)
    yield _spell_french(number)
    yield _spell_spanish(number)


def spell_days() -> dict[str, int]:
    """Give the words of the days of a month, in each language, with the days."""
    found = {words: day for day in range(1, _LAST_DAY + 1) for words in spell(day)}
    found |= {words: day for day, words in _ORDINALS.items()}
    for unit in range(1, _ROUND):
        found[f"twenty-{_ORDINALS[unit]}"] = 20 + unit
    return found | {"premier": 1, "primero": 1}


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
        return "quatre-vingts"
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
